"""Raw text by domain: two genres that are told apart at sight, and none of whose facts a test set has."""

from __future__ import annotations

import math
from collections import Counter
from itertools import islice

import pytest

from isthmus.tasks.task import load_task
from isthmus.world.domains import contexts, statements
from isthmus.world.meaning import Event
from isthmus.world.set import SETS, Request
from isthmus.world.sets import text_descriptions, text_events

GENRES = {"events": text_events.told, "descriptions": text_descriptions.told}
LINES = 600


def words(text: str) -> set[str]:
    return {word.strip(".").lower() for word in text.split()}


@pytest.fixture(scope="module")
def grammars():
    from isthmus.world.source import load_world

    return load_world().grammars


@pytest.fixture(scope="module")
def texts(grammars):
    """The first contexts of each domain in some languages."""
    return {
        (domain, language): list(islice(contexts(grammars, language, 0, domain, LINES, draw), LINES))
        for domain, draw in GENRES.items()
        for language in ("en", "far", "scr")
    }


def test_the_world_lists_its_domains_and_has_them_in_every_language(world):
    plain = load_task("mlm").files
    assert world.domains(plain, "train") == ("descriptions", "events")
    assert world.domains(load_task("tlm").files, "train") == ()
    for domain in GENRES:
        assert world.languages(load_task(f"mlm/{domain}").files, "train") == world.languages(plain, "train")
    assert world.languages(load_task("mlm/law").files, "train") == ()


@pytest.mark.parametrize("language", ["en", "far", "scr"])
def test_a_bag_of_words_tells_the_domains_apart(texts, language):
    half = LINES // 2
    counts = {domain: Counter(w for text in texts[domain, language][:half] for w in words(text)) for domain in GENRES}

    def likelihood(text: str, domain: str) -> float:
        return sum(math.log((counts[domain][word] + 0.5) / (half + 1)) for word in words(text))

    right = [
        max(GENRES, key=lambda domain: likelihood(text, domain)) == true
        for true in GENRES
        for text in texts[true, language][half:]
    ]
    assert sum(right) / len(right) > 0.95


def test_the_domains_share_their_nouns_and_names_and_differ_in_verbs_and_comparisons(texts, grammars):
    seen = {domain: set().union(*map(words, texts[domain, "en"])) for domain in GENRES}
    things = grammars["en"].things
    verbs = {things.concepts[verb].other for verb in things.of_kind("transitive")}
    assert verbs <= seen["events"]
    assert not verbs & seen["descriptions"]
    assert {"was", "than"} <= seen["descriptions"] - seen["events"]
    assert len(seen["events"] & seen["descriptions"]) / len(seen["events"] | seen["descriptions"]) > 0.5


def test_the_facts_of_a_line_are_the_same_ones_in_every_language(texts):
    for domain in GENRES:
        counted = {language: [text.count(".") for text in texts[domain, language]] for language in ("en", "far", "scr")}
        assert counted["en"] == counted["far"] == counted["scr"]
        assert len(set(texts[domain, "en"])) > 0.99 * LINES


def test_no_fact_of_a_test_set_stands_in_the_text(texts, grammars):
    told = {domain: {fact for text in texts[domain, "en"] for fact in statements(text)} for domain in GENRES}
    for name in ("xquad", "tydiqa", "udpos", "pawsx"):
        for content in SETS.load(name).render(Request("en", "test", 0, grammars)).values():
            tested = statements(content)
            assert len(tested) > 300
            assert not tested & (told["events"] | told["descriptions"])
    [english] = [
        content
        for path, content in SETS.load("tatoeba").render(Request("near", "test", 0, grammars)).items()
        if path.endswith(".en")
    ]
    assert not statements(english) & told["events"]


def test_the_test_sets_would_share_facts_with_text_drawn_without_care(grammars):
    """Else the test before could not fail: there are so many facts that none would meet by chance."""
    from isthmus.core.seeds import stream
    from isthmus.world.grammar import text_of
    from isthmus.world.sampling import Names, Sampler

    own = grammars["en"]
    sampler = Sampler(stream(0, "text/descriptions"), own.things, Names.all_of(own.things))
    careless = {text_of(own.sentence(fact)) for _ in range(LINES) for fact in text_descriptions.told(sampler)}
    [content] = SETS.load("tydiqa").render(Request("en", "test", 0, grammars)).values()
    assert careless & statements(content)


def test_statements_are_read_from_rows_json_and_tagged_words_alike():
    assert statements('{"context": "Anna ran. the dog was old.", "question": "who ran?"}') == {
        "Anna ran.",
        "the dog was old.",
    }
    assert statements("Anna ran.\tBen ran.\t0\n") == {"Anna ran.", "Ben ran."}
    assert statements("Anna\tB-PER\nran\tO\n.\tO\n\nBen\tB-PER\nran\tO\n.\tO\n\n") == {"Anna ran.", "Ben ran."}


def test_a_language_of_few_resources_has_the_first_lines(world):
    files = load_task("mlm/events").files
    low, mid = world.read(files, "lowmid", "train"), world.read(files, "mid", "train")
    assert (len(low), len(mid)) == (300, 3000)
    assert [line.text.count(".") for line in low] == [line.text.count(".") for line in mid[:300]]


def test_events_are_events_and_descriptions_are_none(grammars):
    from random import Random

    from isthmus.world.sampling import Names, Sampler

    things = grammars["en"].things
    sampler = Sampler(Random(1), things, Names.all_of(things))
    assert all(isinstance(fact, Event) for _ in range(50) for fact in text_events.told(sampler))
    assert not any(isinstance(fact, Event) for _ in range(50) for fact in text_descriptions.told(sampler))

"""Every set is laid out where its task looks for it, read by the task's format, and says the same in every language."""

from __future__ import annotations

import json
from collections import Counter
from random import Random

import pytest

from isthmus.sources.files import SPLITS
from isthmus.tasks.task import RAW, load_kind, load_task
from isthmus.world.comparing import heads
from isthmus.world.documents import parallel
from isthmus.world.grammar import text_of
from isthmus.world.meaning import Thing
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import SETS, Request
from isthmus.world.sets.commonsenseqa import members
from isthmus.world.source import load_world

# Pretraining reads the corpora, and no task; a round of ANLI is a part of one (test_adversary.py).
NAMES = tuple(name for name in SETS.names() if name != "corpora" and not name.startswith("anli_r"))
# {set: its task} where they are not called the same
OTHERWISE = {"text": "mlm", "text_descriptions": "mlm/descriptions", "text_events": "mlm/events"}
PARALLEL = ("bucc2018", "mlqa", "panx", "pawsx", "tydiqa", "udpos", "xcopa", "xnli", "xquad")


def read(world, name: str, language: str, split: str) -> list:
    task = load_task(name)
    return world.read(task.files, language, split, task.labels)


@pytest.mark.parametrize("name", NAMES)
def test_a_set_lies_where_its_task_looks_for_it(name):
    files = load_task(OTHERWISE.get(name, name)).files
    trained_on = load_task(load_task(OTHERWISE.get(name, name)).train_on or name).files  # XNLI's is MNLI's
    for split, pattern in SETS.load(name).patterns.items():
        assert pattern == (files.pattern(split) or trained_on.pattern(split))


@pytest.mark.parametrize("name", NAMES)
def test_the_task_reads_what_the_set_wrote(world, name):
    task = load_task(OTHERWISE.get(name, name))
    kind = load_kind(task.kind)
    for split in SPLITS:
        for language in {"en", "far"}.intersection(world.languages(task.files, split)):
            if split == "train" and language != "en":
                continue
            examples = world.read(task.files, language, split, task.labels)
            assert len(examples) >= 300
            assert all(isinstance(one, kind.example) for one in examples)
            if task.kind not in RAW:
                assert all(kind.gold(one) is not None for one in examples)


def test_the_documents_of_tlm_are_those_of_mlm_and_say_the_same_under_one_id(world):
    for language in ("en", "lowmid"):
        assert [line.text for line in read(world, "tlm", language, "train")] == [
            line.text for line in read(world, "mlm", language, "train")
        ]
    ids = {language: {line.id for line in read(world, "tlm", language, "train")} for language in ("en", "near", "lowmid")}
    assert ids["en"] == ids["near"] > ids["lowmid"]


@pytest.mark.parametrize("name", PARALLEL)
def test_a_test_set_is_the_same_one_in_every_language(world, name):
    task = load_task(name)
    kind = load_kind(task.kind)
    first, other = (read(world, name, language, "test") for language in ("near", "scr"))
    if task.kind == "mining":
        assert len(first) == len(other)
        found = [[(row, one.match) for row, one in enumerate(side) if one.match] for side in (first, other)]
        assert [row for row, _ in found[0]] == [row for row, _ in found[1]]
        return
    assert [one.id for one in first] == [one.id for one in other]
    if task.kind == "tagging":
        assert [Counter(one.tags) for one in first] == [Counter(one.tags) for one in other]
    elif task.kind != "span":
        assert [kind.gold(one) for one in first] == [kind.gold(one) for one in other]
    else:
        assert [len(one.answers[0].text.split()) for one in first] == [len(one.answers[0].text.split()) for one in other]


def test_documents_with_the_same_id_say_the_same(world):
    own = {name: dict(parallel(world.grammars[name], 0, 40)) for name in ("near", "lex")}
    assert own["near"].keys() == own["lex"].keys()
    for id_, text in own["near"].items():
        assert len(text.split()) == len(own["lex"][id_].split())  # one grammar, other words
        assert text.count(".") == own["lex"][id_].count(".")


@pytest.mark.parametrize("split", ["dev", "test"])
def test_mining_has_few_translations_and_no_sentence_twice(world, split):
    left = read(world, "bucc2018", "lex", split)
    english = left[0].candidates
    gold = [one for one in left if one.match]
    assert 0.05 < len(gold) / len(left) < 0.1
    assert len({one.text for one in left}) == len(left) == len(set(english.values())) == len(english)
    assert len({one.match for one in gold}) == len(gold)
    ids = [one.id for one in left]
    assert ids == sorted(ids)
    assert ids[0] == "lex-000000001"


def _capitals(text: str) -> set[str]:
    return {word.strip(".") for word in text.split() if word[0].isupper()}


def test_what_is_no_translation_often_looks_like_one(write, monkeypatch, tmp_path):
    # A language whose words and names are all English: overlap is what a perfect dictionary would see.
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    write("name: twin\nabout: English\nlike: near\ncognates: 1.0\nnative_names: 0.0\n")
    twin = load_world(write("languages: [en, own.yaml]\n", "world.yaml"))
    left = read(twin, "bucc2018", "twin", "dev")
    english = {id_: set(text.rstrip(".").split()) for id_, text in left[0].candidates.items()}
    near = {True: [], False: []}
    for one in left:
        words = set(one.text.rstrip(".").split())
        shares = {id_: len(words & other) / len(words | other) for id_, other in english.items()}
        near[bool(one.match)].append(shares[one.match] if one.match else max(shares.values()))
    assert min(near[True]) > 0.4  # English alone inflects its verbs, and has a did
    assert sum(share > 0.5 for share in near[False]) / len(near[False]) > 0.3


def test_common_sense_is_asked_of_nouns_that_training_never_shows(world):
    grammar = world.grammars["en"]
    train, dev = (members(grammar, split) for split in ("train", "dev"))
    assert all(set(train[name]).isdisjoint(dev[name]) and train[name] and dev[name] for name in train)
    trained = {ending for one in read(world, "commonsenseqa", "en", "train") for ending in one.endings}
    for one in read(world, "commonsenseqa", "en", "dev"):
        noun = one.endings[one.label].split()[-1]
        asked = one.question.rstrip("?").split()[-1]
        assert noun in dev[asked] if asked in dev else asked in dev[noun]
        if asked in dev:
            assert trained.isdisjoint(one.endings)
        classes = [ending.split()[-1] for ending in one.endings]
        assert sum(word in dev.get(asked, (noun,)) for word in classes) == 1


@pytest.mark.parametrize("name", ["xcopa", "hellaswag", "commonsenseqa", "cosmosqa"])
def test_every_place_is_right_as_often(world, name):
    examples = read(world, name, "en", "train")
    counts = Counter(one.label for one in examples)
    assert len(counts) == len(examples[0].endings)
    assert all(count / len(examples) == pytest.approx(1 / len(counts), abs=0.02) for count in counts.values())


@pytest.mark.parametrize("name", ["pawsx", "qqp"])
def test_both_labels_are_as_frequent(world, name):
    labels = Counter(one.label for one in read(world, name, "en", "train"))
    assert labels["1"] / labels.total() == pytest.approx(0.5, abs=0.02)


def test_strict_pairs_have_the_same_words_in_both_sentences(world):
    for language in ("en", "sov", "scr"):
        for one in read(world, "pawsx", language, "test"):
            assert Counter(one.first.rstrip(".").split()) == Counter(one.second.rstrip(".").split())
            assert one.first != one.second


def test_an_ending_is_of_the_contexts_own_things(world):
    for one in read(world, "hellaswag", "en", "dev"):
        assert len(set(one.endings)) == 4
        for ending in one.endings:
            assert _capitals(ending) <= _capitals(one.context)


def test_supertags_tell_more_apart_than_parts_of_speech(world):
    tagged = read(world, "ccg", "en", "train")
    assert len({tag for one in tagged for tag in one.tags}) > 15
    verbs = {tag for one in tagged for tag in one.tags if tag.startswith((r"S\NP", r"(S\NP)\NP", r"(S\NP)/NP"))}
    assert verbs == {r"S\NP", r"(S\NP)/NP"}


def test_questions_of_another_language_ask_of_its_own_context(world):
    for one in read(world, "xquad", "sov", "test"):
        assert one.context[one.answers[0].start :].startswith(one.answers[0].text)
    folder = world.root / "xquad"
    document = json.loads((folder / "xquad.sov.json").read_text(encoding="utf-8"))
    assert document["version"] == "1.1"


def test_training_names_leave_some_for_the_test_alone(things):
    everything, seen = Names.all_of(things), Names.all_of(things).seen()
    assert 0.6 < len(seen.first) / len(everything.first) < 0.75
    sampler = Sampler(Random(0), things, seen)
    drawn = {word for _ in range(2000) for word in heads(sampler.person())}
    assert drawn <= {*seen.first, *seen.last}


def test_a_request_for_a_noun_phrase_of_one_word_gives_that_word(world):
    assert text_of(world.grammars["far"].noun(Thing("dog"))) == world.grammars["far"].lexicon.words["dog"]
    assert Request("far", "dev", 0, world.grammars).grammar is world.grammars["far"]

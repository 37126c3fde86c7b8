"""Mewsli-X: mentions in their sentences, a pool of described entities, gold that may be blank, and pairs to train on."""

from __future__ import annotations

import json

import pytest

from isthmus.core.errors import DataError
from isthmus.sources.directory import Directory
from isthmus.sources.formats import mewslix, mewslix_pairs
from isthmus.tasks.task import load_task

TEXT = "Storm hits Hove\n\nA storm hit the town of Hove  in the {early} night. The mayor of Hove spoke."
SPANS = [(0, 15), (17, 68), (69, 93)]
ENTITIES = {"Q1": "Hove is a town.\nIt lies by the sea. ", "Q2": "Ein Sturm ist Wind."}


def spans(*pairs):
    return [{"start": start, "end": end} for start, end in pairs]


def mention(id_, start, end, entity="Q1", **changes):
    return {
        "example_id": id_,
        "entity_id": entity,
        "mention_span": {"start": start, "end": end, "text": TEXT[start:end]},
    } | changes


def article(*mentions, language="en", text=TEXT, sentences=SPANS):
    return {"context": {"language": language, "text": text, "sentence_spans": spans(*sentences)}, "mentions": list(mentions)}


def entity(id_, text=None):
    text = text or ENTITIES[id_]
    half = text.find(".") + 1
    cut = [(0, half), (half + 1, len(text))] if half < len(text) else [(0, half)]
    return {"entity_id": id_, "title": id_, "description": text, "sentence_spans": spans(*cut)}


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


TOWN, STORM, MAYOR = (41, 45), (19, 24), (82, 86)


@pytest.fixture
def root(written):
    """XTREME's layout: English and German mentions, the test split without its entities."""
    written(lines(*map(entity, ENTITIES)), "mewslix/candidate_set_entities.jsonl")
    rows = article(mention("a", *TOWN), mention("b", *STORM, "Q2")), article(mention("c", *MAYOR))
    written(lines(*rows), "mewslix/wikinews_mentions/dev-en.jsonl")
    blank = article(mention("d", *TOWN, ""), language="de")
    return written(lines(blank), "mewslix/wikinews_mentions/test-de.jsonl").parents[2]


def read(root, split="dev", language="en"):
    return Directory(root).read(load_task("mewslix").files, language, split)


def test_a_query_is_the_mention_then_its_sentence_with_the_mention_in_braces(root):
    assert [(e.id, e.query) for e in read(root)] == [
        ("a", "Hove: A storm hit the town of { Hove } in the (early) night."),
        ("b", "storm: A { storm } hit the town of Hove in the (early) night."),
        ("c", "Hove: The mayor of { Hove } spoke."),
    ]


def test_candidates_are_descriptions_on_one_line_without_titles_and_gold_is_the_entity(root):
    examples = read(root)
    assert examples[0].candidates == {"Q1": ("Hove is a town. It lies by the sea.", ""), "Q2": ("Ein Sturm ist Wind.", "")}
    assert [e.matches for e in examples] == [("Q1",), ("Q2",), ("Q1",)]
    assert examples[0].candidates is examples[2].candidates


def test_a_mention_that_runs_over_two_sentences_has_both(root, written):
    said = (62, 78)
    written(lines(article(mention("a", *said))), "mewslix/wikinews_mentions/dev-en.jsonl")
    assert read(root)[0].query == (
        "night. The mayor: A storm hit the town of Hove in the (early) { night. The mayor } of Hove spoke."
    )


def test_mentions_whose_entities_are_blank_have_no_gold_unless_a_file_of_labels_gives_it(root, written):
    assert [e.matches for e in read(root, "test", "de")] == [None]
    before = Directory(root).fingerprint(load_task("mewslix").files, "de", "test")
    written(json.dumps({"d": [""]}), "mewslix/wikinews_labels/test-de.json")
    assert [e.matches for e in read(root, "test", "de")] == [None]
    written(json.dumps({"d": ["Q2"]}), "mewslix/wikinews_labels/test-de.json")
    assert [e.matches for e in read(root, "test", "de")] == [("Q2",)]
    assert Directory(root).fingerprint(load_task("mewslix").files, "de", "test") != before


def test_the_files_as_released_hold_all_languages(written):
    written(lines(*map(entity, ENTITIES)), "mewslix/candidate_set_entities.jsonl")
    rows = article(mention("a", *TOWN)), article(mention("b", *STORM, "Q2"), language="tr")
    root = written(lines(*rows), "mewslix/wikinews_mentions-test.jsonl").parents[1]
    source, files = Directory(root), load_task("mewslix").files
    assert "tr" in source.languages(files, "test")
    assert [e.id for e in source.read(files, "tr", "test")] == ["b"]
    with pytest.raises(DataError, match="no mention in 'uk'"):
        source.read(files, "uk", "test")


def test_data_that_are_not_there_say_how_they_are_got(tmp_path):
    for task, split in (("mewslix", "test"), ("mewslix_pairs", "train")):
        with pytest.raises(DataError, match=r"get-mewsli-x\.sh"):
            Directory(tmp_path).read(load_task(task).files, "en", split)


def test_another_pool_is_other_data_and_is_read_anew(root, written):
    files, before = load_task("mewslix").files, Directory(root).fingerprint(load_task("mewslix").files, "en", "dev")
    read(root)
    written(lines(*map(entity, ENTITIES), entity("Q3", "A third one.")), "mewslix/candidate_set_entities.jsonl")
    assert Directory(root).fingerprint(files, "en", "dev") != before
    assert list(read(root)[0].candidates) == ["Q1", "Q2", "Q3"]


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (article(mention("a", *TOWN, "Q9")), "candidate_set_entities.jsonl holds no 'Q9', the entity of 'a'"),
        (
            article(mention("a", *TOWN), mention("b", *STORM, "")),
            "'b' has no entity, in a language whose first mention has an",
        ),
        (article(mention("a", *TOWN), mention("a", *STORM)), "the example_id 'a' stands here a second time"),
        (
            article(mention("a", *TOWN, mention_span={"start": 40, "end": 44, "text": "Hove"})),
            "is not at characters 40 to 44",
        ),
        (article(mention("a", *TOWN, mention_span={"start": -4, "end": 4, "text": "Hove"})), "is not at characters -4 to 4"),
        (article(mention("a", *TOWN), sentences=[(0, 15)]), "lies in none of its text's sentences"),
        (article(mention("a", *TOWN), sentences=[(17, 68), (0, 15)]), "expected sentences in order"),
        (article(mention("a", *TOWN), sentences=[(0, 900)]), "expected sentences in order within 93 characters"),
        (article(mention("a", *TOWN), text=""), "'context.text' is empty"),
        (article({"example_id": "a"}), "the key 'mentions[0].entity_id' is missing"),
    ],
)
def test_a_faulty_mention_is_named_by_its_line(row, what, root, written):
    path = written(lines(article(mention("0", *MAYOR)), row), "mewslix/wikinews_mentions/dev-en.jsonl")
    with pytest.raises(DataError) as caught:
        read(root)
    assert what in caught.value.what
    assert (caught.value.path, caught.value.line) == (path, 2)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("[]", "expected an object of {example_id: [entity_id]}, found list"),
        ('{"a": "Q1"}', "'a': expected a list of one entity_id, found 'Q1'"),
        ("{", "not JSON"),
    ],
)
def test_a_faulty_file_of_labels_is_an_error_there(content, what, root, written):
    labels = written(content, "mewslix/wikinews_labels/dev-en.json")
    with pytest.raises(DataError) as caught:
        read(root)
    assert what in caught.value.what
    assert caught.value.path == labels


def test_an_entity_that_is_described_twice_is_an_error(root, written):
    written(lines(entity("Q1"), entity("Q1")), "mewslix/candidate_set_entities.jsonl")
    with pytest.raises(DataError, match=r":2: the entity_id 'Q1' stands here a second time"):
        read(root)


def pair(id_, place, gold, described=None):
    whole = article(mention(id_, *place, gold))
    return {
        "contextual_mention": {"context": whole["context"], "mention": whole["mentions"][0]},
        "entity": described or entity(gold),
    }


def test_pairs_are_mentions_whose_pool_is_the_entities_of_the_file(written):
    path = written(lines(pair("a", TOWN, "Q1"), pair("b", STORM, "Q2"), pair("c", MAYOR, "Q1")), "pairs.jsonl")
    examples = mewslix_pairs.read(path)
    assert [(e.id, e.matches) for e in examples] == [("a", ("Q1",)), ("b", ("Q2",)), ("c", ("Q1",))]
    assert examples[0].query == "Hove: A storm hit the town of { Hove } in the (early) night."
    assert list(examples[0].candidates) == ["Q1", "Q2"]


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (pair("b", TOWN, "Q1", entity("Q2")), "'b' means 'Q1', but the entity beside it is 'Q2'"),
        (pair("a", TOWN, "Q1"), "the example_id 'a' stands here a second time"),
        (pair("b", TOWN, "Q1") | {"entity": {}}, "the key 'entity.entity_id' is missing"),
    ],
)
def test_a_faulty_pair_is_named_by_its_line(row, what, written, refused):
    path = written(lines(pair("a", TOWN, "Q1"), row), "pairs.jsonl")
    error = refused(mewslix_pairs.read, path)
    assert what in error.what
    assert error.line == 2


def test_the_pool_of_a_million_is_read_once_for_all_languages(root, written, monkeypatch):
    written(lines(article(mention("e", *TOWN), language="de")), "mewslix/wikinews_mentions/dev-de.jsonl")
    described = []
    monkeypatch.setattr(mewslix, "description", lambda record: described.append(record) or "x")
    mewslix._pool.cache_clear()
    assert read(root)[0].candidates is read(root, language="de")[0].candidates
    assert len(described) == len(ENTITIES)
    mewslix._pool.cache_clear()

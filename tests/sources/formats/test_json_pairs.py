"""Pairs as JSON lines: the keys of each release, rows nobody agreed on, one language of several, and every fault."""

from __future__ import annotations

import json

import pytest

from isthmus.sources.example import TextPair
from isthmus.sources.format import load_format
from isthmus.sources.formats.json_pairs import read

NLI = ("contradiction", "entailment", "neutral")


def lines(*records: object) -> str:
    """Return records as JSON lines."""
    return "".join(json.dumps(record) + "\n" for record in records)


def nli(label: object = "neutral", **more: object) -> dict[str, object]:
    """Return a record as SNLI and MultiNLI have them."""
    return {"sentence1": "A bird sings.", "sentence2": "It is loud.", "gold_label": label, **more}


def anli(uid: object = "u1", label: object = "c") -> dict[str, object]:
    """Return a record as ANLI has them."""
    return {"uid": uid, "context": "A bird sings.", "hypothesis": "It is mute.", "label": label, "reason": ""}


def test_the_keys_of_snli_and_multinli_are_read(written):
    path = written(lines(nli(pairID="x"), nli("entailment", genre="fiction")))
    assert read(path, NLI) == [
        TextPair("0", "A bird sings.", "It is loud.", "neutral"),
        TextPair("1", "A bird sings.", "It is loud.", "entailment"),
    ]


def test_anli_keeps_its_ids_and_its_letters_mean_labels(written):
    path = written(lines(anli("a", "c"), anli("b", "e"), anli("z", "n")))
    assert [(e.id, e.label) for e in read(path, NLI)] == [("a", "contradiction"), ("b", "entailment"), ("z", "neutral")]
    assert read(path, NLI)[0].second == "It is mute."


def test_letters_stay_letters_where_the_labels_are_not_those_they_stand_for(written):
    assert {e.label for e in read(written(lines(anli("a", "c"), anli("b", "e"))))} == {"c", "e"}
    assert {e.label for e in read(written(lines(anli("a", "c"), anli("b", "e"))), ("c", "e", "n"))} == {"c", "e"}


def test_rows_nobody_agreed_on_are_left_out_and_ids_count_the_rest(written):
    path = written(lines(nli(), nli("-"), nli("entailment"), nli("-")))
    assert [(e.id, e.label) for e in read(path, NLI)] == [("0", "neutral"), ("1", "entailment")]


@pytest.mark.parametrize("records", [[nli("-")] * 3, [{k: v for k, v in nli().items() if k != "gold_label"}] * 3])
def test_where_no_row_has_a_label_they_were_withheld(written, records):
    assert [e.label for e in read(written(lines(*records)), NLI)] == [None] * 3


def test_one_language_of_several_is_read(written):
    path = written(lines(nli(language="de"), nli("entailment", language="fr"), nli("entailment", language="de")))
    examples = load_format("json_pairs").examples(path, NLI, "de")
    assert [(e.id, e.label) for e in examples] == [("0", "neutral"), ("1", "entailment")]


@pytest.mark.parametrize(
    ("records", "line", "what"),
    [
        ([{"premise": "a", "hypothesis": "b"}], 1, "no two texts among the names premise, hypothesis; expected"),
        ([nli(), nli("nutral")], 2, "unknown label 'nutral'; did you mean 'neutral'?"),
        ([nli(), nli("")], 2, "the label is missing"),
        ([nli(), nli(None)], 2, "'gold_label' must be str, found None"),
        ([nli(), {"sentence1": "a", "gold_label": "neutral"}], 2, "the key 'sentence2' is missing"),
        ([nli(), {"sentence1": "a", "sentence2": "b"}], 2, "it has no 'gold_label', in a file that begins with such keys"),
        ([nli(), nli(sentence1=3)], 2, "'sentence1' must be str, found 3"),
        ([anli("a"), anli("b", 1)], 2, "'label' must be str, found 1"),
        ([anli("a"), anli("b"), anli("a")], 3, "the id 'a' stands already in line 1"),
        ([anli(" ")], 1, "'uid' is empty"),
        ([nli(), nli(language="de")], 2, "it has a 'language', in a file that begins with no such keys"),
        ([nli(), [1]], 2, "expected a JSON object"),
    ],
)
def test_a_malformed_record_is_refused_by_its_line(written, refused, records, line, what):
    error = refused(read, written(lines(*records)), NLI)
    assert error.line == line
    assert what in error.what


@pytest.mark.parametrize("content", ["", "\n", "{", lines(nli()) + "\n" + lines(nli())])
def test_empty_blank_and_broken_files_are_refused(written, refused, content):
    refused(read, written(content), NLI)

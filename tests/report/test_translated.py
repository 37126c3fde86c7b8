"""The methods say how training data were translated and what was lost."""

from __future__ import annotations

import json

import pytest

from isthmus.plan.graph import Plan, in_order
from isthmus.plan.step import Step
from isthmus.report.translated import translated
from isthmus.store.store import Store

DATA = {"task": "squad", "language": "en", "split": "train", "digest": "d"}


def step(language, first=None, **translator):
    settings = {"translator": translator, "kind": "span", "data": DATA, "language": language}
    return Step("translate", settings | ({"max_examples": first} if first else {}), {}, "translate")


@pytest.fixture
def told(tmp_path):
    """A function from steps, each with counts or None where it is not done, to the sentences on them."""

    def told(*done):
        store = Store(tmp_path)
        store.prepare()
        for one, counts in done:
            if counts:
                scratch = store.begin(one.id)
                (scratch.output / "translation.json").write_text(json.dumps(counts))
                store.commit(one.id, scratch, one.payload, one.name, {})
        return translated(Plan(in_order(one for one, _ in done), ()), store)

    return told


def test_what_was_kept_lost_and_carried_is_counted(told):
    counts = {"examples": 1200, "kept": 1190, "dropped": {"copied": 4, "answer not found": 6}, "answers": {"markers": 1190}}
    [(heading, (said, waiting))] = told(
        (step("de", kind="seq2seq", name="a/b", revision="c"), counts), (step("sw", kind="lexicon", noise=0.1), None)
    )
    assert heading == "Translated data"
    assert said == (
        "The train data of squad in en were translated by a network (a/b, revision c) into de: 1,190 of 1,200 examples are "
        "kept (dropped: 4 copied, 6 answer not found); answers were carried 1,190 by markers around them."
    )
    assert waiting.endswith("by the world's lexicons, 10 % of the words wrong into sw; that is not done yet.")


def test_what_lost_nothing_is_told_in_one_sentence_and_what_lost_something_by_itself(told):
    def kept(number, of):
        return {"examples": of, "kept": number, "dropped": {"copied": of - number} if number < of else {}, "answers": {}}

    [(_, said)] = told(
        *((step(language, size, kind="exact"), kept(size, size)) for size in (72, 2016) for language in ("far", "near")),
        (step("mid", kind="exact"), kept(71, 72)),
        *((step(language, 9, kind="exact"), None) for language in ("far", "scr")),
    )
    begun = "The train data of squad in en were rendered by the world from the same meanings into"
    assert said == (
        f"{begun} mid: 71 of 72 examples are kept (dropped: 1 copied).",
        f"{begun} far, near: 72 to 2,016 examples a language, all of them kept.",
        f"{begun} far, scr; that is not done yet.",
    )


def test_a_study_without_translated_data_has_no_such_section(told):
    assert told() == ()

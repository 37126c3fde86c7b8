"""The methods say how training data were translated and what was lost."""

from __future__ import annotations

import json

import pytest

from isthmus.plan.graph import Plan, in_order
from isthmus.plan.step import Step
from isthmus.report.translated import translated
from isthmus.store.store import Store

DATA = {"task": "squad", "language": "en", "split": "train", "digest": "d"}


def step(language, **translator):
    return Step("translate", {"translator": translator, "kind": "span", "data": DATA, "language": language}, {}, "translate")


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


def test_a_study_without_translated_data_has_no_such_section(told):
    assert told() == ()

"""A training set through a translator: counted, cached by chunks, and an error where nothing is left of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from isthmus.core.errors import Stopped, UnknownName, UserError
from isthmus.sources.example import Answer, Choice, OpenQuestion, Question, TaggedSentence, TextPair
from isthmus.translation import translate as module
from isthmus.translation.translate import Desk, translate
from isthmus.translation.translator import TRANSLATORS, Order, Translator, load_translator
from isthmus.translation.written import read_examples, write_examples

EXAMPLES = [TextPair(str(i), f"one two {i}", "three", "yes") for i in range(9)]


@pytest.fixture
def ask(monkeypatch, tmp_path):
    """A function that translates examples by a function of a text; ``asked`` collects what that was asked."""

    def ask(function, examples=EXAMPLES, stopping=lambda: False, **filter_):
        asked = []

        def texts(order):
            return lambda some: [asked.append(text) or function(text) for text in some]

        monkeypatch.setattr(module, "load_translator", lambda name: Translator(name=name, texts=texts))
        settings = {"kind": "own", "filter": {"length_ratio": [0.5, 2.0], "copied": "drop", **filter_}}
        order = Order(settings=settings, task="mnli", split="train", source="en", target="de")
        return translate(order, examples, Desk(tmp_path, lambda *_: None, stopping)), asked

    return ask


def test_what_is_kept_stays_in_order_and_all_is_counted(ask):
    found, asked = ask(lambda text: "" if text == "one two 4" else text.upper())
    assert [one.id for one in found.examples] == [str(i) for i in range(9) if i != 4]
    assert found.counts == {"examples": 9, "kept": 8, "dropped": {"empty": 1}, "answers": {}}
    assert len(asked) == len(set(asked)) == 10


def test_nothing_left_is_an_error_that_says_why(ask):
    with pytest.raises(UserError, match=r"nothing is left of 9 examples of mnli translated into 'de': 9 copied; .*filter"):
        ask(lambda text: text)


def test_what_was_translated_before_a_stop_is_not_translated_again_and_gives_the_same(ask, monkeypatch, tmp_path):
    monkeypatch.setattr(module, "CHUNK", 3)
    stops = iter([False, False, True])
    with pytest.raises(Stopped, match="after 6 of 10 texts"):
        ask(str.upper, stopping=lambda: next(stops))
    again, asked = ask(str.upper)
    assert len(asked) == 4
    for file in tmp_path.iterdir():
        file.unlink()
    assert ask(str.upper)[0] == again


def test_the_shelf_holds_every_kind_that_a_study_may_name():
    from isthmus.study.translation import KINDS

    assert set(TRANSLATORS.names()) == set(KINDS)
    for kind in KINDS:
        one = load_translator(kind)
        assert one.name == kind
        assert (one.texts is None) != (one.examples is None)
    with pytest.raises(UnknownName, match="did you mean 'exact'"):
        load_translator("exakt")


@pytest.mark.parametrize(
    ("kind", "examples"),
    [
        ("classification", EXAMPLES),
        ("choice", [Choice("1", "a", None, ("b", "ç"), 0), Choice("2", "", "q?", ("b",), None)]),
        ("span", [Question("1", "q\u2028?", "a b", (Answer("b", 2),)), Question("2", "q", "a", None)]),
        ("span_or_none", [OpenQuestion("1", "q?", "a b", ())]),
        ("tagging", [TaggedSentence("1", ("a", "b"), ("X", "Y"))]),
    ],
)
def test_what_is_written_is_read_back_the_same(kind, examples, tmp_path: Path):
    write_examples(tmp_path / "examples.jsonl", examples)
    assert read_examples(tmp_path / "examples.jsonl", kind) == examples

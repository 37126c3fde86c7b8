"""Inference about descriptions: labels hang on meanings, and every pair differs in as many words."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from isthmus.world.meaning import Quality
from isthmus.world.sampling import Names, Sampler
from isthmus.world.sets.snli import _compared, _placed, captions
from isthmus.world.source import load_world

LABELS = ("entailment", "neutral", "contradiction")


@pytest.fixture
def sampler(things) -> Sampler:
    return Sampler(Random(2), things, Names.all_of(things))


@pytest.mark.parametrize("label", LABELS)
def test_a_comparison_turned_with_the_opposite_word_says_the_same(sampler, things, label):
    for _ in range(200):
        premise, hypothesis = _compared(sampler, label)
        assert isinstance(premise, Quality)
        same = premise.subject == hypothesis.subject
        assert {premise.subject, premise.than} == {hypothesis.subject, hypothesis.than}
        word = things.concepts[premise.adjective]
        found = (
            ("entailment" if same else "contradiction")
            if hypothesis.adjective in word.synonyms
            else ("contradiction" if same else "entailment")
            if hypothesis.adjective in word.antonyms
            else "neutral"
        )
        assert found == label


@pytest.mark.parametrize("label", LABELS)
def test_what_is_said_of_a_thing_is_said_of_its_class_and_of_no_other(sampler, things, label):
    for _ in range(200):
        premise, hypothesis = _placed(sampler, label)
        assert premise.place == hypothesis.place
        own = things.concepts[premise.subject.word].above == hypothesis.subject.word
        assert own == (label != "neutral")
        word = things.concepts[premise.subject.adjective]
        if own:
            related = word.synonyms if label == "entailment" else word.antonyms
            assert hypothesis.subject.adjective in related


def test_pairs_of_every_label_have_as_many_words_and_share_as_many(sampler):
    shared, lengths = Counter(), Counter()
    rows = list(captions(sampler, load_world().grammars["en"], 900))
    for first, second, label in rows:
        shared[label] += len(set(first.split()) & set(second.split()))
        lengths[label] += len(second.split())
    for found in (shared, lengths):
        assert all(found[label] / 300 == pytest.approx(sum(found.values()) / 900, rel=0.04) for label in LABELS)

"""The lexicon baseline: what a word form was in the training data, else what rare words of its shape were."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.evaluation.baseline import load_baseline
from isthmus.evaluation.baselines.lexicon import predict, shape
from isthmus.metrics import token_accuracy
from isthmus.sources.directory import Directory
from isthmus.sources.example import TaggedSentence
from isthmus.tasks.task import load_task

LABELS = ("ADJ", "DET", "NOUN", "NUM", "PROPN", "PUNCT", "VERB")
WORDS = st.text(alphabet="aAbB1.ßé北 ́", min_size=1, max_size=3)
SENTENCES = st.lists(st.lists(st.tuples(WORDS, st.sampled_from(LABELS)), min_size=1, max_size=5), min_size=1, max_size=5)


def sentence(text):
    """A sentence from ``word/TAG`` pairs."""
    words, tags = zip(*(pair.rsplit("/", 1) for pair in text.split()), strict=True)
    return TaggedSentence("0", words, tags)


def tags_of(train, text):
    return predict([sentence(line) for line in train], [TaggedSentence("0", tuple(text.split()), None)], LABELS)[0]


def test_a_seen_word_gets_its_most_frequent_tag():
    train = ["the/DET run/NOUN", "we/NOUN run/VERB", "they/NOUN run/VERB"]
    assert tags_of(train, "the run") == ["DET", "VERB"]


def test_a_seen_form_counts_before_the_same_word_in_another_case():
    train = ["May/PROPN", "may/VERB may/VERB"]
    assert tags_of(train, "May may MAY") == ["PROPN", "VERB", "VERB"]


def test_an_unseen_word_gets_the_tag_of_rare_words_of_its_shape():
    train = ["Rome/PROPN shines/VERB ,/PUNCT sun/NOUN moon/NOUN 1999/NUM", "the/DET the/DET the/DET"]
    assert tags_of(train, "Köln Ω ; луна 7½ 月") == ["PROPN", "PROPN", "PUNCT", "NOUN", "NUM", "NOUN"]


def test_frequent_words_say_nothing_about_an_unseen_one():
    train = ["the/DET the/DET the/DET the/DET moon/NOUN"]
    assert tags_of(train, "sun") == ["NOUN"]


def test_without_a_rare_word_of_its_shape_an_unseen_word_gets_the_most_frequent_tag_of_all():
    assert tags_of(["the/DET the/DET moon/NOUN"], "!") == ["DET"]


def test_tags_of_another_set_are_learnt_as_well():
    train = [TaggedSentence("0", ("Rome", "is", "old"), ("B-LOC", "O", "O"))]
    unseen = [TaggedSentence("0", ("in", "Köln"), None)]
    assert predict(train, unseen, ("O", "B-LOC", "I-LOC")) == [["O", "B-LOC"]]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("...", "symbols"),
        ("€", "symbols"),
        ("。", "symbols"),
        ("1,000", "digit"),
        ("B2B", "digit"),
        ("٣", "digit"),
        ("Rome", "capital"),
        ("Ελλάδα", "capital"),
        ("USA", "capital"),
        ("iPhone", "other"),
        ("дом", "other"),
        ("北京", "other"),
        ("हिन्दी", "other"),
    ],
)
def test_a_shape_is_read_off_in_any_script(word, expected):
    assert shape(word) == expected


@given(train=SENTENCES, unseen=SENTENCES, order=st.randoms(use_true_random=False))
def test_every_word_gets_a_training_tag_whatever_the_order_of_the_training_data(train, unseen, order):
    known = [TaggedSentence(str(i), *map(tuple, zip(*pairs, strict=True))) for i, pairs in enumerate(train)]
    asked = [TaggedSentence(str(i), tuple(word for word, _ in pairs), None) for i, pairs in enumerate(unseen)]
    tags = predict(known, asked, LABELS)
    assert [len(row) for row in tags] == [len(example.words) for example in asked]
    assert {tag for row in tags for tag in row} <= {tag for pairs in train for _, tag in pairs}
    assert predict(order.sample(known, len(known)), asked, LABELS) == tags


def test_on_real_english_the_lexicon_is_far_above_the_majority(data_dir: Path):
    task, source = load_task("udpos"), Directory(data_dir)
    train, test = (source.read(task.files, "en", split, task.labels) for split in ("train", "test"))
    gold = [example.tags for example in test]

    def accuracy(name):
        return token_accuracy.score(gold, load_baseline(name)(train, test, task.labels, None))["accuracy"]

    assert accuracy("majority") < 20
    assert accuracy("lexicon") > 88

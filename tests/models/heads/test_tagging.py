"""Tagging: one tag a word, whatever its length, its script and the window."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_networks import encoding_of

from isthmus.evaluation.predict import predict
from isthmus.models.family import load_family
from isthmus.models.feature import pad
from isthmus.models.heads.tagging import HEAD
from isthmus.models.trained import new_task_model
from isthmus.sources.example import TaggedSentence

LABELS = ["A", "B", "C"]
SCRIPTS = ["the", "2019", "北京", "กรุงเทพ", "القاهرة", "ß", "ﷺ", "(", "▁", "👩\u200d👧", "x" * 70, "1" * 50]
SCRIPTS += ["\u200b", "\u00ad", "\ufe0f", " "]  # words of which little or nothing is left
WORDS = st.one_of(st.sampled_from(SCRIPTS), st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12))


@st.composite
def sentences(draw):
    words = draw(st.lists(WORDS, min_size=1, max_size=40))
    tags = draw(st.lists(st.sampled_from(LABELS), min_size=len(words), max_size=len(words)))
    return TaggedSentence("s", tuple(words), tuple(tags))


@st.composite
def cuts(draw):
    max_length = draw(st.integers(10, 48))
    return max_length, draw(st.integers(0, max_length // 2 - 1))


@pytest.mark.parametrize("name", ["pieces", "wordpieces"])
def test_every_word_is_answered_for_once_and_the_tags_come_back_in_order(name, request):
    tokenizer = request.getfixturevalue(name)

    @settings(max_examples=60, deadline=None)
    @given(st.lists(sentences(), min_size=1, max_size=3), cuts())
    def check(examples, cut):
        encoding = encoding_of(tokenizer, *cut)
        features = HEAD.features(examples, LABELS, encoding)
        words = [(f.example, word) for f in features for word, _ in f.places]
        assert words == [(i, word) for i, e in enumerate(examples) for word in range(len(e.words))]
        assert all(f.places and len(f.ids) <= cut[0] for f in features)
        for feature in features:
            example = examples[feature.example]
            assert feature.target == [LABELS.index(example.tags[word]) for word, _ in feature.places]
            for word, position in feature.places:
                own = tokenizer([example.words[word]], is_split_into_words=True, add_special_tokens=False)["input_ids"]
                assert feature.ids[position] in (own or [tokenizer.unk_token_id])
        outputs = [feature.target for feature in features]
        assert HEAD.predictions(examples, features, outputs, LABELS) == [list(e.tags) for e in examples]

    check()


def test_the_tag_is_read_from_the_first_sub_word_that_says_something(pieces):
    (feature,) = HEAD.features([TaggedSentence("s", ("the", "2019", "北京"), None)], LABELS, encoding_of(pieces))
    tokens = pieces.convert_ids_to_tokens(feature.ids)
    assert [tokens[position] for _, position in feature.places] == ["▁the", "2", "北"]
    assert feature.target is None


def test_neighbouring_windows_share_context_and_a_word_answers_where_it_is_far_from_the_edges(pieces):
    words = tuple(("the dog and the fox " * 12).split())
    features = HEAD.features([TaggedSentence("s", words, None)], LABELS, encoding_of(pieces, 34, 10))
    assert len(features) > 2
    for earlier, later in pairwise(features):
        last, first = earlier.places[-1][1], later.places[0][1]
        assert len(earlier.ids) - 2 - last >= 3
        assert first - 1 >= 3


def test_an_empty_sentence_gives_no_window_and_no_tag(pieces):
    examples = [TaggedSentence("a", (), ()), TaggedSentence("b", ("dog",), ("B",))]
    features = HEAD.features(examples, LABELS, encoding_of(pieces))
    assert [f.example for f in features] == [1]
    assert HEAD.predictions(examples, features, [[1]], LABELS) == [[], ["B"]]


def test_a_thousand_words_get_a_thousand_tags(encoders):
    model = new_task_model(load_family("encoder"), encoders["xlm-roberta"], "tagging", LABELS, 0)
    words = tuple(["the", "北京", "2019", "x" * 40, "\u200b"] * 200)
    encoding = encoding_of(model.network.tokenizer, 64, 16)
    (tags,) = predict(model, [TaggedSentence("s", words, None)], LABELS, encoding, "fp32", lambda *_: None)
    assert len(tags) == 1000
    assert set(tags) <= set(LABELS)


def test_the_loss_is_the_cross_entropy_summed_over_words(pieces):
    torch.manual_seed(0)
    examples = [TaggedSentence("a", ("the", "dog"), ("A", "C")), TaggedSentence("b", ("北京",), ("B",))]
    batch = pad(HEAD.features(examples, LABELS, encoding_of(pieces)), 1)
    module, hidden = HEAD.module(8, 3, 0.0), torch.randn(*batch.ids.shape, 8)
    found = HEAD.loss(module, hidden, batch)
    logs = module(hidden).log_softmax(-1)
    by_hand = -sum(
        logs[row, position, target]
        for row, f in enumerate(batch.features)
        for (_, position), target in zip(f.places, f.target, strict=True)
    )
    assert found.total.item() == pytest.approx(by_hand.item(), rel=1e-6)
    assert found.weight.item() == 3
    assert found.classes.tolist() == [i for row in HEAD.outputs(module, hidden, batch) for i in row]

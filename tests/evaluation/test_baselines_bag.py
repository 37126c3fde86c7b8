"""The bag baseline: the candidate that shares the rarest sub-words with the query."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from isthmus.core.errors import UserError
from isthmus.evaluation.baselines.bag import predict
from isthmus.sources.example import MinedSentence, Ranked, SentencePair

WORDS = ["the", "a", "in", "of", "saw", "Rome", "Paris", "Anna", "1999", "la", "le", "vu", "à"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)


def tokenizer():
    """A tokenizer of whole words in the shape of Hugging Face's fast ones; special tokens are added unless declined."""
    words = Tokenizer(models.WordLevel({word: i for i, word in enumerate(["?", *WORDS])}, unk_token="?"))
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    words.post_processor = processors.TemplateProcessing(
        single="Rome $A", special_tokens=[("Rome", WORDS.index("Rome") + 1)]
    )
    return SimpleNamespace(backend_tokenizer=words)


def rows(*pairs):
    return [SentencePair(str(i), query, candidate, None) for i, (query, candidate) in enumerate(pairs)]


def test_a_query_finds_the_candidate_that_shares_its_names():
    examples = rows(("Anna saw Rome", "Paris la 1999"), ("Paris in 1999", "Anna vu Rome"))
    assert predict([], examples, (), tokenizer()) == [1, 0]


def test_a_rare_sub_word_weighs_more_than_frequent_ones():
    examples = rows(("the of Rome", "the of in"), ("the of", "la vu Rome"), ("the of", "the of a"), ("the of", "the of le"))
    assert predict([], examples, (), tokenizer())[0] == 1


def test_a_long_candidate_is_not_nearer_for_its_length():
    examples = rows(("Rome", "Rome Paris Anna 1999 saw"), ("le", "Rome"))
    assert predict([], examples, (), tokenizer())[0] == 1


def test_of_equal_candidates_the_first_is_taken_also_when_nothing_is_shared():
    examples = rows(("Rome", "la"), ("Anna", "Rome à"), ("in", "Rome à"))
    assert predict([], examples, (), tokenizer()) == [1, 0, 0]


def test_special_tokens_and_empty_texts_bring_nothing_nearer():
    assert predict([], rows(("", "Rome"), ("Paris", "")), (), tokenizer()) == [0, 0]


@given(texts=st.lists(TEXTS, min_size=1, max_size=6))
def test_among_copies_of_the_queries_each_finds_one_with_its_own_sub_words(texts):
    found = predict([], rows(*zip(texts, texts, strict=True)), (), tokenizer())
    everywhere = set.intersection(*(set(text.split()) for text in texts))
    for text, row in zip(texts, found, strict=True):
        own = set(text.split()) - everywhere
        assert set(texts[row].split()) - everywhere == own or not own


def mined(candidates, *texts, gold=()):
    """Sentences of one text, the other text by id, and which translates which."""
    return [MinedSentence(str(i), text, candidates, dict(gold).get(i, "")) for i, text in enumerate(texts)]


DEV = mined({"x": "Rome la", "y": "le Paris", "z": "à vu"}, "Rome the", "a Paris", "saw à", gold={0: "x", 1: "y"})


def test_sentences_that_share_their_rare_words_are_mined_and_the_others_are_not():
    examples = mined({"p": "la Anna", "q": "1999 le", "r": "vu à"}, "in 1999", "the Anna", "saw the in of")
    assert predict(DEV, examples, (), tokenizer()) == ["q", "p", ""]


def test_a_sentence_is_mined_once_by_the_one_that_is_its_own_nearest():
    examples = mined({"p": "Anna Rome", "q": "le"}, "Anna the in", "Anna Rome", "la")
    assert predict(DEV, examples, (), tokenizer()) == ["", "p", ""]


def test_pairs_below_the_cosine_tuned_on_development_data_are_left_out():
    strict = mined({"x": "Rome", "y": "Paris la le"}, "Rome", "Paris the a", gold={0: "x"})
    examples = mined({"p": "Anna", "q": "1999 la le"}, "Anna", "1999 the a")
    assert predict(strict, examples, (), tokenizer()) == ["p", ""]
    lenient = mined({"x": "Rome", "y": "Paris la le"}, "Rome", "Paris the a", gold={0: "x", 1: "y"})
    assert predict(lenient, examples, (), tokenizer()) == ["p", "q"]


def test_where_nothing_is_shared_nothing_is_mined():
    assert predict(DEV, mined({"p": "la"}, "the", "a"), (), tokenizer()) == ["", ""]


def test_development_data_without_gold_are_an_error():
    bare = [MinedSentence("0", "Rome", {"x": "Rome"}, None)]
    with pytest.raises(UserError, match="gold pairs are missing"):
        predict(bare, DEV, (), tokenizer())


def ranked(pool, *queries):
    pool = {id_: (text, "Rome saw Anna 1999") for id_, text in pool.items()}
    return predict([], [Ranked(str(i), query, pool, ()) for i, query in enumerate(queries)], (), tokenizer())


def test_candidates_are_ranked_by_what_they_share_with_the_query_whatever_stands_around_them():
    pool = {"x": "the of Rome", "y": "the of in", "z": "Rome Paris", "v": "Anna"}
    assert ranked(pool, "the Rome 1999", "Anna", "la vu") == [["x", "z", "y"], ["v"], []]


@given(st.lists(TEXTS, min_size=1, max_size=60), st.lists(TEXTS, min_size=1, max_size=4))
def test_twenty_candidates_at_most_are_named_those_alike_in_the_order_of_the_pool(texts, queries):
    pool = {f"c{i}": text for i, text in enumerate(texts)}
    for query, found in zip(queries, ranked(pool, *queries), strict=True):
        shared = [id_ for id_, text in pool.items() if set(text.split()) & set(query.split())]
        assert set(found) <= set(shared)
        assert len(found) <= 20
        for text in set(texts):
            alike = [id_ for id_ in pool if pool[id_] == text]
            named = [id_ for id_ in found if id_ in alike]
            assert named == alike[: len(named)]

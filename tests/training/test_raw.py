"""Raw text as a stage learns from it: lines or translation pairs, and how often each language is drawn."""

from __future__ import annotations

from itertools import islice

import pytest
from tiny_networks import TEXT

from isthmus.core.errors import UserError
from isthmus.core.seeds import stream
from isthmus.models.network import load_network
from isthmus.sources.corpora import Corpus
from isthmus.training.fine_tune import encoding_for
from isthmus.training.raw import Raw, sub_words

BOTH = {
    "en": Corpus((), {"1": "the dog", "2": "the quick fox", "only": "the dog in 2019"}),
    "de": Corpus((), {"1": "dog the", "2": "fox the quick", "other": "dog"}),
    "sw": Corpus((), {"2": "quick"}),
    "xx": Corpus(("the dog",), {}),
}


@pytest.fixture
def encoding(still_encoder):
    return encoding_for(load_network(still_encoder), 40, 0)


def drawn(mixture, size=400):
    return list(islice(mixture.draw(stream(0, "text")), size))


def test_without_a_pivot_the_lines_are_learnt_from(encoding):
    corpora = {language: Corpus(tuple(lines), {}) for language, lines in TEXT.items()}
    mixture = Raw(corpora, 0.15, 0.5).mixture(encoding)
    assert all(second is None for _, second in drawn(mixture))
    assert sub_words(mixture) == sum(len(ids) for lines in TEXT.values() for ids in encoding.ids(list(lines)))


def test_with_a_pivot_every_sequence_is_a_pair_of_lines_with_one_id(encoding):
    mixture = Raw(BOTH, 0.15, 0.5, pivot="en").mixture(encoding)
    assert {language: len(own) for language, own in mixture.pairs.items()} == {"en": 0, "de": 2, "sw": 1, "xx": 0}
    texts = {key: [tuple(ids) for ids in encoding.ids(list(side))] for key, side in _sides().items()}
    allowed = {frozenset(pair) for pair in zip(texts["en"], texts["other"], strict=True)}
    found = drawn(mixture)
    assert {frozenset((tuple(first), tuple(second))) for first, second in found} == allowed
    assert sub_words(mixture) == sum(map(len, [*texts["en"], *texts["other"]]))


def _sides():
    shared = [("1", "de"), ("2", "de"), ("2", "sw")]
    return {
        "en": [BOTH["en"].parallel[key] for key, _ in shared],
        "other": [BOTH[language].parallel[key] for key, language in shared],
    }


def test_shares_say_how_often_the_pairs_of_a_language_are_drawn(encoding):
    mixture = Raw(BOTH, 0.15, 0.5, {"de": 0.1, "sw": 0.9, "xx": 0.0}, "en").mixture(encoding)
    [quick] = encoding.ids(["quick"])
    counted = sum(list(quick) in (list(first), list(second)) for first, second in drawn(mixture, 2000))
    assert 1700 < counted < 1900


def test_text_without_a_sub_word_and_pairs_that_do_not_fit_are_the_users_mistake(encoding):
    with pytest.raises(UserError, match="the text of mlm has no sub-word"):
        Raw({"en": Corpus((), {})}, 0.15, 0.5).mixture(encoding, "mlm")
    long = {language: Corpus((), {"1": "the dog " * 20}) for language in ("en", "de")}
    with pytest.raises(UserError, match=r"no two lines with the same id, in 'en' .* of 40 sub-words \(tlm\)"):
        Raw(long, 0.15, 0.5, pivot="en").mixture(encoding, "tlm")

"""Span F1, against the seqeval package, by hand, and by its properties."""

from __future__ import annotations

import warnings
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics import f1_score, precision_score, recall_score

from isthmus.metrics.span_f1 import counts, score, spans

BIO = ["O", *(f"{role}-{kind}" for role in "BI" for kind in ("PER", "ORG", "LOC"))]
UPOS = [
    "ADJ",
    "ADP",
    "ADV",
    "AUX",
    "CCONJ",
    "DET",
    "INTJ",
    "NOUN",
    "NUM",
    "PART",
    "PRON",
    "PROPN",
    "PUNCT",
    "SCONJ",
    "SYM",
    "VERB",
    "X",
]
ODD = [
    "O",
    "B",
    "I",
    "E",
    "S",
    "X",
    "_",
    ".",
    "-",
    "B-",
    "O-PER",
    "N-O",
    "B-_",
    "E-PER",
    "S-PER",
    "B-ARG-LOC",
    "I-LOC",
    ".-LOC",
]


def tagged(tags):
    """Sentences as (gold, predicted) lists of tags."""
    words = st.lists(st.tuples(st.sampled_from(tags), st.sampled_from(tags)), min_size=1, max_size=8)
    pairs = st.lists(words, min_size=1, max_size=6)
    return pairs.map(lambda text: tuple([[word[side] for word in sentence] for sentence in text] for side in (0, 1)))


def by_seqeval(gold, predicted):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of tags without a hyphen and of figures with nothing to count
        return {
            "f1": 100 * f1_score(gold, predicted),
            "precision": 100 * precision_score(gold, predicted),
            "recall": 100 * recall_score(gold, predicted),
        }


def spelt_out(sentences):
    """The same tags with role and type apart, so that every version of seqeval finds the type that 0.0.12 found.

    Later versions call the type of their own O after each sentence "_" where 0.0.12 called it "O": the two are swapped.
    """
    swap = {"O": "_", "_": "O", "": "none"}
    kinds = [[(tag[0], tag.split("-")[-1]) for tag in sentence] for sentence in sentences]
    return [[f"{role}-{swap.get(kind, kind)}" for role, kind in sentence] for sentence in kinds]


@given(tagged(BIO))
def test_bio_tags_score_as_in_seqeval(pair):
    assert score(*pair) == pytest.approx(by_seqeval(*pair), abs=1e-9)


@given(tagged([tag for tag in UPOS if tag not in ("X", "CCONJ")]))
def test_bare_upos_tags_score_as_in_seqeval_where_its_versions_agree(pair):
    assert score(*pair) == pytest.approx(by_seqeval(*pair), abs=1e-9)


@given(tagged(UPOS))
def test_all_upos_tags_score_as_in_seqeval_by_the_old_rule_of_types(pair):
    gold, predicted = pair
    assert score(gold, predicted) == pytest.approx(by_seqeval(spelt_out(gold), spelt_out(predicted)), abs=1e-9)


def test_the_flaws_of_later_seqeval_on_upos_tags_are_not_ours():
    taken_for_the_other = [["CCONJ"]], [["SCONJ"]]
    assert by_seqeval(*taken_for_the_other)["f1"] == 100.0
    assert score(*taken_for_the_other)["f1"] == 0.0
    missed_at_the_end = [["NOUN", "X"]], [["NOUN", "O"]]
    assert by_seqeval(*missed_at_the_end)["recall"] == 100.0
    assert score(*missed_at_the_end)["recall"] == 50.0


@settings(max_examples=400)
@given(tagged(ODD))
def test_odd_tags_score_as_in_seqeval_by_the_old_rule_of_types(pair):
    gold, predicted = pair
    assert score(gold, predicted) == pytest.approx(by_seqeval(spelt_out(gold), spelt_out(predicted)), abs=1e-9)


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        ([["B-PER", "I-PER", "O", "B-LOC"]], {("PER", 0, 1), ("LOC", 3, 3)}),
        ([["B-PER", "B-PER"]], {("PER", 0, 0), ("PER", 1, 1)}),
        ([["O", "I-PER", "I-LOC"]], {("PER", 1, 1), ("LOC", 2, 2)}),  # no B is needed to open a span
        ([["B-PER"], ["I-PER"]], {("PER", 0, 0), ("PER", 2, 2)}),  # no span crosses a sentence end (an O at 1)
        ([["NOUN", "NOUN", "VERB"]], {("NOUN", 0, 1), ("VERB", 2, 2)}),
        ([["SYM", "SYM", "SCONJ"]], {("SYM", 0, 0), ("SYM", 1, 1), ("SCONJ", 2, 2)}),
        ([["X", "X"], ["X"]], {("X", 0, 1), ("X", 3, 3)}),
        ([["B-ARG-LOC", "I-LOC"]], {("LOC", 0, 1)}),
        ([["E-PER", "I-PER"]], {("PER", 0, 0), ("PER", 1, 1)}),
        ([["O", "O"]], set()),
    ],
)
def test_spans_are_found_as_read_by_hand(sentences, expected):
    assert spans(sentences) == expected


def test_figures_by_hand():
    gold = [["B-PER", "I-PER", "O", "B-LOC"], ["B-ORG", "O"]]
    predicted = [["B-PER", "I-PER", "O", "B-ORG"], ["O", "O"]]
    assert score(gold, predicted) == pytest.approx({"f1": 40.0, "precision": 50.0, "recall": 100 / 3})


def test_one_wrong_tag_in_a_run_costs_the_whole_run():
    gold, predicted = [["NOUN", "NOUN", "NOUN", "VERB"]], [["NOUN", "VERB", "NOUN", "VERB"]]
    assert score(gold, predicted) == pytest.approx({"f1": 100 / 3, "precision": 25.0, "recall": 50.0})


def test_text_without_spans_scores_zero_not_a_hundred():
    assert score([["O", "O"]], [["O", "O"]]) == {"f1": 0.0, "precision": 0.0, "recall": 0.0}
    assert score([["O", "B-PER"]], [["O", "O"]]) == {"f1": 0.0, "precision": 0.0, "recall": 0.0}


@given(tagged(UPOS))
def test_gold_scores_a_hundred_against_itself(pair):
    assert score(pair[0], pair[0]) == {"f1": 100.0, "precision": 100.0, "recall": 100.0}


@given(tagged(BIO + UPOS), st.randoms(use_true_random=False))
def test_the_order_of_sentences_does_not_matter(pair, random):
    both = list(zip(*pair, strict=True))
    assert score(*zip(*random.sample(both, len(both)), strict=True)) == score(*pair)


@given(tagged(BIO))
def test_exchanging_gold_and_prediction_exchanges_precision_and_recall(pair):
    there, back = score(*pair), score(*reversed(pair))
    assert (back["f1"], back["precision"], back["recall"]) == (there["f1"], there["recall"], there["precision"])


@given(tagged(BIO))
def test_renaming_the_types_changes_nothing(pair):
    renamed = [[[tag.replace("PER", "RIVER") for tag in sentence] for sentence in side] for side in pair]
    assert score(*renamed) == score(*pair)


def test_time_grows_with_the_text_and_not_with_its_square():
    text = [UPOS, BIO] * 8_000  # 192,000 words; comparing every pair of spans would take hours
    start = process_time()
    assert score(text, text)["f1"] == 100.0
    assert process_time() - start < 5


@pytest.mark.parametrize(
    ("gold", "predicted", "message"),
    [
        ([], [], "no gold sentence"),
        ([[]], [[]], "no gold tag"),
        ([["O"], ["O", "O"]], [["O"], ["O", "O", "O"]], "sentence 1: 2 gold tags, 3 predicted"),
        ([["O"], ["O"]], [["O"]], "sentence 1: not in predicted"),
        ([["O"]], [["O"], ["O"]], "sentence 1: not in gold"),
    ],
)
def test_tags_that_do_not_line_up_with_gold_are_refused(gold, predicted, message):
    with pytest.raises(ValueError, match=message):
        score(gold, predicted)


def test_a_sentence_counts_the_spans_that_end_in_it():
    gold = [["B-PER", "I-PER", "O", "B-LOC"], ["O"], ["B-ORG", "O"]]
    predicted = [["B-PER", "I-PER", "O", "B-ORG"], ["B-PER"], ["O", "O"]]
    assert counts(gold, predicted) == [(1, 2, 2), (0, 0, 1), (0, 1, 0)]


def test_a_tag_that_runs_over_a_sentence_end_is_counted_once():
    gold = [["N-O"], ["B-PER"]]
    assert [sum(column) for column in zip(*counts(gold, gold), strict=True)] == [len(spans(gold))] * 3

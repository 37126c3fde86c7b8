"""What the report says of orders: scores after each stage, what is forgotten, and nothing where no arms are orders."""

from __future__ import annotations

import re

import pytest

from isthmus.cli.report import evidence_of
from isthmus.report.latex import to_latex
from isthmus.report.orders import ordered
from isthmus.report.page import render

ORDERED = """\
study: ordered
question: Does the order of two stages matter?
data: data
model:
  pretrain:
    text: {en: [text/en.txt]}
    tokenizer: {vocab_size: 100}
    network: {model_type: bert, hidden_size: 16, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 32}
    seed: 1
    tokens: 1000
    batch_tokens: 100
    learning_rate: 0.001
seeds: SEEDS
design: {order: {tasks: [mnli, squad], orders: all}}
targets: [xnli, {task: mnli, head: kept, splits: [dev]}, {task: squad, head: kept, splits: [dev]}]
source: en
languages: [en, de, fi]
recipe: {learning_rate: 0.001, steps: 2, batch_tokens: 100}
baselines: [majority]
claims: [task-order]
"""


@pytest.fixture(scope="module")
def opened(invented):
    return invented(languages="en de fi", study=ORDERED)


@pytest.fixture(scope="module")
def evidence(opened, tmp_path_factory):
    file = tmp_path_factory.mktemp("ordered") / "study.yaml"
    file.write_text(ORDERED.replace("SEEDS", "[1, 2, 3]"), "utf-8")
    return evidence_of(opened, file)


@pytest.fixture(scope="module")
def page(evidence):
    return render(evidence)


def test_each_target_has_its_score_after_each_stage_that_it_can_be_judged_after(evidence):
    (found,) = evidence.orders
    courses = {course.task: course for course in found.courses}
    assert set(courses["xnli"].means) == {(), ("mnli",), ("squad",), ("mnli", "squad"), ("squad", "mnli")}
    assert set(courses["mnli"].means) == {("mnli",), ("mnli", "squad"), ("squad", "mnli")}
    assert (courses["xnli"].kept, courses["mnli"].kept) == (False, True)
    assert [seed for seed, _ in courses["xnli"].seeds["mnli",]] == [1, 2, 3]


def test_what_a_later_stage_took_away_is_seen_with_its_own_head(evidence):
    (found,) = evidence.orders
    lost = found.lost("mnli", "mnli", "squad")
    assert lost.found.ends()[1] < 0
    assert lost.found.delta == pytest.approx(-50, abs=25)
    assert found.lost("xnli", "squad", "mnli") is None  # which does not train for it
    assert found.effect("squad", "squad", 2).found.delta > 0


def test_models_are_of_each_target_and_tell_what_they_rest_on(evidence):
    (found,) = evidence.orders
    assert [task for task, _ in found.fits] == ["xnli", "mnli", "squad"]
    fit = dict(found.fits)["xnli"]
    assert {one.name for one in fit.estimates} == {"last mnli", "last squad"}
    assert (fit.n, fit.freedom) == (2 * 3 * 2, 2)  # orders, seeds and zero-shot languages


def test_the_page_says_it_in_words_in_plots_and_in_tables(page):
    section = re.search(r'<section id="order".*?</section>', page, re.S)[0]
    assert "Judged with the head that the stage itself left, nothing trained anew: <b>mnli</b> −" in section
    assert section.count("<svg") == 3 + 2  # a plot a target, a sign a stage in the legend
    assert "mnli → squad" in section
    assert "to the end" in section
    assert '<a href="#order">' in page


def test_a_target_that_the_reference_lacks_is_in_no_matrix_but_its_scores_are_shown(evidence, page):
    assert [table.task for table in evidence.compared] == ["xnli"]
    assert {cell.task for matrix in evidence.matrices for row in matrix.rows for cell in row} == {"xnli"}
    matrix = re.search(r'<section id="matrix".*?</section>', page, re.S)[0]
    assert ">mnli<small>accuracy" not in matrix
    scores = re.search(r'<section id="scores".*?</section>', page, re.S)[0]
    assert "squad" in scores
    assert "squad (f1)" not in to_latex(evidence)


def test_what_was_forgotten_is_a_table_of_latex_too(evidence):
    tables = to_latex(evidence)
    assert "stage & target & then mnli & then squad & to the end" in tables
    assert re.search(r"^mnli & mnli \(own head\) & -- & \\textbf\{\\ensuremath\{-\}", tables, re.M)


def test_claims_average_over_targets_that_are_trained_for_and_not_over_kept_heads(evidence):
    (judged,) = [one for one in evidence.judgements if one.id == "order-is-nothing"]
    assert judged.delta is not None
    assert judged.n == 30 * 2  # the test sets of xnli in two languages


def test_nothing_is_shown_where_no_arms_are_orders(finished, page):
    evidence = evidence_of(finished, finished.store.root.parent / "study.yaml")
    assert evidence.orders == ()
    assert ordered(finished.study, finished.plan, finished.store, evidence.tables) == ()
    other = render(evidence)
    assert 'id="order"' not in other
    assert 'href="#order"' not in other


def test_a_study_that_has_only_begun_has_no_figures_of_order_yet(invented, tmp_path):
    begun = invented(languages="en de fi", study=ORDERED, share=0.1)
    (tmp_path / "study.yaml").write_text(ORDERED, "utf-8")
    evidence = evidence_of(begun, tmp_path / "study.yaml")
    (found,) = evidence.orders
    assert (found.forgetting, found.fits, found.sentences) == ((), (), ())
    assert 'id="order"' in render(evidence)

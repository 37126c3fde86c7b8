"""Effects by model on an invented study in which NLI first helps the large model alone and questions help both alike."""

from __future__ import annotations

import pytest

from isthmus.cli.opened import results
from isthmus.cli.report import evidence_of
from isthmus.cli.show import print_effects
from isthmus.report.by_model import AVERAGE, Bounded, ByModel, by_model, model_grids, model_notes, models_json
from isthmus.report.effects import study_effects, verdicts
from isthmus.report.figures import models_domain, models_figure
from isthmus.report.grid import grids, notes
from isthmus.report.latex import to_latex
from isthmus.report.page import render
from isthmus.report.power import target_powers

SCALED = """\
study: scaled
question: Does a larger model gain more?
data: data
models:
  small: {pretrain: {text: {en: [text/en.txt]}, tokenizer: {vocab_size: 100}, seed: 1, tokens: 1000, batch_tokens: 100,
    learning_rate: 0.001, network: {hidden_size: 16, num_hidden_layers: 1, intermediate_size: 32}}}
  large: {pretrain: {text: {en: [text/en.txt]}, tokenizer: {vocab_size: 100}, seed: 1, tokens: 1000, batch_tokens: 100,
    learning_rate: 0.001, network: {hidden_size: 16, num_hidden_layers: 2, intermediate_size: 32}}}
seeds: SEEDS
arms: {none: [], nli: [{task: mnli, recipe: {steps: 3}}], qa: [{task: squad, recipe: {steps: 3}}]}
targets: [xnli, xquad]
source: en
languages: all
groups: {near: [de, nl]}
recipe: {learning_rate: 0.001, steps: 2, batch_tokens: 100}
baselines: [majority, overlap]
claims:
  - {text: NLI first helps NLI, source: a paper, arm: nli@large, target: xnli, expect: higher}
"""


@pytest.fixture(scope="module")
def opened(invented):
    return invented(seeds=(1, 2, 3, 4), study=SCALED)


@pytest.fixture(scope="module")
def found(opened):
    return {(one.arm, one.target): one for one in by_model(opened.study, opened.plan, opened.store)}


@pytest.fixture(scope="module")
def evidence(opened, tmp_path_factory):
    file = tmp_path_factory.mktemp("scaled") / "study.yaml"
    file.write_text(SCALED, "utf-8")
    return evidence_of(opened, file)


def test_every_arm_and_target_has_an_effect_on_each_model_and_one_between_them(found):
    assert set(found) == {(arm, task) for arm in ("nli", "qa") for task in ("xnli", "xquad", AVERAGE)}
    assert all(list(one.effects) == ["small", "large"] and one.difference for one in found.values())


def test_a_gain_of_the_large_model_alone_is_one_between_models_and_a_gain_of_both_is_none(found):
    nli, qa = found["nli", "xnli"], found["qa", "xquad"]
    assert (nli.effects["small"].sign, nli.effects["large"].sign, nli.difference.sign) == (0, 1, 1)
    assert (qa.effects["small"].sign, qa.effects["large"].sign, qa.difference.sign) == (1, 1, 0)


def test_the_difference_is_that_of_the_effects_on_the_last_and_the_first_model(found):
    for one in found.values():
        assert one.difference.delta == pytest.approx(one.effects["large"].delta - one.effects["small"].delta)


def test_the_average_weighs_targets_alike(found):
    each = [found["nli", task].effects["large"].delta for task in ("xnli", "xquad")]
    assert found["nli", AVERAGE].effects["large"].delta == pytest.approx(sum(each) / 2)


def test_effects_of_tables_and_of_models_are_the_same_figures(opened, found):
    effects = study_effects(opened.study, opened.plan, opened.store)
    heads = {(e.arm, e.task): e for e in effects if e.language == "zero-shot"}
    assert heads["nli@large", "xnli"].delta == pytest.approx(found["nli", "xnli"].effects["large"].delta)
    assert heads["nli@large", "xnli"].low == pytest.approx(found["nli", "xnli"].effects["large"].low)


def test_every_effect_is_within_a_model(opened):
    effects = study_effects(opened.study, opened.plan, opened.store)
    assert {(e.arm, e.against) for e in effects} == {
        (f"{arm}@{model}", f"none@{model}") for arm in ("nli", "qa") for model in ("small", "large")
    }
    family = [e for e in effects if e.p_holm is not None]
    assert len(family) == 2 * 2 * 2  # one family for all models
    assert max(e.p_holm / e.p for e in family if e.p and e.p_holm < 1) > 4  # larger than that of one model alone could be


def test_a_claim_on_an_arm_of_a_model_has_its_verdict(opened):
    [verdict] = verdicts(opened.study, study_effects(opened.study, opened.plan, opened.store))
    assert (verdict.effect.arm, verdict.effect.against, verdict.outcome) == ("nli@large", "none@large", "supported")


def test_tables_take_differences_within_a_model(opened):
    _, summary = results(opened)
    table = next(table for table in summary.tables if table.task == "xnli" and table.main)
    figures = table.average("zero-shot").figures
    for model in ("small", "large"):
        own = figures[f"nli@{model}"]
        assert own.delta.mean == pytest.approx(own.score.mean - figures[f"none@{model}"].score.mean)
        assert all(name.partition("@")[2] in ("", model) for name in own.not_beaten)


def test_tables_on_the_terminal_leave_the_difference_of_each_reference_from_itself_out(opened):
    _, summary = results(opened)
    drawn = grids(summary)
    deltas = {row[0]: row[-2] for row in drawn[0].rows}
    assert (deltas["none@small"], deltas["none@large"]) == ("", "")
    assert deltas["nli@large"]
    assert "Δ difference from none of the same model, seed by seed" in notes(summary, drawn)


def test_the_terminal_shows_effects_by_model(opened, capsys):
    print_effects(opened, False, (), csv=False, resample=False)
    said = capsys.readouterr().out
    assert "effects against none@small" in said
    assert "large − small" in said
    assert "p-values corrected by Holm over all 8 headline averages compared with none:" in said


def test_power_is_measured_on_pairs_within_a_model(opened):
    [xnli, _] = target_powers(opened.study, opened.plan, opened.store, 5.0)
    assert xnli.pairs == 2 * 2  # two arms beside the reference of each of two models


def test_the_grid_has_a_column_for_each_model_and_says_what_the_last_one_is(found):
    [grid] = model_grids(list(found.values()))
    assert grid.headers[2:] == ("Δ small", "Δ large", "large − small")
    assert len(grid.rows) == len(found)
    assert "what an arm changes on large beyond what it changes on small" in "".join(model_notes(list(found.values())))
    assert model_grids([]) == [] == list(model_notes([]))


def test_it_is_plain_json(found):
    [one] = models_json([found["nli", "xnli"]])
    assert one["effects"]["large"]["delta"] == found["nli", "xnli"].effects["large"].delta
    assert one["difference"]["low"] > 0


def test_a_target_judged_with_a_head_that_a_stage_left_is_in_no_average(opened, found):
    xnli, xquad = opened.study.targets
    kept = opened.study.model_copy(update={"targets": (xnli, xquad.model_copy(update={"head": "kept"}))})
    others = {(one.arm, one.target): one for one in by_model(kept, opened.plan, opened.store)}
    assert set(others) == {(arm, task) for arm in ("nli", "qa") for task in ("xnli", "xquad")}
    assert others["nli", "xnli"] == found["nli", "xnli"]


def test_a_study_without_scores_has_none(invented):
    bare = invented(seeds=(1,), study=SCALED, share=0.0)
    assert by_model(bare.study, bare.plan, bare.store) == ()


def test_what_is_not_measured_yet_is_left_open(invented):
    half = invented(seeds=(1, 2), study=SCALED, share=0.5)
    found = by_model(half.study, half.plan, half.store)
    assert found
    assert all(one.difference is None for one in found if not all(one.effects.values()))
    assert any(None in one.effects.values() for one in found)
    assert model_grids(found)[0].rows


def test_matrices_group_arms_by_model_each_below_what_it_is_compared_with(evidence):
    rows = [row[0].arm for row in evidence.matrices[0].rows]
    assert rows == ["none@small", "nli@small", "qa@small", "none@large", "nli@large", "qa@large"]
    assert evidence.arms == ("nli@small", "qa@small", "nli@large", "qa@large")
    assert [row[0].effect is None for row in evidence.matrices[0].rows] == [True, False, False] * 2


def test_the_page_has_a_section_by_model_with_a_plot_for_each_arm_and_target(evidence):
    page = render(evidence)
    section = page[page.index('<section id="models"') :]
    section = section[: section.index("</section>")]
    assert section.count("<svg") == 2 * 3
    assert "nli on xnli, by model" in section
    assert "none</b> of the same model" in page
    assert page.count('<tr class="reference">') == 2 * len(evidence.matrices)
    assert 'href="#models"' in page


def test_the_words_of_the_report_know_of_several_models(evidence):
    assert evidence.answer[0].startswith("Compared with `none` of the same model")
    said = {heading: " ".join(lines) for heading, lines in evidence.methods}
    assert "Arms @small start from" in said["Model"]
    assert "Arms @large start from" in said["Model"]
    assert said["Arms"].count("nli: ") == 1
    assert "difference of an arm from none of the same model" in said["Statistics"]
    assert any("Each of the 2 models is one pretraining" in limit for limit in evidence.limits)


def test_latex_has_a_group_of_rows_for_each_model_and_a_table_by_model(evidence):
    text = to_latex(evidence)
    first = text[: text.index(r"\end{table}")]
    assert first.count(r"\midrule") == 4  # below the headings, and between the parts of two models
    assert first.index("none@small") < first.index("qa@small") < first.index("none@large") < first.index("nli@large")
    assert r"large \ensuremath{-} small" in text


def test_a_page_of_one_model_has_no_section_by_model(finished, tmp_path):
    file = tmp_path / "study.yaml"
    file.write_text("study: of one model\n", "utf-8")
    page = render(evidence_of(finished, file))
    assert by_model(finished.study, finished.plan, finished.store) == ()
    assert 'id="models"' not in page
    assert "of the same model" not in page


def test_a_figure_shows_models_in_order_below_their_difference():
    one = ByModel("nli", "x", {"a": Bounded(1.0, -1.0, 3.0), "b": None, "c": Bounded(5.0, 4.0, 6.0)}, Bounded(4.0, 1.0, 7.0))
    domain = models_domain([one])
    assert domain[0] < -1
    assert domain[1] > 7
    svg = models_figure(one, domain, "f")
    assert svg.index("c − a") < svg.index(">a<") < svg.index(">c<")
    assert ">b<" not in svg
    assert svg.count('class="mark up"') == 2
    assert svg.count('class="mark flat"') == 1

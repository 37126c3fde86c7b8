"""What inference costs: from a store to tables and sentences, as far as the study is done."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from statistics import fmean

import pytest
from efficient import LANGUAGES, efficient_plan, efficient_study, fill
from timings import BASE, MACHINE, NOISY, SUB_WORDS, invented_measurements

from isthmus.analysis.latency import against_reference, configuration
from isthmus.core.errors import CorruptArtifact
from isthmus.report.efficiency import efficiency, named
from isthmus.report.efficiency_export import efficiency_csv, efficiency_json
from isthmus.report.efficiency_grids import doubts, efficiency_notes, missing, same_grid, spent_grid
from isthmus.report.efficiency_summary import efficiency_grids
from isthmus.report.efficiency_words import answered, cost_limits, measured_how
from isthmus.report.serving import measurements_of
from isthmus.report.spent import spent
from isthmus.results.measured import FILE, write_measurements
from isthmus.store.store import Store


@pytest.fixture(scope="module")
def plan():
    return efficient_plan()


@pytest.fixture(scope="module")
def full(tmp_path_factory, plan):
    store = Store(tmp_path_factory.mktemp("full") / "store")
    store.prepare()
    fill(store, plan)
    return store


@pytest.fixture(scope="module")
def found(plan, full):
    return efficiency(efficient_study(), plan, full)


@pytest.fixture
def cost_of(plan, store):
    """A function that fills a store as told and returns what can be said of it."""

    def gathered(plan=plan, study=None, **how):
        fill(store, plan, **how)
        return efficiency(study or efficient_study(), plan, store)

    return gathered


def grid(found, start, **how):
    return next(one for one in efficiency_grids(found, **how) if one.title.startswith(start))


def test_a_study_without_variants_and_measurements_has_no_such_section(store, plan_of):
    assert efficiency(efficient_study(variants={}, efficiency=None), plan_of(("none@small", 1, "de")), store) is None


def test_an_empty_store_says_how_much_is_missing_and_that_nothing_is_measured(cost_of):
    found = cost_of(but=("score", "bench"))
    assert (found.scores, found.runs) == ((0, 48), (0, 2))
    assert list(missing(found)) == [
        "48 of 48 scores of variants are still missing",
        "2 of 2 runs of measurements are still missing",
    ]
    assert list(answered(found)) == ["What inference costs is not measured yet."]
    assert (efficiency_grids(found), measured_how(found)) == ([], ())


def test_without_measurements_losses_stand_alone(cost_of):
    found = cost_of(but=("bench",))
    assert {one.variant for one in found.losses} == {"shallow", "int8"}
    assert (found.spent, found.same, found.runs) == ((), (), (0, 2))
    assert not any(one.points for one in found.fronts)
    assert [one.title[:18] for one in efficiency_grids(found)] == ["what each cheaper "]


def test_without_the_scores_of_a_variant_it_has_a_cost_and_neither_a_point_nor_a_loss(cost_of):
    found = cost_of(but=("int8",))
    assert {one.variant for one in found.losses} == {"shallow"}
    assert {named(one.configuration)[2] for one in found.spent} == {"", "shallow", "int8"}
    assert {named(point.configuration)[2] for front in found.fronts for point in front.points} == {"", "shallow"}
    assert found.scores == (24, 48)


def test_costs_are_means_over_languages_of_what_was_measured_in_each(found):
    whole = next(one for one in found.spent if (one.configuration, one.language) == ("none@small", "all"))
    own = [one for one in found.spent if one.configuration == "none@small" and one.language != "all"]
    assert [one.language for one in own] == list(LANGUAGES)
    assert whole.p50.value == pytest.approx(fmean(one.p50.value for one in own))
    assert own[0].p50.value == pytest.approx(BASE * SUB_WORDS["en"] ** 0.5, rel=0.02)
    assert [one.sub_words for one in own] == pytest.approx([SUB_WORDS[name] for name in LANGUAGES], rel=0.01)
    assert whole.joules is None


def test_every_arm_is_compared_with_the_reference_of_its_model_and_variant(found, plan, full):
    heads = [one for one in found.same if (one.language, one.quantity) == ("all", "latency")]
    assert {(one.arm, one.against) for one in heads} == {
        (f"nli@{model}{variant}", f"none@{model}{variant}")
        for model in ("small", "large")
        for variant in ("", "/shallow", "/int8")
    }
    assert {one.ratio.outcome for one in heads} == {"equivalent"}
    assert heads == [
        one for one in against_reference(measurements_of(plan, full), "none", "latency") if one.language == "all"
    ]


def test_a_slower_arm_is_found_named_and_not_called_the_same(cost_of):
    found = cost_of(slower={"nli@small": 1.15})
    rows = [row for row in same_grid(found).rows if row[1] == "small"]
    assert {row[8] for row in rows} == {"different"}
    assert all(row[5].startswith("×1.1") for row in rows)
    sentence = next(answered(found))
    assert sentence.startswith("At one model and variant, beside `none`: latency is the same in 3 of 6 comparisons")
    assert "differs in 3 (`nli@small" in sentence
    assert "×1.1" in sentence


def test_equal_accuracy_is_cheaper_where_a_stage_makes_the_small_model_as_good_as_the_large(found):
    front = found.fronts[0]
    assert (front.task, front.scope, front.languages) == ("xnli", "zero-shot", ("de", "fi"))
    large = next(one for one in front.equal if one.bar == "none@large")
    assert (large.staged.configuration, large.cheaper) == ("nli@small/int8", True)
    assert large.ratio == pytest.approx(large.staged.cost / large.plain.cost)
    assert front.gain.points.ends()[0] > 0
    told = " ".join(answered(found))
    assert "as good as `none@large` ×0." in told
    assert "(`nli@small/int8`)" in told
    assert "in 3 of 3 languages (en, de, fi)" in told


def test_fronts_part_arms_with_stages_from_those_without_on_every_average_and_language(found):
    assert [one.scope for one in found.fronts] == ["zero-shot", "en", "near", "unseen", "de", "fi"]
    for front in found.fronts:
        assert {named(point.configuration)[0] for point in front.staged} == {"nli"}
        assert {named(point.configuration)[0] for point in front.plain} == {"none"}
        assert set(front.staged) | set(front.plain) <= set(front.points)
        assert front.costed == front.languages


def test_costs_of_languages_that_were_not_timed_are_those_of_the_timed_ones(cost_of):
    plan = efficient_plan()
    for bench in plan.benches:
        plan.steps[bench.step].settings["data"][:] = [{"language": "en"}]
    found = cost_of(plan=plan)
    front = next(one for one in found.fronts if one.scope == "zero-shot")
    assert (front.languages, front.costed) == (("de", "fi"), ("en",))


def test_a_loss_that_a_stage_makes_smaller_is_a_clear_interaction(cost_of):
    found = cost_of(shift=0.3)
    head = [one for one in found.losses if (one.variant, one.scope) == ("shallow", "zero-shot") and one.interaction]
    assert [one.interaction.delta > 10 for one in head] == [True, True]
    assert min(one.p_holm for one in head) < 0.05
    told = " ".join(answered(found))
    assert "Of 2 differences in loss after a stage and without 1 is clear, 1 of them less loss after it" in told
    assert "`nli/shallow` +" in told


def test_no_interaction_is_said_to_stay_open(found):
    assert "stays open" in " ".join(answered(found))


def test_several_targets_have_a_mean_over_them(cost_of):
    plan = efficient_plan(("xnli", "pawsx"))
    found = cost_of(plan=plan, study=efficient_study(targets=[{"task": "xnli"}, {"task": "pawsx"}]))
    assert {one.scope: one.tasks for one in found.across}["zero-shot"] == ("xnli", "pawsx")
    assert found.across[0].overall.ratio < 1
    assert "mean of 2 targets ×0." in " ".join(answered(found))
    assert any(row[0] == "mean of 2 targets" for row in grid(found, "points that").rows)


def test_a_study_without_a_reference_has_costs_and_no_comparison(cost_of):
    found = cost_of(study=efficient_study(arms={"none": [{"task": "squad"}], "nli": [{"task": "mnli"}]}))
    assert (found.same, found.reference) == ((), None)
    assert found.spent
    assert all(one.interaction is None for one in found.losses)
    assert not any(front.equal or front.plain for front in found.fronts)
    assert "without a stage" not in " ".join(answered(found))


def test_noise_is_said_in_the_limitations_with_its_reason(cost_of):
    found = cost_of(noise=NOISY)
    [said] = doubts(found)
    assert said == f"the machine was noisy as xnli of small, xnli of large was measured ({NOISY.why[0]})"
    assert any(NOISY.why[0] in sentence for sentence in cost_limits(found))
    assert grid(found, "measured on").rows[0][-1] == "noisy"


def test_a_quiet_machine_is_one_machine_all_the_same(found):
    told = " ".join(cost_limits(found))
    assert "noisy" not in told
    assert f"one machine ({MACHINE.cpu}, 1 thread)" in told
    assert "One checkpoint of each configuration was timed" in told


def test_methods_tell_the_protocol_that_was_measured_by(found):
    [(heading, sentences)] = measured_how(found)
    assert heading == "Cost of inference"
    assert "2 rounds of warm-up, over at least 24 rounds, 64 queries and 2 s" in sentences[0]
    assert "outliers are kept" in sentences[1]


def test_tables_leave_out_the_model_where_there_is_one_and_energy_where_nothing_tells(found):
    assert "model" in grid(found, "cost, the mean", languages=True).headers
    assert "energy" not in spent_grid(found).headers
    alone = efficiency_grids(found.__class__(**{name: getattr(found, name) for name in found.__slots__} | {"spent": ()}))
    assert all(one.rows for one in alone)


def test_layers_of_early_exits_are_shown_where_some_were_told(found):
    assert "layers" not in spent_grid(found).headers
    first, *others = found.spent
    early = replace(found, spent=(replace(first, depth=1.5), *others))
    shown = spent_grid(early)
    assert [row[shown.headers.index("layers")] for row in shown.rows[:2]] == ["1.50", "–"]
    assert any(note.startswith("layers: how many a window goes through") for note in efficiency_notes(early))


def test_the_layers_of_a_configuration_are_their_mean_over_languages(plan, full):
    measured = measurements_of(plan, full)[0]
    timed = measured.timed[0]
    languages = {name: replace(one, depth=float(i)) for i, (name, one) in enumerate(timed.languages.items(), start=1)}
    early = replace(measured, timed=(replace(timed, languages=languages), *measured.timed[1:]))
    whole, *each = [one.depth for one in spent([early]) if one.configuration == configuration(timed)]
    assert each == list(map(float, range(1, len(languages) + 1)))
    assert whole == fmean(each)
    assert {one.depth for one in spent([early]) if one.configuration != configuration(timed)} == {None}


def test_languages_add_tables_and_notes_explain_the_columns(found):
    assert len(efficiency_grids(found, languages=True)) == len(efficiency_grids(found)) + 8
    assert [row[4] for row in grid(found, "cost in each", languages=True).rows[:3]] == list(LANGUAGES)
    assert any("within 1 ± 5 %" in note for note in efficiency_notes(found))


def test_csv_has_a_line_for_each_configuration_and_language_with_all_digits(found):
    lines = list(csv.DictReader(efficiency_csv(found).splitlines()))
    assert len(lines) == len(found.spent) == 12 * 4
    one = next(line for line in lines if (line["arm"], line["model"], line["variant"]) == ("nli", "large", "int8"))
    timing = next(one for one in found.same if (one.arm, one.language) == ("nli@large/int8", "all"))
    assert float(one["reference_ratio"]) == timing.ratio.ratio
    assert (one["language"], one["reference_outcome"], one["joules"]) == ("all", "equivalent", "")
    assert float(one["full_ratio"]) == pytest.approx(0.5, rel=0.02)
    assert next(line for line in lines if line["arm"] == "none")["reference_ratio"] == ""


def test_json_holds_every_part_as_plain_numbers(found):
    told = json.loads(json.dumps(efficiency_json(found), allow_nan=False))
    assert told["runs"] == {"done": 2, "planned": 2}
    assert told["measured"][0]["machine"]["cpu"] == MACHINE.cpu
    assert told["measured"][0]["day"] == "2026-11-20"
    front = told["fronts"][0]
    assert front["gain"]["delta"] == found.fronts[0].gain.points.delta
    assert front["equal"][0]["ratio"] == found.fronts[0].equal[0].ratio
    assert [one["outcome"] for one in told["same"]] == [one.ratio.outcome for one in found.same]
    assert told["losses"][0]["loss"]["delta"] == found.losses[0].loss.delta


def test_a_damaged_measurement_is_an_error_that_names_the_file(plan, store):
    step = plan.steps[plan.benches[0].step]
    scratch = store.begin(step.id)
    file = scratch.output / FILE
    write_measurements(file, invented_measurements(step))
    file.write_text(file.read_text("utf-8").replace('"threads": 1', '"threads": "one"'), "utf-8")
    store.commit(step.id, scratch, step.payload, step.name, {})
    with pytest.raises(CorruptArtifact, match=r"measurements\.json: machine\.threads"):
        efficiency(efficient_study(), plan, store)

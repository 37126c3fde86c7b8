"""What tables of cost come to: counts of what is as fast, reasons where it is not, and what each cheaper form loses."""

from __future__ import annotations

from dataclasses import replace
from statistics import fmean

import pytest
from efficient import efficient_plan, efficient_study, fill
from timings import NOISY

from isthmus.analysis.latency import ratio_of
from isthmus.report.efficiency import efficiency, named
from isthmus.report.efficiency_forms import KEPT, OTHERS
from isthmus.report.efficiency_grids import same_grid
from isthmus.report.efficiency_summary import counts_grid, exceptions, forms_grid, losing, spoken_losses_grid
from isthmus.store.store import Store

TRIMMED = {"shallow": {"vocabulary": ["en", "de"]}, "int8": {"precision": "int8"}}


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


def with_ratio(found, quantity, ratio):
    """The same with another ratio of one comparison: nli@small/int8 over all languages."""
    lines = [
        replace(one, ratio=ratio) if (one.arm, one.quantity, one.language) == ("nli@small/int8", quantity, "all") else one
        for one in found.same
    ]
    return replace(found, same=tuple(lines))


def slower(by, **keys):
    """A ratio that is certain, with what else is known of it."""
    rounds = [1 + 0.001 * (i % 3) for i in range(24)]
    return replace(ratio_of([[by * own for own in rounds]], [rounds[::-1]]), **keys)


def test_outcomes_are_counted_for_each_target_and_model_and_quantity(found):
    assert counts_grid(found).rows == tuple(("xnli", name, "3", "3", "0", "0", "3", "0", "0") for name in ("small", "large"))
    [small, large] = counts_grid(with_ratio(found, "throughput", slower(0.85))).rows
    assert small == ("xnli", "small", "3", "3", "0", "0", "2", "1", "0")
    assert large[3:] == ("3", "0", "0", "3", "0", "0")


def test_the_p_beside_a_figure_is_its_own_and_not_that_of_another_quantity(found):
    told = with_ratio(with_ratio(found, "throughput", slower(0.85, p_holm=0.0004)), "latency", slower(1.0, p_holm=1.0))
    grid = same_grid(told)
    [row] = [row for row in grid.rows if row[:3] == ("nli", "small", "int8")]
    assert grid.headers[5:] == (
        *("latency", "95 % interval", "Holm", "verdict"),
        *("throughput", "95 % interval", "Holm", "verdict"),
    )
    assert (row[7], row[11], row[12]) == ("1.000", "<0.001", "different")


def test_what_is_the_same_everywhere_has_no_exceptions(found):
    assert list(exceptions(found)) == []


@pytest.mark.parametrize(
    ("keys", "adaptive", "words"),
    [
        ({"p_holm": 0.001}, {"int8": "each arm may answer from other layers"}, "each arm may answer from other layers, so"),
        ({"p_holm": 0.4}, {}, "perhaps chance, for after correction for 6 comparisons p is 0.40"),
        ({"p_holm": 0.001, "doubts": ("a load",)}, {}, "the machine was noisy, and the work is the same"),
        ({"p_holm": 0.001}, {}, "time it anew"),
    ],
)
def test_a_difference_is_told_with_the_likeliest_reason(found, keys, adaptive, words):
    [said] = exceptions(replace(with_ratio(found, "throughput", slower(0.85, **keys)), adaptive=adaptive))
    assert said.startswith("throughput of `nli@small/int8` on `xnli` is ×0.85")
    assert words in said


def test_what_is_undecided_says_whether_for_noise_or_for_too_few_rounds(found):
    wide = {"log": 0.0, "error": 0.2, "freedom": 6.0, "rounds": 20}
    assert list(exceptions(with_ratio(found, "latency", slower(1.0, **wide)))) == [
        "latency: 1 of 6 undecided, for too few rounds"
    ]
    noisy = with_ratio(found, "latency", slower(1.0, **wide, doubts=NOISY.why))
    assert list(exceptions(noisy)) == ["latency: 1 of 6 undecided, for noise"]
    assert [row[8] for row in same_grid(noisy).rows if row[:3] == ("nli", "small", "int8")] == ["undecided: noise"]


def test_a_form_is_the_mean_over_models_of_what_its_variant_changes(found):
    one = next(one for one in found.forms if one.variant == "shallow")
    heads = [own for own in found.losses if (own.variant, own.scope) == ("shallow", "zero-shot")]
    by_arm = {arm: fmean(own.loss.delta for own in heads if named(own.arm)[0] == arm) for arm in ("none", "nli")}
    assert (one.arm, one.places, one.scope) == ("nli", 2, "")
    assert one.before.delta == pytest.approx(by_arm["none"])
    assert one.after.delta == pytest.approx(by_arm["nli"])
    assert one.difference.delta == pytest.approx(by_arm["nli"] - by_arm["none"])
    assert [round(own.ratio, 1) for own in one.latency] == [0.6, 0.6]
    assert [round(own.ratio, 1) for own in one.throughput] == [1.7, 1.7]


def test_a_trimmed_vocabulary_is_judged_apart_on_the_languages_it_keeps_and_on_others(plan, full):
    forms = efficiency(efficient_study(variants=TRIMMED), plan, full).forms
    own = {one.scope: one for one in forms if one.variant == "shallow"}
    assert set(own) == {"", KEPT, OTHERS}
    assert {one.scope for one in forms if one.variant == "int8"} == {""}
    losses = {
        one.scope: one.loss.delta
        for one in efficiency(efficient_study(variants=TRIMMED), plan, full).losses
        if (one.arm, one.variant) == ("none@small", "shallow")
    }
    small = {
        one.scope: one.loss.delta
        for one in efficiency(efficient_study(variants=TRIMMED), plan, full).losses
        if (one.arm, one.variant) == ("none@large", "shallow")
    }
    assert own[KEPT].before.delta == pytest.approx(fmean([losses["en"], losses["de"], small["en"], small["de"]]))
    assert own[OTHERS].before.delta == pytest.approx(fmean([losses["fi"], small["fi"]]))
    assert own[KEPT].latency == (None, None)  # times are of all languages timed, and stand once


def test_a_study_of_one_arm_has_forms_without_a_difference(plan, full):
    study = efficient_study(arms={"none": []})
    found = efficiency(study, plan, full)
    assert {(one.arm, one.after, one.difference) for one in found.forms} == {("none", None, None)}
    assert all(one.before is not None for one in found.forms)
    assert [row[1] for row in forms_grid(found).rows] == ["–", "–"]
    assert [sentence.split(",")[0] for sentence in losing(found)] == ["Cheaper forms change scores"]


def test_a_variant_that_one_target_lacks_is_averaged_over_those_that_have_it(plan, store):
    fill(store, plan, but=("bench", "int8"))
    forms = efficiency(efficient_study(), plan, store).forms
    assert [(one.variant, one.places, one.latency) for one in forms] == [("shallow", 2, (None, None))]


def test_changes_by_language_stand_side_by_side_the_reference_before_the_stage(found):
    grid = spoken_losses_grid(found)
    assert grid.headers == ("target", "variant", "arm", "en", "de", "fi")
    assert [row[1:3] for row in grid.rows] == [(v, a) for v in ("shallow", "int8") for a in ("none", "nli")]
    own = [one.loss.delta for one in found.losses if (named(one.arm)[0], one.variant, one.scope) == ("nli", "shallow", "fi")]
    assert grid.rows[1][-1] == f"{fmean(own):+.1f}"

"""From the store to claims on serving: what is finished is read, scores go by configuration, and each claim has its line."""

from __future__ import annotations

import pytest
from efficient import efficient_plan, efficient_study, fill

from isthmus.claims.resolve import resolve
from isthmus.core.errors import CorruptArtifact
from isthmus.report.claim_table import claim_grid, judgements
from isthmus.report.serving import measurements_of, scored_configurations
from isthmus.results.measured import FILE

STUDY = {"claims": ["inference-efficiency"], "groups": {"distant": ["fi"]}}


@pytest.fixture(scope="module")
def plan():
    return efficient_plan()


def judged(plan, store, **changes):
    study = efficient_study(**{**STUDY, **changes})
    return {one.id: one for one in judgements(study, plan, store, [], resolve(study))}


def test_measurements_are_those_of_finished_steps_in_the_order_of_the_plan(plan, store):
    assert measurements_of(plan, store) == ()
    fill(store, plan)
    assert [(one.task, one.model) for one in measurements_of(plan, store)] == [("xnli", "small"), ("xnli", "large")]


def test_scores_go_by_configuration(plan, store):
    fill(store, plan, but=["shallow"])
    found = {one.arm for one in scored_configurations(plan, store)}
    arms = ("none@small", "nli@small", "none@large", "nli@large")
    assert found == {arm + variant for arm in arms for variant in ("", "/int8")}


def test_every_claim_of_the_question_is_judged_where_all_is_measured(plan, store):
    fill(store, plan)
    found = judged(plan, store)
    assert {name: one.outcome for name, one in found.items()} == {
        "same-latency": "supported",
        "same-throughput": "supported",
        "exit-sooner": "not asked here",
        "size-decides": "supported",
        "cheaper-at-equal-accuracy": "supported",
        "cheaper-in-distant-languages": "supported",
        "pruning-loss-after-stage": "undecided",
        "quantisation-loss-after-stage": "undecided",
    }
    rows = {row[0]: row for row in claim_grid(list(found.values())).rows}
    assert rows["size-decides"][2].endswith(" %")
    assert "%" not in rows["pruning-loss-after-stage"][2]


def test_an_arm_that_is_slower_contradicts_that_none_is(plan, store):
    fill(store, plan, slower={"nli@large": 1.15})
    found = judged(plan, store)
    assert (found["same-latency"].outcome, found["same-throughput"].outcome) == ("contradicted", "contradicted")
    assert found["same-latency"].delta == pytest.approx(15, abs=2)
    assert found["size-decides"].outcome == "supported"


def test_nothing_on_times_is_decided_while_a_model_is_not_timed(plan, store):
    fill(store, plan, but=["bench"])
    found = judged(plan, store)
    assert {one.outcome for name, one in found.items() if "loss" not in name and name != "exit-sooner"} == {"undecided"}
    assert found["same-latency"].why == "Not all of it is measured yet: no times on xnli."


def test_a_study_that_measures_nothing_is_not_asked(plan, store):
    fill(store, plan)
    found = judged(plan, store, efficiency=None, variants={})
    assert {one.outcome for one in found.values()} == {"not asked here"}


def test_a_damaged_measurement_is_told(plan, store):
    fill(store, plan)
    file = store.open(plan.benches[0].step) / FILE
    file.chmod(0o644)
    file.write_text("{}")
    with pytest.raises(CorruptArtifact, match=FILE):
        judged(plan, store)

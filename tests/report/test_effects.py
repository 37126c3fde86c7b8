"""Effects come from the counts that the store has, on the averages that the tables show."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import pytest

from isthmus.core.errors import CorruptArtifact, UnknownName
from isthmus.plan.graph import Plan
from isthmus.report.collect import collect
from isthmus.report.effects import stay_clear, study_effects, verdicts
from isthmus.results.counts import COUNTS, write_counts
from isthmus.results.table import summarise
from isthmus.study.spec import Study

LANGUAGES = ("en", "de", "sw", "yo")
CLAIM = {"text": "Names help.", "arm": "panx", "target": "udpos", "expect": "higher"}


def study(**changes) -> Study:
    return Study.model_validate(
        {
            "study": "s",
            "question": "?",
            "model": {"name": "a/b", "revision": "c"},
            "data": "data",
            "seeds": [1, 2, 3],
            "arms": {"none": [], "panx": [{"task": "panx"}], "mnli": [{"task": "mnli"}]},
            "targets": [{"task": "udpos"}],
            "source": "en",
            "languages": list(LANGUAGES),
            "recipe": {"learning_rate": 1e-5, "epochs": 1, "batch_tokens": 10},
            "groups": {"low": ["sw", "yo"]},
            **changes,
        }
    )


@pytest.fixture
def count(store):
    """A function that commits a score with its counts: of a hundred words, how many each of some sentences has right."""

    def count(step, right=None):
        scratch = store.begin(step.id)
        scores = {"values": {}, "main": "f1", "n": 10, "labelled": right is not None}
        if right is not None:
            f1, accuracy = [(n / 2, 100.0, 100.0) for n in right], [(float(n), 100.0) for n in right]
            write_counts(scratch.output, {"span_f1": f1, "token_accuracy": accuracy})
            scores |= {"values": {"f1": sum(right) / 2 / len(right), "accuracy": sum(right) / len(right)}, "n": len(right)}
        (scratch.output / "scores.json").write_text(json.dumps(scores))
        store.commit(step.id, scratch, step.payload, step.name, {})

    return count


@pytest.fixture
def plan(plan_of) -> Plan:
    return plan_of(
        *((arm, seed, language) for arm in ("none", "panx", "mnli") for seed in (1, 2, 3) for language in LANGUAGES),
        *(("baseline:majority", None, language) for language in LANGUAGES),
    )


def right(cell):
    gain = {"none": 0, "panx": 10, "mnli": -5, "baseline:majority": -20}[cell.arm]
    noise = Random(f"{cell.arm} {cell.seed} {cell.language}")
    return [50 + gain + noise.randrange(12) for _ in range(20)]


@pytest.fixture
def finished(plan, count) -> Plan:
    for cell in plan.cells:
        count(plan.steps[cell.step], right(cell))
    return plan


def by_place(effects):
    return {(effect.arm, effect.against, effect.metric, effect.language): effect for effect in effects}


def test_effects_are_the_deltas_of_the_table_with_an_interval_around(finished, store):
    asked = study()
    rows, _ = collect(finished, store, "s")
    [table] = [t for t in summarise(rows, finished.cells, source="en", groups=asked.groups, against="none").tables if t.main]
    effects = by_place(study_effects(asked, finished, store))
    assert len(effects) == 2 * len({line.name for line in (*table.averages, *table.languages)})
    for line in (*table.averages, *table.languages):
        for arm in ("panx", "mnli"):
            effect, delta = effects[arm, "none", "f1", line.name], line.figures[arm].delta
            assert effect.languages == line.languages
            assert effect.delta == pytest.approx(delta.mean)
            assert dict(effect.by_seed) == pytest.approx(dict(delta.by_seed))
            assert effect.low < effect.delta < effect.high


def test_what_matters_is_corrected_for_all_arms_and_targets_that_are_compared(finished, store):
    effects = study_effects(study(), finished, store, ["accuracy"])
    family = [effect for effect in effects if effect.p_holm is not None]
    assert [(one.arm, one.metric, one.language) for one in family] == [(arm, "f1", "zero-shot") for arm in ("panx", "mnli")]
    low, high = sorted(family, key=lambda one: one.p)
    assert low.p_holm == pytest.approx(min(1, 2 * low.p))
    assert high.p_holm == pytest.approx(max(high.p, low.p_holm))


def test_what_claims_compare_besides_is_a_family_of_its_own(finished, store):
    effects = study_effects(study(claims=[CLAIM | {"against": "mnli"}]), finished, store)
    [own] = [effect for effect in effects if effect.against == "mnli" and effect.p_holm is not None]
    assert own.p_holm == own.p


def test_effects_that_stay_clear_are_those_whose_corrected_p_is_below_one_in_twenty(finished, store):
    effects = study_effects(study(), finished, store)
    clear, stay = stay_clear(effects)
    assert {effect.arm for effect in clear} == {"panx", "mnli"}
    assert clear == stay
    doubtful = [replace(effect, p_holm=0.06) for effect in clear]
    assert stay_clear(doubtful) == (doubtful, [])


def test_other_metrics_come_on_request_after_the_main_one(finished, store):
    effects = study_effects(study(), finished, store, ["accuracy"])
    assert list(dict.fromkeys(effect.metric for effect in effects)) == ["f1", "accuracy"]
    found = by_place(effects)
    assert found["panx", "none", "accuracy", "all"].delta == pytest.approx(2 * found["panx", "none", "f1", "all"].delta)


def test_an_unknown_metric_is_refused_with_the_nearest(finished, store):
    with pytest.raises(UnknownName, match="did you mean 'accuracy'"):
        study_effects(study(), finished, store, ["acuracy"])


def test_a_half_finished_study_has_the_effects_of_what_both_arms_have(plan, store, count):
    done = {("none", 1, "en"), ("none", 1, "de"), ("panx", 1, "de"), ("none", 2, "de"), ("mnli", 3, "de")}
    for cell in plan.cells:
        if (cell.arm, cell.seed, cell.language) in done:
            count(plan.steps[cell.step], right(cell))
    effects = study_effects(study(), plan, store)
    assert [(effect.arm, effect.language) for effect in effects] == [
        ("panx", name) for name in ("all", "zero-shot", "unseen", "de")
    ]
    assert {(effect.seeds_seen, effect.languages) for effect in effects} == {(1, ("de",))}


def test_a_study_that_has_not_begun_or_has_no_labels_has_no_effects(plan, store, count):
    assert study_effects(study(), plan, store) == []
    for step in plan:
        count(step)
    assert study_effects(study(), plan, store) == []


def test_damaged_counts_are_found(finished, store):
    file = store.path(finished.cells[0].step) / COUNTS
    file.write_bytes(file.read_bytes()[:-1] + b"\x7f")
    with pytest.raises(CorruptArtifact, match=r"counts\.safetensors"):
        study_effects(study(), finished, store)


def test_claims_are_judged_by_the_effect_they_are_about(finished, store):
    claims = [
        CLAIM,
        CLAIM | {"expect": "lower", "on": "sw"},
        CLAIM | {"against": "mnli", "on": "low"},
        CLAIM | {"arm": "mnli", "against": "panx", "expect": "none", "margin": 1.0},
    ]
    asked = study(claims=claims)
    effects = study_effects(asked, finished, store)
    found = verdicts(asked, effects)
    assert [verdict.outcome for verdict in found] == ["supported", "contradicted", "supported", "contradicted"]
    assert [(v.effect.against, v.effect.language) for v in found] == [
        ("none", "zero-shot"),
        ("none", "sw"),
        ("mnli", "low"),
        ("panx", "zero-shot"),
    ]
    plain = study_effects(study(), finished, store)
    assert effects[: len(plain)] == plain  # what claims ask for besides comes after the rest


def test_a_claim_about_what_is_not_measured_is_undecided(plan, store):
    asked = study(claims=[CLAIM])
    [verdict] = verdicts(asked, study_effects(asked, plan, store))
    assert (verdict.outcome, verdict.effect) == ("undecided", None)


def test_the_reference_is_the_arm_without_stages():
    assert study().reference == "none"
    assert study(arms={"panx": [{"task": "panx"}]}).reference is None


def test_without_a_reference_only_what_claims_compare_has_an_effect(finished, store):
    arms = {"none": [{"task": "squad"}], "panx": [{"task": "panx"}], "mnli": [{"task": "mnli"}]}
    assert study_effects(study(arms=arms), finished, store) == []
    effects = study_effects(study(arms=arms, claims=[CLAIM | {"against": "mnli"}]), finished, store)
    assert {(effect.arm, effect.against) for effect in effects} == {("panx", "mnli")}

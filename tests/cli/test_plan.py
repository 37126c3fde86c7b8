"""What is told of a study before anything runs."""

from __future__ import annotations

import json

import pytest

from isthmus.cli.totals import totals
from isthmus.compute.speed import Speed, write_speed
from isthmus.core.remembered import cache_folder
from isthmus.plan.alone import sharing
from isthmus.plan.graph import Plan
from isthmus.plan.step import Cost, Step

SPEED = Speed("", "cpu", 2, {"fp32": 1e6, "bf16": 2e6}, {"fp32": 1e6, "bf16": 2e6}, "2026-01-01")
KINDS = {"tokenizer": 1, "pretrain": 1, "train": 6, "predict": 8, "score": 10, "baseline": 2}


def plan(isthmus, *arguments: str) -> dict:
    told = isthmus("plan", "study.yaml", "--json", *arguments)
    assert (told.exit_code, told.stderr) == (0, "")
    return json.loads(told.stdout)


def test_the_table_has_a_row_for_each_kind_of_step_and_one_for_all(isthmus, study):
    rows = [line.split() for line in isthmus("plan", "study.yaml").stdout.splitlines() if line.strip()]
    counts = {row[0]: row[1:4] for row in rows if row[0] in {*KINDS, "all"}}
    assert counts == {kind: [str(n), "0", str(n)] for kind, n in {**KINDS, "all": 28}.items()}


def test_planning_makes_no_store(isthmus, study, tmp_path):
    isthmus("plan", "study.yaml", "--why", "--steps")
    assert not (tmp_path / ".isthmus").exists()


def test_what_the_store_has_is_cached_and_costs_nothing(isthmus, finished):
    every = plan(isthmus)["kinds"]["all"]
    assert (every["cached"], every["to_run"]) == (28, 0)
    assert (every["tokens"], every["flops"], every["disk"]) == (0, 0, 0)


def test_steps_are_listed_on_demand(isthmus, study, opened, keep):
    found = opened()
    keep(found.store, next(iter(found.plan)))
    listed = plan(isthmus, "--steps")["steps"]
    assert [one["name"] for one in listed] == [step.name for step in found.plan]
    assert [one["state"] for one in listed] == ["cached"] + ["new"] * 27
    assert listed[0]["id"] == next(iter(found.plan)).id[:12]
    assert "steps" not in plan(isthmus)


def test_sharing_is_counted_against_running_every_arm_seed_and_target_for_itself(study, opened):
    study.write_text(study.read_text("utf-8").replace("[udpos]", "[udpos, {task: panx}]"), "utf-8")
    (study.parent / "data/panx/test-en.tsv").write_text("Jo\tB-PER\n\n", "utf-8")
    found = sharing(opened().plan)
    # a seed: none -> udpos, panx; names -> udpos, panx, each after panx. Training on panx after nothing is the first stage.
    assert (found.alone.training_runs, found.shared.training_runs) == (2 * (1 + 1 + 2 + 2), 2 * (1 + 1 + 1 + 1))


def test_time_is_operations_by_the_measured_speed(opened):
    found = opened()
    slow, fast = (totals(found.plan, found.todo, Speed("", "", 1, by, by, ""), 1) for by in ({"fp32": 1e3}, {"fp32": 1e6}))
    train = [next(one for one in each if one.kind == "train") for each in (slow, fast)]
    assert train[0].seconds - train[1].seconds == pytest.approx(train[0].flops / 1e3 - train[0].flops / 1e6)
    assert slow[-1].seconds == pytest.approx(sum(one.seconds for one in slow[:-1]))


def test_what_is_timed_takes_no_less_than_the_seconds_it_was_asked_for():
    timed = Step("bench", {}, name="timed", cost=Cost(tokens=1, flops=1e6, seconds=90.0))
    slow, fast = (totals(Plan({timed.id: timed}, ()), {timed.id}, Speed("", "", 1, by, by, ""), 1) for by in (
        {"fp32": 1e3}, {"fp32": 1e9}
    ))  # fmt: skip
    assert (slow[-1].seconds, fast[-1].seconds) == (pytest.approx(1000, abs=1), pytest.approx(90, abs=1))


def test_time_is_unknown_before_the_machine_was_measured(isthmus, study, monkeypatch):
    assert "time: unknown; `isthmus measure`" in isthmus("plan", "study.yaml").stdout
    assert plan(isthmus)["kinds"]["all"]["seconds"] is None
    monkeypatch.setattr("socket.gethostname", lambda: SPEED.host)
    write_speed(cache_folder(), SPEED)
    assert "unknown" not in isthmus("plan", "study.yaml").stdout
    assert plan(isthmus)["kinds"]["all"]["seconds"] > 0


def test_the_size_of_a_hub_model_is_said_to_be_unknown(isthmus, study):
    text = study.read_text("utf-8")
    hub = "model: {name: some/model, revision: abc}\n"
    study.write_text(text[: text.index("model:")] + hub + text[text.index("seeds:") :], "utf-8")
    assert "the size of a model is not known" in isthmus("plan", "study.yaml").stdout


def test_why_names_the_setting_that_changed_and_how_much_hangs_on_it(isthmus, study, finished):
    study.write_text(study.read_text("utf-8").replace("{learning_rate: 0.001", "{learning_rate: 0.002"), "utf-8")
    text = isthmus("plan", "study.yaml", "--why").stdout
    line = (
        "none/seed 1/udpos and 3 like it: new because settings.recipe.learning_rate 0.001 -> 0.002 "
        "(nearest: none/seed 1/udpos); 18 steps below are new with it"
    )
    assert line in text.splitlines()
    reasons = plan(isthmus, "--why")["why"]
    assert {json.dumps(one["changes"]) for one in reasons} == {
        '[{"key": "settings.recipe.learning_rate", "before": 0.001, "after": 0.002}]'
    }


def test_why_says_when_nothing_is_new_and_when_there_is_nothing_to_compare_with(isthmus, study, opened, keep):
    assert (
        "tokenizer: new because the store has no tokenizer step yet; 23 steps below"
        in isthmus("plan", "study.yaml", "--why").stdout
    )
    found = opened()
    for step in found.plan:
        keep(found.store, step)
    assert "nothing is new" in isthmus("plan", "study.yaml", "--why").stdout


def test_power_says_how_many_seeds_each_target_takes(isthmus, study):
    told = isthmus("plan", "study.yaml", "--power", "2").stdout
    assert "seeds to see 2 points" in told
    assert "assumed: no two arms have been scored" in told
    [target] = plan(isthmus, "--power", "4")["power"]["targets"]
    assert (target["task"], target["pairs"], target["on"]) == ("udpos", 0, "zero-shot")
    assert "power" not in plan(isthmus)


def test_power_is_measured_on_what_the_store_has(isthmus, study, opened, keep):
    found = opened()
    for number, cell in enumerate(found.plan.cells):
        keep(found.store, found.plan.steps[cell.step], right=[2, 3 + number % 2, 4, 3] * 5)
    [target] = plan(isthmus, "--power", "4")["power"]["targets"]
    assert (target["pairs"], target["seeds"]) == (1, 2)


@pytest.mark.parametrize("points", ["0", "-2", "101", "nan"])
def test_an_effect_that_is_no_size_is_refused(isthmus, study, points):
    told = isthmus("plan", "study.yaml", "--power", points)
    assert told.exit_code == 2
    assert "above 0 and up to 100" in told.stderr

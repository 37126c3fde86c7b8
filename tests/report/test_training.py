"""Training runs are told with their heads and their collapses."""

from __future__ import annotations

import json

from isthmus.plan.graph import Plan, in_order
from isthmus.plan.step import Step
from isthmus.report.training import collapse_notes, training_runs

RECORD = {
    "steps": 20,
    "tokens": 900,
    "losses": [[10, 1.5], [20, 0.5]],
    "dev_scores": [[10, 70.0], [20, 60.0]],
    "collapses": ["the loss became nan at step 3"],
    "heads": {"tagging": "new", "of the stage before": "dropped"},
}


def finished(store, step: Step, **record):
    scratch = store.begin(step.id)
    (scratch.output / "training.json").write_text(json.dumps(RECORD | record))
    store.commit(step.id, scratch, step.payload, step.name, {"seconds": 12.5})


def test_a_finished_run_is_told_with_its_last_loss_best_score_heads_and_time(store):
    step = Step("train", {"seed": 1}, name="none/seed 1/udpos")
    finished(store, step)
    [run] = training_runs(Plan(in_order([step]), ()), store)
    assert (run.name, run.steps, run.tokens, run.loss, run.score, run.seconds) == (step.name, 20, 900, 0.5, 70.0, 12.5)
    assert run.heads == {"tagging": "new", "of the stage before": "dropped"}


def test_what_a_mix_drew_is_told_in_words(store):
    mixed, spoken, plain = (Step("train", {"seed": seed}, name=f"a/seed {seed}") for seed in (1, 2, 3))
    legs = [{"until": 0.5, "rates": {"mlm": 1.0}}, {"until": 1.0, "rates": {"nli": 1.0}}]
    shares = {"nli": {"en": 0.25, "de": 0.75}}
    drawn = {"rates": {"mlm": 0.5, "nli": 0.5}, "steps_by_stream": {"mlm": 9, "nli": 11}}
    finished(store, mixed, **drawn, schedule=legs, language_rates=shares)
    finished(store, spoken, language_rates=shares["nli"])
    finished(store, plain)
    assert [run.drawn for run in training_runs(Plan(in_order([mixed, spoken, plain]), ()), store)] == [
        "mlm 9 of 20 steps (50%); nli 11 of 20 steps (50%); until 0.5 mlm 100%; until 1 nli 100%; nli in de 75%, en 25%",
        "in de 75%, en 25%",
        "",
    ]


def test_a_collapsed_run_is_noted_and_others_are_not(store):
    fell, stood = (Step("train", {"seed": seed}, name=f"none/seed {seed}/udpos") for seed in (1, 2))
    finished(store, fell)
    finished(store, stood, collapses=[])
    notes = collapse_notes(training_runs(Plan(in_order([fell, stood]), ()), store))
    assert notes == ["none/seed 1/udpos collapsed and was begun anew: the loss became nan at step 3"]


def test_runs_still_to_come_and_steps_of_other_kinds_are_left_out(store):
    done, to_come = Step("language_model", {"seed": 1}, name="text"), Step("train", {"seed": 1}, name="later")
    finished(store, done, dev_scores=[])
    [run] = training_runs(Plan(in_order([done, to_come, Step("score", {"n": 1})]), ()), store)
    assert (run.name, run.score) == ("text", None)

"""Stages: one task or a mix with rates, a recipe and an amount of data of their own; what they cannot be is refused."""

from __future__ import annotations

import pytest

from isthmus.core.errors import StudyError
from isthmus.study.load import load_study
from isthmus.study.rates import Scheme
from isthmus.study.spec import Stage

EVEN = "rates: {mnli: 1, mlm: 1}"
MIX = f"mix: [mnli, mlm], {EVEN}"
REFUSED = [
    ("{languages: [en]}", "[0]: give exactly one of task (a name) and mix (a list of names)"),
    (f"{{task: mnli, {MIX}}}", "[0]: give exactly one of task"),
    ("{task: mnli, rates: {mnli: 1}}", "[0]: rates, and languages by task, belong to a mix"),
    ("{task: mnli, languages: {mnli: all}}", "[0]: rates, and languages by task, belong to a mix"),
    ("{task: mnli, languages: some}", "[0].languages: found 'some', expected all or a list of languages"),
    ("{mix: [mnli], rates: {mnli: 1}}", "[0]: a mix needs two different tasks at least, each once"),
    ("{mix: [mnli, mnli], rates: {mnli: 1}}", "[0]: a mix needs two different tasks"),
    ("{mix: [mnli, squad]}", "[0]: a mix needs rates: a number a task, or {scheme: proportional}"),
    ("{mix: [mnli, squad], rates: {mnli: 1}}", "[0]: rates: none for 'squad'"),
    ("{mix: [mnli, squad], rates: {mnli: 1, squat: 1}}", "[0]: rates: 'squat' is not in the mix; did you mean 'squad'?"),
    ("{mix: [mnli, squad], rates: {mnli: 1, squad: 0}}", "[0].rates.squad: found 0, expected more than 0"),
    ("{mix: [mnli, squad], rates: even}", "[0].rates: found 'even', expected a mapping"),
    (
        "{mix: [mnli, squad], rates: {scheme: linear}}",
        "[0].rates.scheme: found 'linear', expected 'proportional', 'uniform'",
    ),
    ("{mix: [mnli, squad], rates: 5}", "[0].rates: found 5, expected a mapping"),
    ("{mix: [mnli, squad], rates: {scheme: uniform, cup: 3}}", "[0].rates.cup: unknown key; did you mean 'cap'?"),
    ("{mix: [mnli, squad], rates: {scheme: uniform, cap: 3}}", "[0].rates: cap changes nothing where the scheme is uniform"),
    (
        "{mix: [mnli, squad], rates: {scheme: temperature}}",
        "[0].rates: temperature (a number) goes with scheme: temperature",
    ),
    ("{mix: [mnli, squad], rates: {scheme: proportional, temperature: 2}}", "[0].rates: temperature (a number) goes with"),
    (
        "{mix: [mnli, mlm], rates: {scheme: uniform}}",
        "[0]: rates: a scheme needs mlm, a rate below 1, where mlm is in the mix",
    ),
    ("{mix: [mnli, squad], rates: {scheme: uniform, mlm: 0.5}}", "[0]: rates: a scheme needs mlm"),
    ("{mix: [mnli, mlm], rates: {scheme: uniform, mlm: 1}}", "[0].rates.mlm: found 1, expected less than 1"),
    (f"{{{MIX}, languages: {{mnly: [en]}}}}", "[0]: 'mnly' is not in the mix; did you mean 'mnli' or 'mlm'?"),
    (f"{{{MIX}, recipe: {{steps: 5}}, languages: {{mlm: [en, en]}}}}", "[0].languages.mlm[1]: 'en' stands twice"),
    (f"{{{MIX}}}", "[0].recipe: a mix has no epoch in common, so it needs steps"),
    (
        f"{{{MIX}, recipe: {{steps: 5, early_stopping: {{every: 1, patience: 1}}}}}}",
        "[0].recipe: a mix has no single development score to stop early by; recipe: {early_stopping: null}",
    ),
    (f"{{{MIX}, recipe: {{stepz: 5}}}}", "[0].recipe.stepz: unknown key; did you mean 'steps'"),
    ("{task: mnli, recipe: {steps: 5, epochs: 1}}", "[0].recipe: give exactly one of epochs and steps"),
    ("{task: mnli, max_examples: 0}", "[0].max_examples: found 0, expected 1 or more"),
]


@pytest.mark.parametrize(("stage", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_a_stage_that_makes_no_sense_is_refused_where_it_stands(write, stage, said):
    path = write(("  mnli: [mnli]", f"  mnli: [{stage}]"))
    with pytest.raises(StudyError) as caught:
        load_study(path)
    assert f"{path}:8: arms.mnli{said}" in str(caught.value)


def read(write, stage):
    return load_study(write(("  mnli: [mnli]", f"  mnli: [{stage}]"))).study.arms["mnli"][0]


def test_a_mix_is_read_with_its_rates_or_its_scheme(write):
    found = read(write, "{mix: [mnli, squad], rates: {mnli: 1, squad: 3}, recipe: {steps: 5}, languages: {squad: all}}")
    assert found.rate_settings() == {"mnli": 0.25, "squad": 0.75}
    assert (found.name, found.described) == ("mnli+squad", "mnli + squad (all)")
    assert (found.languages_of("mnli"), found.languages_of("squad")) == ((), "all")
    found = read(write, "{mix: [mnli, mlm], rates: {scheme: temperature, temperature: 2, mlm: 0.5}, recipe: {steps: 5}}")
    assert found.rates == Scheme(scheme="temperature", temperature=2, mlm=0.5)


def test_a_single_task_is_described_with_its_languages():
    assert Stage(task="mnli").described == "mnli"
    assert Stage(task="mnli", languages=("en", "de")).described == "mnli (en, de)"
    assert Stage(task="mlm", languages="all").described == "mlm (all)"


def test_changes_of_a_stage_come_after_the_override_of_its_task(write):
    study = load_study(write()).study
    recipe = study.recipe_for("squad", {"epochs": 3.0})
    assert (recipe.learning_rate, recipe.epochs, recipe.steps) == (1.0, 3.0, None)
    assert study.recipe_for(None, {"clip": 2.0}) == study.recipe.model_copy(update={"clip": 2.0})


def test_a_faulty_override_is_told_once_and_not_at_the_stage_it_spoils(write):
    path = write(("{learning_rate: 1, steps: 100}", "{learning_rat: 1}"), ("  mnli: [mnli]", "  mnli: [squad]"))
    with pytest.raises(StudyError) as caught:
        load_study(path)
    assert str(caught.value).splitlines() == [
        f"{path}:20: overrides.squad.learning_rat: unknown key; did you mean 'learning_rate'?"
    ]

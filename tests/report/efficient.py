"""A study that asks what inference costs, with scores and measurements that nobody made, as far as a test wants them."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Collection, Mapping
from typing import Any

import pytest
from timings import QUIET, invented_measurements

from isthmus.core.at_model import at_model, model_in, without_model
from isthmus.plan.graph import Bench, Cell, Plan, in_order
from isthmus.plan.step import Step
from isthmus.results.counts import write_counts
from isthmus.results.measured import FILE, Noise, write_measurements
from isthmus.store.store import Store
from isthmus.study.spec import Study

MODELS, ARMS, SEEDS, LANGUAGES = ("small", "large"), ("none", "nli"), (1, 2), ("en", "de", "fi")
VARIANTS = ("", "shallow", "int8")
SKILL = {"small": 0.5, "large": 0.7}
HELP = {"none": 0.0, "nli": 0.25}
LOSS = {"": 0.0, "shallow": 0.3, "int8": 0.02}
EXAMPLES = 400
KEYS: Mapping[str, Any] = {
    "study": "efficient",
    "question": "Does a stage make inference cheaper?",
    "models": {name: {"name": f"org/{name}", "revision": "r"} for name in MODELS},
    "data": "data",
    "seeds": list(SEEDS),
    "arms": {"none": [], "nli": [{"task": "mnli"}]},
    "targets": [{"task": "xnli"}],
    "source": "en",
    "languages": "all",
    "groups": {"near": ["de"]},
    "variants": {"shallow": {"layers": 1}, "int8": {"precision": "int8"}},
    "efficiency": {"threads": 1},
    "recipe": {"learning_rate": 1e-5, "epochs": 1, "batch_tokens": 10},
}


def efficient_study(**changes: Any) -> Study:
    """Return the study, its arms as those of each model."""
    return Study.model_validate({**KEYS, **changes}).by_model()


def efficient_plan(tasks: Collection[str] = ("xnli",)) -> Plan:
    """Return its scores and the runs of measurements, nothing before them."""
    steps, cells, variants, benches = [], [], [], []
    for task in tasks:
        for model in MODELS:
            arms = [at_model(arm, model) for arm in ARMS]
            for arm, seed, variant, language in [
                (a, s, v, n) for a in arms for s in SEEDS for v in VARIANTS for n in LANGUAGES
            ]:
                step = Step(
                    "score",
                    {"place": [arm, seed, task, variant, language]},
                    name=f"{arm}/{seed}/{task}/{variant}/{language}",
                )
                steps.append(step)
                cell = Cell(arm, seed, task, language, "test", "accuracy", language != "en", step.id, variant)
                (variants if variant else cells).append(cell)
            settings = {
                "task": task,
                "model": model,
                "data": [{"language": name} for name in LANGUAGES],
                "checkpoints": [
                    {"label": f"{arm}/{variant or 'full'}/1", "arm": arm, "seed": 1, "variant": variant}
                    for variant in VARIANTS
                    for arm in arms
                ],
            }
            step = Step("bench", settings, name=f"bench/{model}/{task}")
            steps.append(step)
            benches.append(Bench(task, model, step.id))
    return Plan(in_order(steps), tuple(cells), variants=tuple(variants), benches=tuple(benches))


def fill(
    store: Store,
    plan: Plan,
    *,
    but: Collection[str] = (),
    noise: Noise = QUIET,
    slower: Mapping[str, float] | None = None,
    shift: float = 0.0,
) -> None:
    """Put into the store what a plan holds, ``but`` the kinds of step and the variants named.

    ``slower`` are factors of latency by arm, ``shift`` is added to what nli keeps of its skill in the shallow variant.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)  # what a crash would leave behind is no matter here
        _fill(store, plan, but, noise, slower, shift)


def _fill(
    store: Store,
    plan: Plan,
    but: Collection[str],
    noise: Noise,
    slower: Mapping[str, float] | None,
    shift: float,
) -> None:
    by_step = {cell.step: cell for cell in (*plan.cells, *plan.variants)}
    for step in plan:
        if step.kind in but or (step.id in by_step and by_step[step.id].variant in but):
            continue
        scratch = store.begin(step.id)
        if step.kind == "bench":
            write_measurements(scratch.output / FILE, invented_measurements(step, noise, slower))
        else:
            cell = by_step[step.id]
            arm, model = without_model(cell.arm), model_in(cell.arm)
            more = shift if (arm, cell.variant) == ("nli", "shallow") else 0.0
            lot = random.Random(f"{cell.seed}/{cell.language}/{cell.task}")  # the same lots for all, so that little is luck
            right = SKILL[model] + HELP[arm] - LOSS[cell.variant] + more
            hits = [(float(lot.random() < right), 1.0) for _ in range(EXAMPLES)]
            value = 100 * sum(hit for hit, _ in hits) / len(hits)
            scores = {"values": {"accuracy": value}, "main": "accuracy", "n": len(hits), "labelled": True}
            (scratch.output / "scores.json").write_text(json.dumps(scores))
            write_counts(scratch.output, {"accuracy": hits})
        store.commit(step.id, scratch, step.payload, step.name, {"finished": "2026-11-20T10:30:00+00:00"})

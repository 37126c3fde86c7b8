"""A small study with known answers, its plan, and a store that its scores can be put into."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from isthmus.plan.graph import Cell, Plan, in_order
from isthmus.plan.step import Step
from isthmus.results.row import Row
from isthmus.results.table import Summary, summarise
from isthmus.store.store import Store

BASES = {"none": 30.0, "panx": 33.0, "baseline:majority": 27.0}
BONUS = {"en": 50.0, "de": 10.0, "sw": 0.0, "yo": -24.5}


def row(arm: str, seed: int | None, language: str, metric: str = "f1") -> Row:
    value = BASES[arm] + (seed or 0) + BONUS[language] + (5 if metric == "accuracy" else 0)
    if arm.startswith("baseline:"):
        value = BASES[arm]
    split = "dev" if language == "yo" else "test"
    return Row("s", arm, seed, "udpos", language, split, language != "en", metric, metric == "f1", value, 10, "x")


@pytest.fixture
def rows() -> list[Row]:
    """Two arms of two seeds and a baseline, in four languages, by two metrics."""
    runs = [("none", 1), ("none", 2), ("panx", 1), ("panx", 2), ("baseline:majority", None)]
    return [row(arm, seed, language, metric) for arm, seed in runs for language in BONUS for metric in ("f1", "accuracy")]


@pytest.fixture
def summary() -> Callable[..., Summary]:
    def build(rows: list[Row], planned: list[Row] | None = None) -> Summary:
        return summarise(rows, planned or rows, source="en", groups={"low": ["sw", "yo"]}, against="none")

    return build


@pytest.fixture
def store(tmp_path) -> Store:
    store = Store(tmp_path / "store")
    store.prepare()
    return store


@pytest.fixture
def plan_of() -> Callable[..., Plan]:
    def build(*places: tuple[str, int | None, str]) -> Plan:
        """Return a plan with one score step for each (arm, seed, language)."""
        steps = [Step("score", {"place": list(place)}, name=str(place)) for place in places]
        cells = (
            Cell(arm, seed, "udpos", language, "test", "f1", language != "en", step.id)
            for (arm, seed, language), step in zip(places, steps, strict=True)
        )
        return Plan(in_order(steps), tuple(cells))

    return build


@pytest.fixture
def put(store) -> Callable[..., None]:
    def commit(step: Step, **values: float) -> None:
        """Commit the scores of a step; without values its data had no labels."""
        scratch = store.begin(step.id)
        content = {"values": values, "main": "f1", "n": 10, "labelled": bool(values)}
        (scratch.output / "scores.json").write_text(json.dumps(content))
        store.commit(step.id, scratch, step.payload, step.name, {})

    return commit

"""From artifacts to rows: reads the score of every cell of a plan that the store has."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from isthmus.plan.graph import Cell, Plan
from isthmus.results.row import Row
from isthmus.store.store import Store

SCORES = "scores.json"


def collect(plan: Plan, store: Store, study: str) -> tuple[list[Row], int]:
    """Return one row for each metric of each cell that is scored, in the order of the plan, and how many cells are not.

    A cell whose labels were stripped gives one row of its main metric without a value.
    Raises CorruptArtifact when a score is damaged.
    """

    @cache  # cells of several seeds share a step where no seed plays a part
    def read(step: str) -> dict[str, Any] | None:
        if not store.has(step):
            return None
        scores: dict[str, Any] = json.loads((store.open(step) / SCORES).read_bytes())
        return scores

    found = [(cell, scores) for cell in plan.cells if (scores := read(cell.step)) is not None]
    return [row for cell, scores in found for row in _rows(cell, scores, study)], len(plan.cells) - len(found)


def _rows(cell: Cell, scores: dict[str, Any], study: str) -> list[Row]:
    values: dict[str, float | None] = scores["values"] if scores["labelled"] else {cell.main: None}
    return [
        Row(
            study=study,
            arm=cell.arm,
            seed=cell.seed,
            task=cell.task,
            language=cell.language,
            split=cell.split,
            zero_shot=cell.zero_shot,
            metric=metric,
            main=metric == cell.main,
            value=value,
            n=scores["n"],
            step=cell.step,
            layer=scores.get("layer"),
            chosen_on=scores.get("chosen_on", ""),
        )
        for metric, value in values.items()
    ]

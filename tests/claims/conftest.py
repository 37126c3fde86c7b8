"""A study whose arms play parts, and the scores of an invented study with a truth that a test decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import numpy as np
import pytest

from isthmus.analysis.averages_over_targets import TargetAverages, averages_by_target
from isthmus.analysis.paired import Scored
from isthmus.claims.spec import Statement
from isthmus.study.spec import Study

PLAIN = {
    "study": "s",
    "question": "?",
    "model": {"name": "FacebookAI/xlm-roberta-large", "revision": "c"},
    "data": "data",
    "seeds": [1, 2, 3],
    "arms": {"none": []},
    "targets": [{"task": "pawsx"}, {"task": "tatoeba", "layer": 1}],
    "source": "en",
    "languages": "all",
    "recipe": {"learning_rate": 1e-5, "epochs": 1, "batch_tokens": 10},
}


@pytest.fixture
def study() -> Callable[..., Study]:
    """A function that returns a study with the arms and other keys of a test."""

    def build(arms: Mapping[str, Any] | None = None, **changes: Any) -> Study:
        return Study.model_validate({**PLAIN, **({"arms": {"none": [], **arms}} if arms else {}), **changes})

    return build


@pytest.fixture
def statement() -> Callable[..., Statement]:
    """A function that returns a statement, by default that single tasks help."""

    def build(**changes: Any) -> Statement:
        return Statement.model_validate({"id": "c", "text": "It helps.", "compare": "singles", "expect": "higher"} | changes)

    return build


@pytest.fixture
def averages() -> Callable[..., dict[str, TargetAverages]]:
    """A function from {(arm, target): share of examples that are right} to averages, drawn with noise in three seeds."""

    def build(
        truth: Mapping[tuple[str, str], float], seeds: tuple[int, ...] = (1, 2, 3), rows: int = 200, lot: int = 1
    ) -> dict[str, TargetAverages]:
        scored = []
        for (arm, task), share in truth.items():
            for seed in seeds:
                draw = Random(f"{arm} {task} {seed} {lot}")
                hits = [(float(draw.random() < share), 1.0) for _ in range(rows)]
                counts = np.array(hits, np.float32)
                scored.append(Scored(arm, seed, task, "de", "accuracy", "accuracy", counts))
        return averages_by_target(scored, {task: ["de"] for _, task in truth})

    return build

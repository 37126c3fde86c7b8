"""A study without arms of its own, and what its designs make of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from isthmus.designs.design import Facts
from isthmus.designs.expand import Designed, expand
from isthmus.study.spec import Study

RECIPE = {"learning_rate": 1e-4, "steps": 9, "batch_examples": 8}
HELD = {"panx": ("de", "en", "fr", "sw"), "udpos": ("de", "en", "fr", "fi", "sw"), "mlm": ("de", "en")}
TRAITS = {"en": ("SVO", "before"), "de": ("SVO", "after"), "fr": ("SVO", "before"), "sw": ("SOV", "after")}
FACTS = Facts(languages=lambda task, split: HELD.get(task, ()), traits=TRAITS)


@pytest.fixture
def expanded() -> Callable[..., tuple[Study, tuple[Designed, ...]]]:
    """A function that expands a study of designs ({name: keys}, one or a list), other keys of the study where given."""

    def expanded(design: Any, facts: Facts = FACTS, **changes: Any) -> tuple[Study, tuple[Designed, ...]]:
        keys = {
            "study": "sketch",
            "question": "what?",
            "model": {"name": "org/encoder", "revision": "r1"},
            "data": "data",
            "seeds": [1, 2],
            "design": design,
            "targets": [{"task": "udpos"}, {"task": "panx"}],
            "source": "en",
            "languages": "all",
            "recipe": RECIPE,
        }
        return expand(Study.model_validate(keys | changes), facts)

    return expanded


@pytest.fixture
def arms(expanded) -> Callable[..., dict[str, list[str]]]:
    """A function from designs to {arm: names of its stages}."""

    def arms(design: Any, **changes: Any) -> dict[str, list[str]]:
        study, _ = expanded(design, **changes)
        return {name: [stage.name for stage in stages] for name, stages in study.arms.items()}

    return arms

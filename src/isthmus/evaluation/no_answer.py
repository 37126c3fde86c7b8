"""When a question is left unanswered: the threshold on how far no answer lies above the best, tuned on development data."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isthmus.core.errors import UserError
from isthmus.metrics.squad_v2 import best_threshold
from isthmus.sources.example import OpenQuestion
from isthmus.tasks.kinds.span_or_none import KIND


@dataclass(frozen=True, slots=True)
class Threshold:
    """How far no answer may lie above the best one for that to be given, and the F1 it reaches where it was tuned."""

    null: float
    f1: float


def tune(predictions: Sequence[Mapping[str, Any]], examples: Sequence[OpenQuestion]) -> Threshold:
    """Return the threshold with the highest F1 on some examples; raises UserError where one has no gold."""
    gold = [KIND.gold(example) for example in examples]
    known = [answers for answers in gold if isinstance(answers, tuple)]
    if len(known) < len(gold):
        raise UserError("the threshold of no answer is tuned on development data, whose answers are missing here")
    return Threshold(*best_threshold(known, predictions))


def shifted(predictions: Sequence[Mapping[str, Any]], threshold: Threshold) -> list[dict[str, Any]]:
    """Return predictions that answer up to a threshold."""
    return [{**prediction, "null": prediction["null"] - threshold.null} for prediction in predictions]


def write_threshold(path: Path, threshold: Threshold) -> None:
    """Write ``{"null": ..., "dev_f1": ...}``."""
    path.write_text(json.dumps({"null": threshold.null, "dev_f1": threshold.f1}), encoding="utf-8")

"""A study's results for other programs: every row as CSV, rows, averages and effects as plain JSON types."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any

from isthmus.analysis.paired import Effect
from isthmus.claims.judge import Judgement
from isthmus.results.row import Row
from isthmus.results.table import Summary

# of an effect, one field each
PLAIN = ("arm", "against", "task", "metric", "language", "delta", "low", "high", "error", "freedom", "p", "p_holm", "n")


def to_csv(rows: Iterable[Row]) -> str:
    """Return one line a row below a line of names; None is an empty field and numbers keep all their digits."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, [field.name for field in fields(Row)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(asdict, rows))
    return stream.getvalue()


def effects_to_csv(effects: Iterable[Effect]) -> str:
    """Return one line an effect: its seeds, their deltas, and its languages are lists parted by spaces."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*PLAIN, "seeds", "deltas", "languages"])
    for effect in effects:
        seeds = " ".join("" if seed is None else str(seed) for seed, _ in effect.by_seed)
        deltas = " ".join(str(points) for _, points in effect.by_seed)
        writer.writerow([*(getattr(effect, name) for name in PLAIN), seeds, deltas, " ".join(effect.languages)])
    return stream.getvalue()


def to_json(
    rows: Iterable[Row], summary: Summary, effects: Iterable[Effect] = (), judged: Iterable[Judgement] = ()
) -> dict[str, Any]:
    """Return the rows, the summary with its averages, deltas and comparisons, the effects with their intervals, and what
    became of each claim, as plain JSON types."""
    return {
        "rows": [asdict(row) for row in rows],
        "summary": asdict(summary),
        "effects": [asdict(effect) | {"error": effect.error} for effect in effects],
        "claims": [asdict(one) for one in judged],
    }

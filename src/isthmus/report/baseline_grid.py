"""What baselines reach in each language as text, cell by cell, before the terminal or Markdown draws it."""

from __future__ import annotations

from collections.abc import Sequence

from isthmus.report.grid import NONE, Grid
from isthmus.results.averages import BASELINE, TIE
from isthmus.results.table import ALL, Line, Summary, Table

BEST = "◆"


def baseline_grids(summary: Summary) -> list[Grid]:
    """Return a table for each task by its main metric: each language, then the averages over several of them."""
    return [_grid(table, summary.source) for table in summary.tables if table.main]


def baseline_notes(summary: Summary, drawn: Sequence[Grid]) -> list[str]:
    """Return what is missing, and the meaning of the signs that the tables use."""
    notes = [f"{summary.missing} of {summary.planned} scores are missing"] if summary.missing else []
    used = "".join(cell for grid in drawn for row in grid.rows for cell in row[1:])
    legend = {BEST: "the best baseline there: the score to beat", NONE: "not measured"}
    return notes + [f"{sign} {meaning}" for sign, meaning in legend.items() if sign in used]


def _grid(table: Table, source: str) -> Grid:
    names = [name for name in table.seeds if name.startswith(BASELINE)]
    averages = [line for line in table.averages if line.name not in (ALL, source) and len(line.languages) > 1]
    rows = [_row(line.name, line, names) for line in table.languages]
    rows += [_row(f"{line.name} ({len(line.languages)})", line, names) for line in averages]
    headers = ("", "n", *(name.removeprefix(BASELINE) for name in names))
    notes = [f"predictions but no score, for want of labels: {', '.join(table.unlabelled)}"] if table.unlabelled else []
    return Grid(f"{table.task}: {table.metric} of the baselines", headers, tuple(rows), tuple(notes))


def _row(title: str, line: Line, names: Sequence[str]) -> tuple[str, ...]:
    means = [line.figures[name].score.mean if name in line.figures else None for name in names]
    best = max((mean for mean in means if mean is not None), default=None)
    cells = (_cell(mean, best is not None and mean is not None and mean > best - TIE) for mean in means)
    return title, str(line.examples) if line.examples else NONE, *cells


def _cell(mean: float | None, best: bool) -> str:
    return f"{NONE:>4}" if mean is None else f"{mean:4.1f}{BEST if best else ''}"

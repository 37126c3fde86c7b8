"""The tables of a study as Markdown, for a page of results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from isthmus.report.grid import Grid, grids, notes
from isthmus.results.table import Summary


def to_markdown(summary: Summary, *, languages: bool = False, metrics: Sequence[str] = ()) -> str:
    """Return a section with a table for each grid, then the notes; raises UnknownName for a metric that no task has."""
    drawn = grids(summary, languages=languages, metrics=metrics)
    return written(drawn, notes(summary, drawn))


def written(drawn: Sequence[Grid], notes: Sequence[str], lead: Sequence[str] = ()) -> str:
    """Return a paragraph for each sentence of a ``lead``, a section for each table, then what there is to say about all."""
    blocks = [*lead, *("\n".join(_section(grid)) for grid in drawn)]
    blocks += ["\n".join(f"- {note}" for note in notes)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _section(grid: Grid) -> Iterator[str]:
    yield f"### {grid.title}\n"
    yield _line(grid.headers)
    yield _line(["---", *["---:"] * (len(grid.headers) - 1)])
    yield from map(_line, grid.rows)
    for note in grid.notes:
        yield f"\n{note}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.strip() for cell in cells)} |"

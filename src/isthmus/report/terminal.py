"""The tables of a study on the terminal, or as plain text where the output is a file or a pipe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from rich import box
from rich.console import Console
from rich.table import Table as Drawing
from rich.text import Text

from isthmus.report.grid import NOT_ABOVE, Grid, grids, notes
from isthmus.results.averages import BASELINE
from isthmus.results.table import Summary

GAP = 2
PLAIN_WIDTH = 1000  # columns of a file: a table is whole there, so that one line is one arm


def show(summary: Summary, console: Console, *, languages: bool = False, metrics: Sequence[str] = ()) -> None:
    """Print the tables of a study and what their signs mean; raises UnknownName for a metric that no task has.

    A table that is wider than the terminal is printed in parts, the names repeated in each.
    """
    drawn = grids(summary, languages=languages, metrics=metrics)
    draw(drawn, notes(summary, drawn), console)


def draw(drawn: Sequence[Grid], notes: Sequence[str], console: Console, lead: Sequence[str] = ()) -> None:
    """Print what tables come to (``lead``), the tables, then what there is to say about all of them."""
    if not console.is_terminal:
        console = Console(file=console.file, width=PLAIN_WIDTH)
    for sentence in lead:
        console.print(Text(f"{sentence}\n"))
    for grid in drawn:
        console.print(Text(grid.title, "bold"))
        for part in _parts(grid, console.width):
            console.print(_drawing(part), Text())
        for note in grid.notes:
            console.print(Text(f"{note}\n"))
    for note in notes:
        console.print(Text(note, "dim"))


def _parts(grid: Grid, width: int) -> Iterator[list[list[str]]]:
    """Yield as many columns (header first) as fit into ``width`` at a time, always the names and at least one more."""
    names, *columns = [[_folded(header), *cells] for header, *cells in zip(grid.headers, *grid.rows, strict=True)]
    part = [names]
    for column in columns:
        if len(part) > 1 and sum(map(_width, part)) + _width(column) + GAP * len(part) > width:
            yield part
            part = [names]
        part.append(column)
    yield part


def _folded(header: str) -> str:
    return header.replace(" (", "\n(").replace(BASELINE, f"{BASELINE}\n")


def _width(column: Sequence[str]) -> int:
    return max(len(line) for cell in column for line in cell.split("\n"))


def _drawing(columns: Sequence[Sequence[str]]) -> Drawing:
    drawing = Drawing(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, GAP - 1, 0, 0))
    for header, *_ in columns:
        drawing.add_column(Text(header), overflow="fold", vertical="bottom")
    rows = list(zip(*columns, strict=True))[1:]
    for row, following in zip_longest(rows, rows[1:], fillvalue=("",)):
        last_arm = following[0].startswith(BASELINE) and not row[0].startswith(BASELINE)
        drawing.add_row(*map(_text, row), end_section=last_arm)
    return drawing


def _text(cell: str) -> Text:
    text = Text(cell)
    text.highlight_words([NOT_ABOVE], "dim")
    return text

"""The tables of a study on the terminal, or as plain text where the output is a file or a pipe."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from isthmus.report.grid import NOT_ABOVE, Grid, grids, notes
from isthmus.results.averages import BASELINE
from isthmus.results.table import Summary

PLAIN_WIDTH = 400  # columns of a file: a table is never folded there, so that one line is one arm


def show(summary: Summary, console: Console, *, languages: bool = False, metrics: Sequence[str] = ()) -> None:
    """Print the tables of a study and what their signs mean; raises UnknownName for a metric that no task has."""
    if not console.is_terminal:
        console = Console(file=console.file, width=PLAIN_WIDTH)
    drawn = grids(summary, languages=languages, metrics=metrics)
    for grid in drawn:
        console.print(Text(grid.title, "bold"))
        console.print(_drawing(grid))
        for note in grid.notes:
            console.print(Text(note, "yellow"))
        console.print()
    for note in notes(summary, drawn):
        console.print(Text(note, "dim"))


def _drawing(grid: Grid) -> RichTable:
    table = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for number, header in enumerate(grid.headers):
        table.add_column(Text(header), justify="right" if number else "left", overflow="fold")
    for row in grid.rows:
        if row[0].startswith(BASELINE) and table.rows and not table.columns[0]._cells[-1].plain.startswith(BASELINE):
            table.add_section()
        table.add_row(*map(_text, row))
    return table


def _text(cell: str) -> Text:
    text = Text(cell)
    text.highlight_words([NOT_ABOVE], "dim")
    return text

"""Where words go: results to standard output, messages to standard error; numbers as people read them."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from isthmus.report.terminal import PLAIN_WIDTH

PREFIXES = ("", " k", " M", " G", " T", " P", " E")


def console(*, messages: bool = False) -> Console:
    """Return the console of results, or of messages; what goes to a file or a pipe is not folded."""
    found = Console(stderr=messages, markup=False, highlight=False, soft_wrap=True)
    return found if found.is_terminal else Console(stderr=messages, markup=False, highlight=False, width=PLAIN_WIDTH)


def say(message: str, style: str = "") -> None:
    """Print a message to standard error, never folded."""
    Console(stderr=True, markup=False, highlight=False).print(message, style=style, soft_wrap=True)


def print_json(document: Any) -> None:
    """Print one JSON document to standard output; a value that is no number (NaN) is a fault of ours."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1, allow_nan=False)
    sys.stdout.write("\n")


def grid(headers: Sequence[str], rows: Sequence[Sequence[str]], *, names: int = 1, total: bool = False) -> Table:
    """Return a table whose first ``names`` columns are names and the others numbers; ``total`` sets the last row apart."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for number, header in enumerate(headers):
        table.add_column(Text(header), justify="left" if number < names else "right", overflow="fold")
    for number, row in enumerate(rows):
        if total and number == len(rows) - 1:
            table.add_section()
        table.add_row(*map(Text, row))
    return table


def short(number: float) -> str:
    """Return a count with a metric prefix: 1.2 M, 35."""
    for prefix in PREFIXES:
        if abs(number) < 999.5 or prefix == PREFIXES[-1]:
            break
        number /= 1000
    return f"{number:.3g}{prefix}" if prefix else f"{number:.0f}"


def size(number: float) -> str:
    """Return a number of bytes with a metric prefix: 1.2 MB, 35 B."""
    text = short(number)
    return f"{text}B" if " " in text else f"{text} B"


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where that is right."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

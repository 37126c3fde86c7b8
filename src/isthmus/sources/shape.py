"""The idea of a shape, and the shelf of all shapes: how rows of the hub become examples, one file each in ``shapes``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from isthmus.core.errors import nearest
from isthmus.core.lookup import Shelf
from isthmus.sources.example import Example
from isthmus.sources.json_lines import Record, check_single_ids

# shape(rows, labels): the examples of one split; ``labels`` are the permitted ones, empty for any. A row's columns bear the
# names that the shape knows; an example without an id of its own has its row, from 0, as id. Raises DataError.
Shape = Callable[[list[Record], Sequence[str]], Sequence[Example]]

SHAPES = Shelf("shape", ("isthmus.sources.shapes",), "shape")


@cache
def load_shape(name: str) -> Shape:
    """Return a shape by name; raises UnknownName with the nearest names."""
    shape: Shape = SHAPES.load(name)
    return shape


def labelled(rows: Sequence[Record], column: str = "label") -> bool:
    """Return whether the rows of a split have a label (None, an empty text and -1 are none).

    Raises DataError for the first row that differs from those before it.
    """
    there = [row.content[column] not in (None, "", -1) for row in rows]
    odd = next((i for i, found in enumerate(there) if found != there[0]), None)
    if odd is not None:
        has, others = ("no", "a") if there[0] else ("a", "no")
        raise rows[odd].fault(f"it has {has} {column}, in a split that begins with rows that have {others} {column}")
    return bool(there) and there[0]


def ids_of(rows: list[Record]) -> list[str]:
    """Return the ids of the rows of a split, from 0 where they have none; raises DataError for one that stands twice."""
    if not rows or "id" not in rows[0].content:
        return [str(i) for i in range(len(rows))]
    check_single_ids(rows)
    return [row.text("id") for row in rows]


def permitted(row: Record, label: str, labels: Sequence[str]) -> str:
    """Return a label that is permitted; raises DataError with the nearest one for another."""
    if labels and label not in labels:
        raise row.fault(f"unknown label {label!r}; {nearest(label, labels)}")
    return label

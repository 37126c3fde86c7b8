"""Labelled texts and pairs of them: ``first``, ``second`` (absent where there is but one), ``label`` and perhaps ``id``."""

from __future__ import annotations

from collections.abc import Sequence

from isthmus.sources.example import TextPair
from isthmus.sources.json_lines import Record
from isthmus.sources.shape import ids_of, labelled, permitted


def shape(rows: list[Record], labels: Sequence[str] = ()) -> list[TextPair]:
    """Return the pairs of a split, all of which have a label or none has."""
    there = labelled(rows)
    return [
        TextPair(
            id_,
            row.item("first", str),
            row.item("second", str) if "second" in row.content else None,
            permitted(row, row.item("label", str), labels) if there else None,
        )
        for id_, row in zip(ids_of(rows), rows, strict=True)
    ]

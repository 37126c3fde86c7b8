"""Translations row by row: ``query`` and ``candidate``, each one line."""

from __future__ import annotations

from collections.abc import Sequence

from isthmus.sources.example import SentencePair
from isthmus.sources.json_lines import Record


def shape(rows: list[Record], _labels: Sequence[str] = ()) -> list[SentencePair]:
    """Return the pairs of a split; on the hub line ends stand behind some sentences, in files they do not."""
    return [
        SentencePair(str(i), row.text("query").rstrip("\r\n"), row.text("candidate").rstrip("\r\n"), i)
        for i, row in enumerate(rows)
    ]

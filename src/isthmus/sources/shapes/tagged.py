"""Tagged sentences: ``words`` and ``tags``, lists of one length."""

from __future__ import annotations

from collections.abc import Sequence

from isthmus.sources.example import TaggedSentence
from isthmus.sources.json_lines import Record
from isthmus.sources.shape import permitted


def shape(rows: list[Record], labels: Sequence[str] = ()) -> list[TaggedSentence]:
    """Return the sentences of a split."""
    return [_sentence(str(i), row, labels) for i, row in enumerate(rows)]


def _sentence(id_: str, row: Record, labels: Sequence[str]) -> TaggedSentence:
    words = row.items("words", str)
    tags = [permitted(row, tag, labels) for tag in row.items("tags", str)]
    if not words or not all(words):
        raise row.fault("a sentence without words" if not words else f"an empty word: {words!r:.60}")
    if len(words) != len(tags):
        raise row.fault(f"{len(words)} words, but {len(tags)} tags")
    return TaggedSentence(id_, tuple(words), tuple(tags))

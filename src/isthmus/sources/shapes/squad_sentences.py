"""SQuAD as retrieval: the columns of ``question``, and the sentences of all contexts to rank."""

from __future__ import annotations

from collections.abc import Sequence

from isthmus.sources.example import Ranked
from isthmus.sources.formats.squad_sentences import ranked
from isthmus.sources.json_lines import Record
from isthmus.sources.shapes import question


def shape(rows: list[Record], labels: Sequence[str] = ()) -> list[Ranked]:
    """Return the questions of a split; see the format of the same name."""
    return ranked(question.shape(rows, labels))

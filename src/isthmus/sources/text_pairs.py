"""Pairs of texts as sets are released: the names that their columns or keys go by, and how a row becomes an example."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from isthmus.core.errors import DataError, nearest
from isthmus.sources.example import TextPair

LANGUAGE = "language"  # the column, or key, of files that hold several languages
# As the training set of XNLI-MT and as ANLI write what the others write out.
ALIASES = {"contradictory": "contradiction", "c": "contradiction", "e": "entailment", "n": "neutral"}


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the two texts, their label and, where rows have one, their id.

    ``undecided`` is the label of a row on which the annotators did not agree. A table is ``quoted`` as Python's csv writer
    quotes, or else a quotation mark is but a character.
    """

    first: str
    second: str
    label: str
    id: str = ""
    undecided: str = ""
    quoted: bool = False


COLUMNS = (
    Columns("sentence1", "sentence2", "gold_label", undecided="-"),  # SNLI, MultiNLI, XNLI, GLUE's MNLI
    Columns("sentence1", "sentence2", "label"),  # GLUE's RTE, PAWS-X
    Columns("question1", "question2", "is_duplicate", quoted=True),  # GLUE's QQP
    Columns("premise", "hypo", "label"),  # XNLI-MT
    Columns("context", "hypothesis", "label", id="uid"),  # ANLI
    Columns("Premise", "Hypothesis", "Label"),  # ConjNLI
)


@dataclass(frozen=True, slots=True)
class Row:
    """What stands in one row, and the line it begins at; the label and the language are None where there is no column."""

    line: int
    first: str
    second: str
    label: str | None
    id: str = ""
    language: str | None = None


def columns_of(path: Path, names: Sequence[str], line: int) -> Columns:
    """Return the columns that a header, or the keys of a first record, has; raises DataError where it has no two texts."""
    there = [columns for columns in COLUMNS if {columns.first, columns.second} <= set(names)]
    if not there:
        known = ", ".join(dict.fromkeys(f"{columns.first} and {columns.second}" for columns in COLUMNS))
        raise DataError(path, f"no two texts among the names {', '.join(names)[:200]}; expected {known}", line)
    return next((columns for columns in there if columns.label in names), there[0])


def label_of(written: str, labels: Sequence[str]) -> str:
    """Return the label that a written one means: itself, or the one of ``labels`` it is an alias of."""
    meant = ALIASES.get(written, written)
    return meant if meant in labels else written


def examples_of(
    path: Path, columns: Columns, rows: Iterable[Row], labels: Sequence[str], language: str = ""
) -> list[TextPair]:
    """Return the examples of rows, where a file has languages of one of them; ids that it lacks count what is returned.

    Rows on which the annotators did not agree are left out, as by everyone who uses SNLI and MultiNLI; where all are such,
    the labels were withheld. Raises DataError for an unknown or missing label, an id given twice, and a language without
    rows.
    """
    wanted = _in_language(path, rows, language)
    if columns.undecided and all(row.label == columns.undecided for row in wanted):
        wanted = [replace(row, label=None) for row in wanted]
    found: list[TextPair] = []
    seen: dict[str, int] = {}
    for row in wanted:
        label = None if row.label is None else label_of(row.label, labels)
        if label and label == columns.undecided:
            continue
        if label == "" or (label and labels and label not in labels):
            what = f"unknown label {label!r}; {nearest(label, labels)}" if label else "the label is missing"
            raise DataError(path, what, row.line)
        id_ = row.id or str(len(found))
        if seen.setdefault(id_, row.line) != row.line:
            raise DataError(path, f"the id {id_!r} stands already in line {seen[id_]}", row.line)
        found.append(TextPair(id_, row.first, row.second, label))
    return found


def _in_language(path: Path, rows: Iterable[Row], language: str) -> list[Row]:
    """Return the rows in a language: all, where the file has but one or none is asked for."""
    found: list[Row] = []
    others: set[str] = set()
    for row in rows:
        if row.language == "":
            raise DataError(path, "the language is missing", row.line)
        if row.language in (None, language) or not language:
            found.append(row)
        else:
            others.add(str(row.language))
    if not found:
        raise DataError(path, f"no row in language {language!r}; {nearest(language, others)}")
    return found

"""Treebanks of Universal Dependencies (CoNLL-U) as tagged sentences, prepared as XTREME prepares them.

What is done (XTREME's ``ud-conversion-tools`` with fused forms, then ``utils_preprocess.py``): a multiword token (``3-4``)
is one word with its surface form and one tag, that of its highest syntactic word, the one that depends on the fewest
others over HEAD and DEPS; of several equally high ones the tag first in the order below, then the first word. Empty nodes
(``8.1``) are left out. Sentences of which all words, or all but one, are ``_`` (treebanks that withhold their text) are
dropped, as soon as one is. Then zero-width non-joiners and spaces go out of the words.

Where it may differ: XTREME's tool stops at a tag that its order does not know, here such a tag comes last; and an id is
the row among the sentences kept, as in the prepared file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from isthmus.core.errors import DataError, nearest
from isthmus.core.files import read_lines
from isthmus.sources.example import TaggedSentence
from isthmus.sources.format import Format

COLUMNS = 10
ID = re.compile(r"(?P<word>[1-9]\d*)|(?P<first>[1-9]\d*)-(?P<last>[1-9]\d*)|\d+[.][1-9]\d*")
WITHHELD = "_"
DROPPED = str.maketrans("", "", "\u200c ")
# Which tag stands for a fused form (conllu_to_conll.py); a language of its own, or the rest.
ORDER = {
    "es": "VERB AUX PRON ADP DET",
    "fr": "VERB AUX PRON NOUN ADJ ADV ADP DET PART SCONJ CONJ",
    "it": "VERB AUX ADV PRON ADP DET INTJ",
}
ORDER_OF_OTHERS = "VERB NOUN PROPN PRON ADJ NUM ADV INTJ AUX ADP DET PART CCONJ SCONJ X PUNCT"


@dataclass(slots=True)
class _Sentence:
    """Words with tags and the numbers they depend on, from 1; multiword tokens as (first, last, form)."""

    words: list[tuple[str, str, tuple[int, ...]]] = field(default_factory=list)
    fused: list[tuple[int, int, str]] = field(default_factory=list)

    def above(self, word: int) -> int:
        """Return how many nodes a word depends on, directly or not, the root among them."""
        found: set[int] = set()
        ahead = [word]
        while ahead:
            node = ahead.pop()
            new = set(self.words[node - 1][2] if 0 < node <= len(self.words) else ()) - found
            found |= new
            ahead.extend(new)
        return len(found - {word})

    def prepared(self, order: Sequence[str]) -> list[tuple[str, str]]:
        """Return (form, tag) of each word, fused forms in place of theirs."""
        made: list[tuple[str, str]] = []
        ends = {first: (last, form) for first, last, form in self.fused}
        at = 1
        while at <= len(self.words):
            last, form = ends.get(at, (at, self.words[at - 1][0]))
            span = range(at, last + 1)
            tags = [self.words[i - 1][1] for i in span]
            heights = [self.above(i) for i in span] if last > at else [0]
            high = [tag for tag, height in zip(tags, heights, strict=True) if height == min(heights)]
            made.append((form, min(high, key=lambda tag: order.index(tag) if tag in order else len(order))))
            at = last + 1
        return made


def read(path: Path, labels: Sequence[str] = (), language: str = "") -> list[TaggedSentence]:
    """Return the sentences of a file; ``language`` says whose order of tags to take."""
    order = ORDER.get(language, ORDER_OF_OTHERS).split()
    kept = [rows for sentence in _sentences(path, labels) if _told(rows := sentence.prepared(order))]
    if not kept:
        raise DataError(path, "no sentence with its words: all are withheld as '_'")
    return [_example(row, rows) for row, rows in enumerate(kept)]


def _told(rows: list[tuple[str, str]]) -> bool:
    withheld = sum(form == WITHHELD for form, _ in rows)
    return withheld == 0 or withheld < len(rows) - 1


def _example(row: int, rows: list[tuple[str, str]]) -> TaggedSentence:
    return TaggedSentence(str(row), tuple(form.translate(DROPPED) for form, _ in rows), tuple(tag for _, tag in rows))


def _sentences(path: Path, labels: Sequence[str]) -> Iterator[_Sentence]:
    """Yield the sentences of a file; raises DataError for each malformed line."""
    sentence = _Sentence()
    last = 0
    for last, line in read_lines(path):
        if line.strip() and not line.startswith("#"):
            _take(sentence, line.split("\t"), path, last, labels)
        elif not line.strip() and (sentence.words or sentence.fused):
            yield _whole(sentence, path, last)
            sentence = _Sentence()
    if sentence.words or sentence.fused:
        yield _whole(sentence, path, last)


def _take(sentence: _Sentence, cells: list[str], path: Path, line: int, labels: Sequence[str]) -> None:
    """Add what a line says to its sentence."""
    if len(cells) != COLUMNS:
        raise DataError(path, f"{len(cells)} columns, expected the {COLUMNS} of CoNLL-U: {cells!r:.200}", line)
    number, form, tag, head, others = cells[0], cells[1], cells[3], cells[6], cells[8]
    match = ID.fullmatch(number)
    if match is None:
        raise DataError(path, f"the id {number!r} is none of CoNLL-U's: 3, 3-4 or 3.1", line)
    if not form.translate(DROPPED):
        raise DataError(path, f"the form of word {number} is empty", line)
    following = len(sentence.words) + 1
    if match["first"]:
        first, last = int(match["first"]), int(match["last"])
        if first != following or last <= first:
            raise DataError(path, f"the id {number} where word {following} is expected", line)
        sentence.fused.append((first, last, form))
    elif match["word"]:
        if int(number) != following:
            raise DataError(path, f"the id {number} where word {following} is expected", line)
        if tag == "_" or (labels and tag not in labels):
            raise DataError(path, f"unknown tag {tag!r} of {form!r}; {nearest(tag, labels)}", line)
        sentence.words.append((form, tag, _heads(head, others)))


def _heads(head: str, others: str) -> tuple[int, ...]:
    """Return the words a word depends on: its head, and those of the enhanced graph that are no empty nodes."""
    named = [head, *(other.partition(":")[0] for other in others.split("|"))]
    return tuple(int(number) for number in named if number.isdigit())


def _whole(sentence: _Sentence, path: Path, line: int) -> _Sentence:
    """Return a sentence whose multiword tokens cover words that are there, each at most once."""
    end = 0
    for first, last, _ in sentence.fused:
        if first <= end or last > len(sentence.words):
            raise DataError(path, f"the multiword token {first}-{last} does not fit the {len(sentence.words)} words", line)
        end = last
    return sentence


FORMAT = Format(read, by_language=True, mark=b"\n\n", again=0.15)  # of ten columns one is text

"""Two texts with some translations among them: ``xx-en.SPLIT.xx`` and ``xx-en.SPLIT.en``, ``id TAB sentence`` a line.

``xx-en.SPLIT.gold`` has a pair ``id TAB id`` a line, the other language first; without that file there is no gold. Where
sentences of a side say the same, nothing but chance tells which of them gold names: here it is the first of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from isthmus.core.errors import DataError, nearest
from isthmus.core.files import existing, find, read_lines
from isthmus.sources.example import MinedSentence
from isthmus.sources.format import Format


def read(path: Path, _labels: Sequence[str] = ()) -> list[MinedSentence]:
    """Return the sentences of the other language, the English ones being their candidates."""
    english_path, gold_path = _beside(path, ".en"), _beside(path, ".gold")
    sentences, english = _sentences(path), _sentences(existing(english_path))
    found = find(gold_path)
    gold = _of_firsts(_gold(found, sentences, english), sentences, english) if found else None
    return [
        MinedSentence(id_, text, english, None if gold is None else gold.get(id_, "")) for id_, text in sentences.items()
    ]


def parts(path: Path) -> tuple[Path, ...]:
    """Return the files of both sides and, where there is one, of the gold pairs."""
    gold = find(_beside(path, ".gold"))
    return (path, existing(_beside(path, ".en")), *([gold] if gold else []))


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name.removesuffix(".gz")).with_suffix(suffix)


def _sentences(path: Path) -> dict[str, str]:
    """Return {id: sentence} in the order of a file."""
    sentences: dict[str, str] = {}
    for number, line in read_lines(path):
        id_, _, text = line.partition("\t")
        if not id_.strip() or not text.strip():
            raise DataError(path, f"expected `id TAB sentence`, found {line[:60]!r}", number)
        if id_ in sentences:
            raise DataError(path, f"the id {id_!r} stands here a second time", number)
        sentences[id_] = text
    return sentences


def _gold(path: Path, sentences: dict[str, str], english: dict[str, str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for number, line in read_lines(path):
        cells = line.split("\t")
        if len(cells) != 2:
            raise DataError(path, f"expected `id TAB id`, found {line[:60]!r}", number)
        for cell, known in zip(cells, (sentences, english), strict=True):
            if cell not in known:
                raise DataError(path, f"no sentence has the id {cell!r}; {_near(cell, known)}", number)
        if cells[0] in pairs:
            raise DataError(path, f"{cells[0]!r} has a translation already, {pairs[cells[0]]!r}", number)
        pairs[cells[0]] = cells[1]
    return pairs


def _of_firsts(pairs: dict[str, str], sentences: dict[str, str], english: dict[str, str]) -> dict[str, str]:
    """Return gold pairs by the first of sentences that say the same; where that has another translation, by their own id."""
    ours, theirs = ({text: id_ for id_, text in reversed(side.items())} for side in (sentences, english))
    found: dict[str, str] = {}
    for id_ in sorted(pairs, key=lambda id_: id_ != ours[sentences[id_]]):
        match = theirs[english[pairs[id_]]]
        if found.setdefault(ours[sentences[id_]], match) != match:
            found[id_] = match
    return found


def _near(id_: str, known: dict[str, str]) -> str:
    """Name an id like the one that is missing: among hundreds of thousands, the first that begins as it does."""
    return nearest(id_, [next((other for other in known if other[:3] == id_[:3]), next(iter(known)))])


FORMAT = Format(read, parts)

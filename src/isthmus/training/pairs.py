"""Raw text in sub-words: lines cut into windows, and the lines of two languages that say the same."""

from __future__ import annotations

from collections.abc import Mapping

from isthmus.mixing.text import Ids
from isthmus.models.feature import windows
from isthmus.models.head import Encoding
from isthmus.sources.corpora import Corpus


def translation_pairs(text: Mapping[str, Corpus], pivot: str, encoding: Encoding) -> dict[str, list[tuple[Ids, Ids]]]:
    """Return the encoded texts that a language shares by id with the pivot, (pivot, other), by the other language."""
    room, own = encoding.max_length - encoding.frame.size, text[pivot].parallel
    pairs: dict[str, list[tuple[Ids, Ids]]] = {}
    for language, corpus in text.items():
        shared = sorted(own.keys() & corpus.parallel.keys()) if language != pivot else []
        sides = [encoding.ids([side[key] for key in shared]) for side in (own, corpus.parallel)]
        # A pair that does not fit would be a translation of half a sentence: it is left to the single lines.
        pairs[language] = [(a, b) for a, b in zip(*sides, strict=True) if a and b and len(a) + len(b) <= room]
    return pairs


def encoded(corpus: Corpus, encoding: Encoding) -> list[tuple[Ids, Ids | None]]:
    """Encode the lines of a language; what is too long for one window is cut, the two segments of a line apart."""
    room = encoding.max_length - encoding.frame.size
    sides = [encoding.ids([line[side] for line in corpus.segments]) for side in (0, 1)]
    both = [(a, b) for a, b in zip(*sides, strict=True) if a and b]
    whole: list[tuple[Ids, Ids | None]] = [(a, b) for a, b in both if len(a) + len(b) <= room]
    apart = [ids for a, b in both if len(a) + len(b) > room for ids in (a, b)]
    single = [ids for ids in [*encoding.ids(corpus.lines), *apart] if ids]
    return [*((ids[s:e], None) for ids in single for s, e in windows(len(ids), room, 0)), *whole]

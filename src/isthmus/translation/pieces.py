"""Long texts for a translator that takes so many sub-words at once: split by sentences, put together again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from isthmus.sources.sentences import sentence_spans


def in_pieces(texts: Sequence[str], longest: int, length: Callable[[str], int]) -> tuple[list[str], list[list[int]]]:
    """Return pieces of texts, and for each text the places of its pieces among them.

    A text of at most ``longest`` by ``length`` is one piece; of another as many whole sentences as fit are one, and a
    sentence that is longer by itself is one too, which the translator may have to cut.
    """
    pieces: list[str] = []
    places = []
    for text in texts:
        own = [text] if length(text) <= longest else _packed(text, longest, length)
        places.append(list(range(len(pieces), len(pieces) + len(own))))
        pieces += own
    return pieces, places


def _packed(text: str, longest: int, length: Callable[[str], int]) -> list[str]:
    found: list[tuple[int, int]] = []
    for start, end in sentence_spans(text):
        if found and length(text[found[-1][0] : end]) <= longest:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return [text[start:end] for start, end in found]


def together(said: Sequence[str], places: Sequence[Sequence[int]]) -> list[str]:
    """Return one text for each list of places of its pieces."""
    return [" ".join(said[place].strip() for place in own) for own in places]

"""A stream of pairs of segments to be judged: intact, or the second changed on its surface, word by word.

A self-supervised objective on the first position, in the manner of sentence-order prediction (Lan et al. 2020, section
3.1), but on words: telling a pair from its near double asks for a comparison of the two segments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from isthmus.mixing.text import Ids, law_of, pick

MARK = "▁"  # what a sub-word that begins a word begins with
REPLACED = 0.3  # how often a word is replaced rather than two exchanged
NAMES = 0.7  # how often names are exchanged where there are two
TRIES = 10  # draws of a word that shall take another's place
INTACT, CORRUPTED = 1, 0

Pairs = Mapping[str, Sequence[tuple[Ids, Ids]]]


@dataclass(frozen=True)
class Words:
    """The sub-words that begin a word, those (punctuation) that end one and belong to none, and those that begin a name."""

    begin: frozenset[int]
    end: frozenset[int]
    capital: frozenset[int] = frozenset()

    def spans(self, ids: Ids) -> list[tuple[int, int]]:
        """Return (start, end) of each word: a run of sub-words from one that begins a word."""
        found: list[tuple[int, int]] = []
        start: int | None = None
        for i, token in enumerate([*ids, None]):
            if token is None or token in self.begin or token in self.end:
                if start is not None:
                    found.append((start, i))
                start = i if token in self.begin else None
        return found

    def differ(self, ids: Ids) -> bool:
        """Say whether a segment has two different words, so that it can be corrupted."""
        return len({tuple(ids[s:e]) for s, e in self.spans(ids)}) > 1


def words_of(vocabulary: Mapping[str, int]) -> Words:
    """Return the words of a vocabulary whose pieces mark the beginning of a word as SentencePiece does."""
    begin = frozenset(id_ for piece, id_ in vocabulary.items() if piece.startswith(MARK))
    signs = frozenset(id_ for piece, id_ in vocabulary.items() if not any(map(str.isalnum, piece)))
    capital = frozenset(id_ for piece, id_ in vocabulary.items() if piece.startswith(MARK) and piece[1:2].isupper())
    return Words(begin, signs - begin, capital)


@dataclass(frozen=True)
class PairMixture:
    """Encoded translation pairs (pivot, other) by the other's language, two-segment lines by theirs, and all text.

    Both kinds of pair are drawn equally often where there are both, languages by the smoothed law of ``alpha``,
    translations in both orders. Half are corrupted: two different words of the second segment change places, or one gives
    way to another, a name to a name, of the language's text, so that the pair is at most ``room`` sub-words long.
    """

    translations: Pairs
    segments: Pairs
    text: Mapping[str, Sequence[tuple[Ids, Ids | None]]]
    pivot: str
    alpha: float
    words: Words
    room: int

    def draw(self, stream: Random) -> Iterator[tuple[Ids, Ids, int]]:
        """Yield (first, second, INTACT or CORRUPTED) for ever."""
        kinds = [(law, own) for own in (self.translations, self.segments) if (law := law_of(own, self.alpha))[0]]
        assert kinds, "there are pairs"
        while True:
            law, own = stream.choice(kinds)
            language = pick(law, stream)
            first, second = stream.choice(own[language])
            if own is self.translations and stream.random() < 0.5:
                first, second, language = second, first, self.pivot
            if stream.random() < 0.5:
                yield first, second, INTACT
            else:
                yield first, self._corrupted(second, language, self.room - len(first), stream), CORRUPTED

    def _corrupted(self, ids: Ids, language: str, room: int, stream: Random) -> Ids:
        spans = self.words.spans(ids)
        one, two = spans[stream.randrange(len(spans))]
        word = list(ids[one:two])
        if stream.random() < REPLACED:
            for _ in range(TRIES):
                other = self._word(language, stream)
                alike = other and (other[0] in self.words.capital) == (word[0] in self.words.capital)
                if alike and other != word and len(ids) - len(word) + len(other) <= room:
                    return [*ids[:one], *other, *ids[two:]]
        (a, b), (c, d) = sorted(self._two(ids, spans, stream))
        return [*ids[:a], *ids[c:d], *ids[b:c], *ids[a:b], *ids[d:]]

    def _two(self, ids: Ids, spans: Sequence[tuple[int, int]], stream: Random) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return two different words; mostly two names where there are some, so that only the other segment gives it away.

        Exchanged names leave a sentence as good as it was (as in FactCC, Kryscinski et al. 2020, section 3.1).
        """
        names = [(s, e) for s, e in spans if ids[s] in self.words.capital]
        chosen = names if len({tuple(ids[s:e]) for s, e in names}) > 1 and stream.random() < NAMES else spans
        one = stream.choice(chosen)
        return one, stream.choice([span for span in chosen if ids[slice(*span)] != ids[slice(*one)]])

    def _word(self, language: str, stream: Random) -> list[int]:
        """Return a word of a language's text, or nothing where the line that was drawn has none."""
        segments = [segment for segment in stream.choice(self.text[language]) if segment]
        ids = stream.choice(segments)
        spans = self.words.spans(ids)
        start, end = stream.choice(spans) if spans else (0, 0)
        return list(ids[start:end])


def pair_mixture(
    translations: Pairs,
    segments: Pairs,
    text: Mapping[str, Sequence[tuple[Ids, Ids | None]]],
    pivot: str,
    alpha: float,
    words: Words,
    room: int,
) -> PairMixture | None:
    """Return the mixture of the pairs that can be corrupted, or None where there is none.

    A pair with too few words is passed over altogether, for it would always be intact.
    """
    both = {k: [(a, b) for a, b in own if words.differ(a) and words.differ(b)] for k, own in translations.items()}
    lines = {k: [(a, b) for a, b in own if words.differ(b)] for k, own in segments.items()}
    if not any(both.values()) and not any(lines.values()):
        return None
    return PairMixture(both, lines, text, pivot, alpha, words, room)

"""A stream of raw text in many languages: lines and translation pairs, languages drawn by a smoothed law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

Ids = Sequence[int]
Law = tuple[list[str], list[float]]  # languages and the upper bounds of their shares, as random.choices takes them


@dataclass(frozen=True)
class TextMixture:
    """Encoded lines, of one segment or two, and encoded translation pairs, by language.

    A language is drawn with probability proportional to (its sub-words) ** ``alpha`` (XLM-R, section 3.1), but those of
    ``shares`` as often as these say; with probability ``tlm`` a translation pair is drawn instead, its language by the
    smoothed law over the languages with pairs, or as often as ``pair_shares`` say.
    """

    lines: Mapping[str, Sequence[tuple[Ids, Ids | None]]]
    pairs: Mapping[str, Sequence[tuple[Ids, Ids]]]
    alpha: float
    tlm: float
    shares: Mapping[str, float] = field(default_factory=dict)
    pair_shares: Mapping[str, float] = field(default_factory=dict)

    def draw(self, stream: Random) -> Iterator[tuple[Ids, Ids | None]]:
        """Yield sequences for ever: the segments of a line, (ids, None) where it has one, or a pair in random order."""
        singles = law_of(self.lines, self.alpha, self.shares)
        doubles = law_of(self.pairs, self.alpha, self.pair_shares)
        while True:
            if doubles[0] and stream.random() < self.tlm:
                yield self._pair(doubles, stream)
            else:
                yield stream.choice(self.lines[pick(singles, stream)])

    def translations(self, stream: Random) -> Iterator[tuple[Ids, Ids]]:
        """Yield translation pairs for ever, in random order."""
        doubles = law_of(self.pairs, self.alpha)
        while True:
            yield self._pair(doubles, stream)

    def _pair(self, law: Law, stream: Random) -> tuple[Ids, Ids]:
        first, second = stream.choice(self.pairs[pick(law, stream)])
        return (first, second) if stream.random() < 0.5 else (second, first)


def law_of(
    text: Mapping[str, Sequence[tuple[Ids, Ids | None]]], alpha: float, shares: Mapping[str, float] | None = None
) -> Law:
    """Return the law by which languages with any text are drawn."""
    shares = shares or {}
    sizes = {name: sum(len(a) + len(b or ()) for a, b in own) for name, own in text.items()}
    weights = {name: sizes[name] ** alpha for name in sorted(sizes) if sizes[name] and name not in shares}
    rest = sum(weights.values())
    given = {name: share for name, share in shares.items() if sizes.get(name) and share}
    # Where every language has a share there is no rest to measure it by.
    weights |= {name: share * rest / (1 - sum(given.values())) for name, share in given.items()} if weights else given
    names = sorted(weights)
    return names, list(accumulate(weights[name] for name in names))


def pick(law: Law, stream: Random) -> str:
    """Return a language drawn by a law."""
    names, bounds = law
    return stream.choices(names, cum_weights=bounds)[0]

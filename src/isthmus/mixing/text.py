"""A stream of raw text in many languages: single lines and translation pairs, languages drawn by a smoothed law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

Ids = Sequence[int]


@dataclass(frozen=True)
class TextMixture:
    """Encoded lines by language and encoded translation pairs by language.

    A language is drawn with probability proportional to (its sub-words) ** ``alpha`` (XLM-R, section 3.1); with
    probability ``tlm`` a translation pair is drawn instead, its language by the same law over the languages with pairs.
    """

    lines: Mapping[str, Sequence[Ids]]
    pairs: Mapping[str, Sequence[tuple[Ids, Ids]]]
    alpha: float
    tlm: float

    def draw(self, stream: Random) -> Iterator[tuple[Ids, Ids | None]]:
        """Yield sequences for ever: (ids, None) of a line, or the two sides of a pair in random order."""
        singles = _smoothed({k: sum(map(len, v)) for k, v in self.lines.items()}, self.alpha)
        doubles = _smoothed({k: sum(len(a) + len(b) for a, b in v) for k, v in self.pairs.items()}, self.alpha)
        while True:
            if doubles[0] and stream.random() < self.tlm:
                first, second = stream.choice(self.pairs[_pick(doubles, stream)])
                yield (first, second) if stream.random() < 0.5 else (second, first)
            else:
                yield stream.choice(self.lines[_pick(singles, stream)]), None


def _smoothed(sizes: Mapping[str, int], alpha: float) -> tuple[list[str], list[float]]:
    names = sorted(name for name, size in sizes.items() if size)
    return names, list(accumulate(sizes[name] ** alpha for name in names))


def _pick(law: tuple[list[str], list[float]], stream: Random) -> str:
    names, bounds = law
    return stream.choices(names, cum_weights=bounds)[0]

"""Examples of several languages drawn by rates: so many of each in every round, each language through its own passes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from isthmus.core.seeds import stream

Item = TypeVar("Item")


@dataclass(frozen=True)
class ByLanguage(Generic[Item]):
    """Items by language, and the share of each in a round, which is as long as all items together.

    A language goes on where its last round ended: none of its items comes again before all others of it had their turn.
    """

    items: Mapping[str, Sequence[Item]]
    shares: Mapping[str, float]
    seed: int

    def round(self, number: int) -> list[Item]:
        """Return the items of a round, language after language; they depend on (seed, number) alone."""
        return [item for name in sorted(self.shares) for item in self._own(name, number)]

    def _own(self, name: str, number: int) -> list[Item]:
        items, whole = self.items[name], sum(map(len, self.items.values()))
        # Halves are rounded up, so that a round follows the last one without a gap and none is empty.
        first, end = (int(k * whole * self.shares[name] + 0.5) for k in (number, number + 1))
        found: list[Item] = []
        for turn in range(first // len(items), -(-end // len(items))):
            order = list(items)
            stream(self.seed, f"pass/{name}/{turn}").shuffle(order)
            begin = turn * len(items)
            found += order[max(first - begin, 0) : end - begin]
        return found

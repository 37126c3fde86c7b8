"""Several streams of batches as one: which stream a step takes its batch from, and where each of them stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from isthmus.core.seeds import stream
from isthmus.mixing.rates import Course
from isthmus.models.feature import Feature
from isthmus.training.batches import Rounds, from_place

Spots = Mapping[str, tuple[int, int]]  # stream -> (round, index) of the batch it gives next


@dataclass(frozen=True, slots=True)
class Turn:
    """One batch: its stream, its place in that stream, and whether it ends a round of it."""

    stream: str
    round: int
    index: int
    last: bool
    batch: list[Feature]

    @property
    def then(self) -> tuple[int, int]:
        """Return where the stream stands after this batch."""
        return (self.round + 1, 0) if self.last else (self.round, self.index + 1)


@dataclass(frozen=True)
class Streams:
    """Rounds by stream, and their rates or the course of these; a step's stream is drawn from (seed, step) alone.

    ``starts`` are the first steps of streams that are not there from the beginning.
    """

    rounds: Mapping[str, Rounds]
    rates: Mapping[str, float] | Course
    seed: int
    starts: Mapping[str, int] = field(default_factory=dict)

    def name(self, step: int) -> str:
        """Return the stream whose turn a step is."""
        rates = self.rates.at(step) if isinstance(self.rates, Course) else self.rates
        names = [name for name in sorted(rates) if step >= self.starts.get(name, 0)]
        if len(names) == 1:
            return names[0]
        return stream(self.seed, f"mixture/{step}").choices(names, [rates[name] for name in names])[0]

    def counted(self, steps: int) -> dict[str, int]:
        """Return how many of the first steps are each stream's."""
        turns = Counter(map(self.name, range(steps)))
        return {name: turns[name] for name in sorted(self.rounds)}

    def turns(self, step: int, spots: Spots) -> Iterator[Turn]:
        """Yield turns for ever from a step on, each stream from its spot."""
        iterators = {name: from_place(rounds, *spots.get(name, (0, 0))) for name, rounds in self.rounds.items()}
        while True:
            name = self.name(step)
            yield Turn(name, *next(iterators[name]))
            step += 1


def alone(rounds: Rounds) -> Streams:
    """Return the only stream of a run."""
    return Streams({"": rounds}, {"": 1.0}, 0)

"""What the difference of two arms owes to chance: to the seeds, and to the examples, in every seed alike or in each anew.

Of a mean over S seeds the variance is

    shared  +  seeds / S

with ``seeds`` the variance of the differences over seeds and ``shared + own`` that of one seed's difference over examples.
What examples do anew in each seed spreads the seeds as well, so it counts once: this is the sum of both terms less their
overlap, the two-way estimate of Cameron, Gelbach and Miller (2011). Seeds that are more alike than examples alone would make
them are so by luck, and half of what they lack is made up for: with all of it intervals held the truth too often, with none
of it too seldom where seeds are few. Tests take Student's t, with degrees of freedom after Satterthwaite (1946), in which
the term of the seeds weighs more, the fewer there are (``guard``). With both, intervals hold the truth in 92 to 98 of 100
whatever is most of the chance, where all variances but that of the seeds are known; ``benchmarks/coverage.py`` measures what
they hold in simulated studies.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

LUCK = 0.5  # of what seeds that are too alike lack: the share that is made up for
NOTHING = 1e-9  # points of 100; below it a difference or its spread is rounding


def guard(seeds: int) -> float:
    """Return how much the term of the seeds weighs in the degrees of freedom, since few are often too alike by chance.

    It is 14 with two seeds, 5 with three, and goes to 2; with 1 two seeds held the truth in 83 of 100 at worst.
    """
    return 2 + 12 / max(1, seeds - 1) ** 2


@dataclass(frozen=True, slots=True)
class Chance:
    """Variances of a paired difference in points²; ``rows`` is the number of examples behind those over examples.

    ``seeds`` is that over seeds as they were seen (0 with one), ``shared`` that over examples of what they do alike in every
    seed, and ``own`` of what they do anew in each (both in ``shared`` with one seed).
    """

    seeds: float
    shared: float
    own: float
    rows: int

    def error(self, seeds: int) -> float:
        """Return the standard error in points of the mean over a number of seeds."""
        lacking = max(0.0, self.own - self.seeds)
        return sqrt(self.shared + (self.seeds + LUCK * lacking) / seeds)

    def freedom(self, seeds: int) -> float:
        """Return the degrees of freedom of that error, infinite where there is none."""
        weighed, examples = guard(seeds) * self.seeds / seeds, self.shared + self.own / seeds
        if weighed + examples < NOTHING**2:
            return inf
        return (weighed + examples) ** 2 / (weighed**2 / max(1, seeds - 1) + examples**2 / (self.rows - 1))

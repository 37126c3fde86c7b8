"""Simulated studies whose truth is known: how often intervals hold it, and how often tests claim what is not there.

An example is right where the ability of a run exceeds its difficulty, all normal, so that the true difference of two arms
is a normal probability. Chance comes of the seed (a whole run is better or worse), of the example in all seeds alike, and of
the example anew in each seed; ``sd`` is the spread of the true difference over seeds, in points. A share of 95 % over 2,000
studies wavers by 1 point (two standard errors), one over the 400 that are resampled by 2.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from math import sqrt
from statistics import NormalDist, fmean

import numpy as np

from isthmus.analysis.bootstrap import bootstrap
from isthmus.analysis.equivalence import equivalence
from isthmus.analysis.holm import holm
from isthmus.analysis.paired import Effect, Scored, paired_effects
from isthmus.analysis.pairs import by_place
from isthmus.analysis.permutation import of_examples

SEEDS = (2, 3, 5, 10)
GAIN = 0.25  # of ability: some 9 points of accuracy
ARMS, TASKS = 5, 4  # of a family for Holm
LEVEL = 0.05


@dataclass(frozen=True)
class Setting:
    """Standard deviations of ability: of a seed, of an example in all seeds, of an example in one run."""

    name: str
    seed: float
    shared: float
    own: float

    def truth(self, gain: float) -> float:
        """Return the true difference in points of two arms whose ability differs by ``gain``."""
        spread = sqrt(1 + self.seed**2 + self.shared**2 + self.own**2)  # of ability less difficulty, in the arm
        return 100 * (NormalDist().cdf(gain / spread) - 0.5)

    @property
    def points(self) -> float:
        """Return how far seeds spread, in points."""
        return 100 * self.seed * NormalDist().pdf(0)


SETTINGS = (
    Setting("seeds alike, examples as a rule", 0.0, 0.5, 0.2),
    Setting("seeds alike, examples anew in each", 0.0, 0.0, 0.6),
    Setting("seeds a little, examples mostly", 0.05, 0.5, 0.3),
    Setting("both", 0.15, 0.5, 0.3),
    Setting("seeds mostly", 0.2, 0.2, 0.1),
)


def study(lot: np.random.Generator, setting: Setting, seeds: int, examples: int, gain: float, task: str, arms: int = 1):
    """Yield what one baseline and its arms have right on a task, as counts of accuracy."""
    ease = lot.normal(0, 1, examples)
    for number in range(arms + 1):
        ability = ease + lot.normal(0, setting.own, (seeds, examples))
        if number:
            ability += gain + lot.normal(0, setting.seed, (seeds, 1)) + lot.normal(0, setting.shared, examples)
        for seed, row in enumerate(ability > 0):
            counts = np.stack([row, np.ones_like(row)], 1).astype(np.float32)
            yield Scored(f"arm {number}", seed, task, "de", "accuracy", "accuracy", counts)


def studies(setting: Setting, seeds: int, examples: int, gain: float, number: int) -> tuple[list[Scored], list[Effect]]:
    """Return the records and effects of so many studies of two arms."""
    lot = np.random.default_rng([number, seeds, examples, round(100 * gain), SETTINGS.index(setting)])
    records = [one for task in range(number) for one in study(lot, setting, seeds, examples, gain, str(task))]
    return records, paired_effects(records, "arm 0", {})


def share(found: Iterator[bool]) -> str:
    """Return a share in percent."""
    return f"{100 * fmean(found):.1f}"


def known(effects: list[Effect]) -> list[Effect]:
    """Return effects with an interval; those without claim nothing."""
    return [effect for effect in effects if effect.low is not None]


def line(setting: Setting, seeds: int, examples: int, number: int, resampled: int) -> list[str]:
    """Return the shares of one setting: held by the interval and the bootstrap, claimed by p, flips and the two tests."""
    truth = setting.truth(GAIN)
    records, effects = studies(setting, seeds, examples, GAIN, number)
    _, none = studies(setting, seeds, examples, 0.0, number)
    held = share(one.low <= truth <= one.high for one in known(effects))
    claimed = share(one.p is not None and one.p < LEVEL for one in none)
    # the hardest case for a claim of no effect: the truth lies on the margin
    equal = share((tests := equivalence(one, truth)) is not None and tests.shown for one in effects)
    width = f"{fmean(one.high - one.low for one in known(effects)):.1f}"
    few = effects[:resampled]
    ends = bootstrap(few, by_place(records), 600)
    drawn = share(low <= truth <= high for low, high in ends)
    records, none = studies(setting, seeds, examples, 0.0, resampled)
    flipped = share(of_examples(one, by_place(records), 199) <= LEVEL for one in none)
    return [setting.name, f"{setting.points:.0f}", str(examples), str(seeds), held, width, drawn, claimed, flipped, equal]


def family(setting: Setting, seeds: int, examples: int, number: int) -> list[str]:
    """Return how often a study of many arms and tasks, in which nothing differs, claims anything, before and after Holm."""
    lot = np.random.default_rng([number, seeds])
    raw, corrected = [], []
    for _ in range(number):
        records = [one for task in range(TASKS) for one in study(lot, setting, seeds, examples, 0.0, str(task), ARMS)]
        p_values = [one.p for one in paired_effects(records, "arm 0", {}) if one.p is not None]
        raw.append(min(p_values) < LEVEL)
        corrected.append(min(holm(p_values)) < LEVEL)
    return [setting.name, f"{setting.points:.0f}", str(examples), str(seeds), share(iter(raw)), share(iter(corrected))]


def table(headers: list[str], rows: Iterator[list[str]]) -> None:
    """Print a table in Markdown, each line as soon as it is there."""
    print(f"\n| {' | '.join(headers)} |\n|{'---|' * len(headers)}")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)


def main() -> None:
    """Simulate, and print what share of studies each method is right and wrong in."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--studies", type=int, default=2000, help="simulated studies of a line (default: %(default)s)")
    asked.add_argument("--resampled", type=int, default=400, help="of these, resampled too (default: %(default)s)")
    asked.add_argument("--examples", type=int, nargs="+", default=[200], help="sizes of test sets (default: 200)")
    given = asked.parse_args()
    begun = time.perf_counter()
    print(f"{given.studies} studies a line, {given.resampled} of them resampled; numpy {version('numpy')}, ", end="")
    print(f"scipy {version('scipy')}, Python {platform.python_version()}, {platform.machine()}; shares in %")
    headers = [
        "chance",
        "sd",
        "n",
        "seeds",
        "interval holds",
        "width",
        "bootstrap holds",
        "p < 5 %",
        "flips <= 5 %",
        "TOST at margin",
    ]
    cases = [(setting, seeds, size) for setting in SETTINGS for size in given.examples for seeds in SEEDS]
    table(headers, (line(*case, given.studies, given.resampled) for case in cases))
    headers = ["chance", "sd", "n", "seeds", f"any of {ARMS * TASKS} p < 5 %", "any after Holm"]
    table(headers, (family(*case, given.studies // 4) for case in cases if case[2] == given.examples[0]))
    print(f"\n{time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()

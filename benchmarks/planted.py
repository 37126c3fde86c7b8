"""Planted effects and planted nulls in the world, where the truth is known, through study, plan, executor and report.

A null: `none` against itself. Runs of one arm that differ in nothing but the seed are dealt to arms that differ in nothing
but their names, as many seeds each as a study has; every effect found is false. Effects: a language twice as far from
English as another that the encoder knows as little, under the same runs; and a stage that shares the target's structure
beside one that does not. A figure "of draws" is over many ways to deal the same runs; the binomial interval is over groups
that have no run in common. It ends with 1 where that interval of a null lies above 5 %, or an effect is mostly missed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from scipy.stats import binomtest

from isthmus.analysis.paired import Effect
from isthmus.cli.opened import Opened, open_study
from isthmus.execution.board import display_for
from isthmus.execution.local import EXECUTOR
from isthmus.plan.graph import Cell
from isthmus.report.effects import stay_clear, study_effects
from isthmus.study.spec import Stage

ARMS = 3  # beside the reference, of a family for Holm
DRAWS = 200
LEVEL = 0.05
TONGUES = {"once": 0.55, "twice": 0.10}  # share of English words; all else is that of near: distances of 0.15 and 0.30
TARGETS = [
    {"task": "pawsx", "train_examples": 300, "max_examples": 300, "recipe": {"steps": 60}},
    {"task": "udpos", "train_examples": 100, "max_examples": 200, "recipe": {"steps": 40}},
]
LANGUAGES = ["en", "near", "far", *TONGUES]
ANY = Stage(task="mnli")  # that an arm has one tells it from the reference; it is never run
STAGES = {"structure": [{"task": "mnli"}], "nothing": [{"task": "ccg"}]}
RECIPE = {"learning_rate": 5e-4, "steps": 60, "batch_examples": 16, "max_length": 96, "stride": 16}
STAGE_RECIPE = {"learning_rate": 1e-3, "steps": 250, "batch_examples": 32}


@dataclass(frozen=True)
class Deal:
    """Arms by name, each with the runs (arm, seed, language or None for all) that play its seeds."""

    arms: Mapping[str, Sequence[tuple[str, int, str | None]]]


def write_study(folder: Path, name: str, arms: Mapping[str, Any], seeds: int, targets: Sequence[Any]) -> Path:
    """Write a study on a world with two more languages, and that world."""
    for tongue, shared in TONGUES.items():
        said = {"name": tongue, "about": f"near, {shared:.0%} shared words", "like": "near", "cognates": shared}
        (folder / f"{tongue}.yaml").write_text(yaml.safe_dump(said), "utf-8")
    world = {"seed": 0, "languages": ["en", "near", "far", *(f"{tongue}.yaml" for tongue in TONGUES)]}
    (folder / "world.yaml").write_text(yaml.safe_dump(world), "utf-8")
    study = {
        "study": name,
        "question": "Is what was planted found, and nothing else?",
        "data": "world.yaml",
        "model": "world",
        "seeds": list(range(1, seeds + 1)),
        "arms": {"none": [], **arms},
        "targets": list(targets),
        "source": "en",
        "languages": LANGUAGES,
        "recipe": RECIPE,
        "overrides": {stage["task"]: STAGE_RECIPE for stages in arms.values() for stage in stages},
        "baselines": [],
    }
    file = folder / f"{name}.yaml"
    file.write_text(yaml.safe_dump(study), "utf-8")
    return file


def done(file: Path, store: Path, jobs: int) -> Opened:
    """Run a study to its end and return it opened; exits where a step failed."""
    opened = open_study(file, store)
    report = EXECUTOR.run(
        opened.plan, opened.store, jobs=jobs, threads=1, show=display_for(Console(stderr=True), silent=True)
    )
    if not report.fine:
        sys.exit(f"{file}: {dict(report.counts())}")
    return opened


def dealt(opened: Opened, deal: Deal) -> list[Effect]:
    """Return the effects that the report of a study finds whose arms are played by these runs."""
    by_run: dict[tuple[str, int | None], list[Cell]] = {}
    for cell in opened.plan.cells:
        by_run.setdefault((cell.arm, cell.seed), []).append(cell)
    cells = [
        replace(cell, arm=arm, seed=seed, language="tongue" if language else cell.language)
        for arm, runs in deal.arms.items()
        for seed, (played, own, language) in enumerate(runs, 1)
        for cell in by_run[played, own]
        if language in (None, cell.language)
    ]
    arms = {
        arm: () if place == 0 else opened.study.arms[arm] if arm in STAGES else (ANY,) for place, arm in enumerate(deal.arms)
    }
    study = opened.study.model_copy(update={"arms": arms, "seeds": tuple(range(1, len(cells) + 1))})
    return study_effects(study, replace(opened.plan, cells=tuple(cells)), opened.store)


def nulls(seeds: Sequence[int], each: int) -> Deal:
    """Return a reference and arms that are the same but for which seeds play them."""
    return Deal(
        {f"arm {i}": [("none", s, None) for s in seeds[i * each : (i + 1) * each]] for i in range(len(seeds) // each)}
    )


def draws(seeds: Sequence[int], size: int, number: int, lot: random.Random) -> Iterator[list[int]]:
    """Yield so many samples of seeds without repetition."""
    for _ in range(number):
        yield lot.sample(list(seeds), size)


def disjoint(seeds: Sequence[int], size: int) -> list[list[int]]:
    """Return groups of seeds that have none in common."""
    return [list(seeds[i : i + size]) for i in range(0, len(seeds) - size + 1, size)]


def interval(hits: int, of: int) -> str:
    """Return a count with the exact binomial interval (95 %) of its share."""
    found = binomtest(hits, of).proportion_ci(0.95)
    return f"{hits} of {of} ({100 * found.low:.0f} to {100 * found.high:.0f} %)"


def share(flags: Iterable[bool]) -> str:
    """Return a share in percent."""
    known = list(flags)
    return f"{100 * sum(known) / len(known):.1f} %"


def single(effect: Effect) -> bool:
    """Tell whether an effect is on one language, and not on an average."""
    return effect.languages == (effect.language,)


def null_rows(opened: Opened, each: int, number: int) -> Iterator[tuple[list[str], bool]]:
    """Yield lines on how often a null is 'found' with so many seeds, and whether more often than it may be."""
    seeds, lot = opened.study.seeds, random.Random(each)
    drawn = [dealt(opened, nulls(own, each)) for own in draws(seeds, 2 * each, number, lot)]
    apart = [dealt(opened, nulls(own, each)) for own in disjoint(seeds, 2 * each)]
    for target in dict.fromkeys(effect.task for effect in drawn[0]):
        for what, wanted in (("single languages", single), ("zero-shot", lambda e: e.language == "zero-shot")):
            own = [[e.sign != 0 for e in effects if e.task == target and wanted(e)] for effects in (*drawn, *apart)]
            flags, groups = [one for found in own[:number] for one in found], own[number:]
            # Languages of one group go together, so that a group counts once: by its first language, or its average.
            hits = sum(found[0] for found in groups)
            over = binomtest(hits, len(groups)).proportion_ci(0.95).low > LEVEL
            yield [f"null, {target}, {what}", str(each), share(flags), interval(hits, len(groups))], over
    family = [dealt(opened, nulls(own, each)) for own in draws(seeds, (ARMS + 1) * each, number, lot)]
    apart = [dealt(opened, nulls(own, each)) for own in disjoint(seeds, (ARMS + 1) * each)]
    any_left = [bool(stay_clear(effects)[1]) for effects in family]
    hits = sum(bool(stay_clear(effects)[1]) for effects in apart)
    over = binomtest(hits, len(apart)).proportion_ci(0.95).low > LEVEL
    what = f"null, any of {ARMS * len(TARGETS)} after Holm"
    yield [what, str(each), share(any_left), interval(hits, len(apart))], over


def found_rows(
    opened: Opened,
    name: str,
    arms: Mapping[str, tuple[str, str | None]],
    on: str,
    side: int,
    each: int,
    number: int,
    task: str,
) -> tuple[list[str], bool]:
    """Return the line on a planted effect: how often it is found on its side, and whether mostly missed."""

    def signs(groups: Iterable[Sequence[int]]) -> list[bool]:
        deals = (Deal({a: [(run, s, lang) for s in own] for a, (run, lang) in arms.items()}) for own in groups)
        found = [next(e for e in dealt(opened, deal) if e.task == task and e.language == on) for deal in deals]
        sizes.extend(e.delta for e in found)
        return [e.sign == side for e in found]

    sizes: list[float] = []
    seeds = opened.study.seeds
    drawn = signs(draws(seeds, each, number, random.Random(each)))
    size = sum(sizes) / len(sizes)
    apart = signs(disjoint(seeds, each))
    return [f"{name} ({size:+.1f})", str(each), share(drawn), interval(sum(apart), len(apart))], sum(drawn) < len(drawn) / 2


def main() -> None:
    """Run both studies, deal their runs, and print how often what was planted is found."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--quick", action="store_true", help="a quarter of the runs, which tell little")
    asked.add_argument("--jobs", type=int, default=2, help="worker processes (default: %(default)s)")
    asked.add_argument("--folder", type=Path, help="where studies and store are kept, to go on (default: a temporary one)")
    given = asked.parse_args()
    runs, staged, number = (24, 6, 40) if given.quick else (96, 9, DRAWS)
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        null = done(write_study(folder, "planted-null", {}, runs, TARGETS), folder / "store", given.jobs)
        stages = done(write_study(folder, "planted-stages", STAGES, staged, TARGETS[:1]), folder / "store", given.jobs)
        print(f"{runs} runs of `none`, {staged} of each stage; {time.perf_counter() - begun:.0f} s\n")
        print("| planted | seeds | found, of draws | found, of groups with no run in common |\n|---|---:|---:|---:|")
        wrong = False
        for each in (2, 3, 5):
            for row, over in null_rows(null, each, number):
                wrong |= over
                print(f"| {' | '.join(row)} |", flush=True)
        tongues = {tongue: ("none", tongue) for tongue in TONGUES}
        for each in (2, 3):
            rows = [found_rows(null, "udpos, twice as far", tongues, "tongue", -1, each, number, "udpos")]
            for arm, other in (("structure", "none"), ("structure", "nothing")):
                sides = {other: (other, None), arm: (arm, None)}
                for on in ("en", "near"):
                    name = f"pawsx {on}, stage of {arm} against {other}"
                    rows.append(found_rows(stages, name, sides, on, 1, each, number, "pawsx"))
            for row, missed in rows:
                wrong |= missed and each > 2
                print(f"| {' | '.join(row)} |", flush=True)
    print(f"\n{time.perf_counter() - begun:.0f} s")
    sys.exit(int(wrong))


if __name__ == "__main__":
    main()

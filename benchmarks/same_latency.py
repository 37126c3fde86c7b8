"""Two copies of one checkpoint, timed side by side: how often a difference is found that is not there, and one that is.

Every repeat times both in turn for some rounds, loading them anew now and then as every measurement does, and asks whether
the 95 % interval of the ratio excludes 1; once as torch runs them (``--runtimes torch``), once as onnxruntime does.
Of a checkpoint and its copy at most 5 of 100 may be found; of a copy that takes 15 % longer (after each answer it waits
busily for that share of the answer's own time) nearly all. Simulated rounds say the same of hundreds of draws, where rounds
resemble each other or are far out now and then. ``--repeats 0`` leaves out what is timed, ``--draws 0`` what is simulated.
It ends with 1 where the binomial interval of the copies lies above 5 %, or less than 95 of 100 slowdowns are found.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy.stats import binomtest

from _side_by_side import heading
from isthmus.analysis.latency import MARGIN, Ratio, ratio_of
from isthmus.efficiency.fleet import Checkpoint, Fleet, Serving
from isthmus.efficiency.rounds import Track, single_stream
from isthmus.efficiency.serve import Server
from isthmus.models.family import load_family
from isthmus.models.trained import new_task_model, save_task_model
from isthmus.models.variant import VARIANTS, Making
from isthmus.results.measured import Protocol
from isthmus.sources.example import TextPair
from isthmus.training.fine_tune import encoding_for
from isthmus.world.source import ENCODER as SHIPPED

LEVEL = 0.05
SLOWER = 0.15
WORDS = ["the", "of", "a", "in", "to", "and", "that", "it", "was", "he", "for", "on", "are", "as", "with", "his", "they"]
Noise = Callable[[np.random.Generator, int], np.ndarray]


class Slower(Server):
    """A server that takes longer by a share of each answer's own time."""

    def answer(self, example: Any) -> Any:
        begun = time.perf_counter()
        found = super().answer(example)
        until = begun + (1 + SLOWER) * (time.perf_counter() - begun)
        while time.perf_counter() < until:
            pass
        return found


def resembling(share: float) -> Noise:
    """Return noise of which each round keeps a share of the last."""

    def drawn(lot: np.random.Generator, rounds: int) -> np.ndarray:
        noise = lot.normal(0, 1, rounds + 50)
        for i in range(1, len(noise)):
            noise[i] += share * noise[i - 1]
        return noise[50:]

    return drawn


def bursts(lot: np.random.Generator, rounds: int) -> np.ndarray:
    """Return quiet rounds with disturbances that last for four."""
    begun = lot.random(rounds + 3) < 0.05
    return 0.3 * lot.normal(0, 1, rounds) + 3 * sum(begun[k : k + rounds] for k in range(4))


NOISES: dict[str, Noise] = {
    "independent": resembling(0.0),
    "like the last by 0.2": resembling(0.2),
    "like the last by 0.4": resembling(0.4),
    "like the last by 0.6": resembling(0.6),
    "Student's t of 2": lambda lot, rounds: lot.standard_t(2, rounds),
    "far out in 1 of 20": lambda lot, rounds: (
        0.3 * lot.normal(0, 1, rounds) + 10 * (lot.random(rounds) < 0.05) * lot.exponential(1, rounds)
    ),
    "disturbed for 4 rounds": bursts,
}


def simulated(draws: int, rounds: int) -> None:
    """Print of each kind of noise how often an interval holds the truth, and what is found and shown that is not there."""
    print(f"\nsimulated: {draws} comparisons of {rounds} rounds; of 100 each (spread of a round 1 %)")
    print(f"  {'noise of each of the two':<24}{'held':>8}{'found':>8}{'plain t':>9}{'15 %':>8}{'same':>8}{'on margin':>11}")
    for name, noise in NOISES.items():
        lot = np.random.default_rng([draws, rounds, list(NOISES).index(name)])
        cases: dict[float, list[Ratio]] = {1.0: [], 1 + MARGIN: [], 1 + SLOWER: []}
        plain = []
        for _ in range(draws):
            hour = lot.normal(0, 0.3, rounds)
            mine, other = (np.exp(hour + 0.01 * noise(lot, rounds)) for _ in range(2))
            for factor, found in cases.items():
                found.append(ratio_of([list(factor * mine)], [list(other)]))
            logs = np.log(mine / other)
            plain.append(abs(logs.mean()) > 2.093 * logs.std(ddof=1) / np.sqrt(rounds))
        held = [low <= 1 + MARGIN <= high for low, high in (one.ends() for one in cases[1 + MARGIN])]
        shares = [
            held,
            [one.found for one in cases[1.0]],
            plain,
            [one.found and one.ratio > 1 for one in cases[1 + SLOWER]],
            [one.equivalent for one in cases[1.0]],
            [one.equivalent for one in cases[1 + MARGIN]],
        ]
        widths = (8, 8, 9, 8, 8, 11)
        print(
            f"  {name:<24}" + "".join(f"{100 * np.mean(own):>{width}.1f}" for own, width in zip(shares, widths, strict=True))
        )


def checkpoints(folder: Path, runtime: str) -> list[Checkpoint]:
    """Write the encoder of the package with an untrained head, as a runtime wants it, and a copy of it; return both."""
    family = load_family("encoder")
    model = new_task_model(family, SHIPPED, "classification", ["no", "yes"], 1)
    found = []
    for name in ("one", "copy"):
        place = folder / name
        if not found:
            place.mkdir()
            save_task_model(model, place, "classification", ["no", "yes"])
            if runtime == "onnx":
                trained, place = place, folder / "graph"
                place.mkdir()
                make = VARIANTS.load("onnx").make
                make(Making(trained, place, family, {}, lambda network: encoding_for(network, 96, 16), lambda *_: None))
        else:
            shutil.copytree(found[0].folder, place)
        found.append(Checkpoint(name, name, "", "", 1, place, place))
    return found


def compared(both: list[Checkpoint], protocol: Protocol, slower: bool) -> Ratio:
    """Return the ratio of the second to the first in one repeat, both loaded anew."""
    serving = Serving(torch.device("cpu"), torch.get_num_threads(), 96, 16, "fp32")

    def load(number: int) -> Server:
        server = serving.server(both[number])
        if slower and number:
            return Slower(server.model, server.labels, server.encoding, server.precision)
        return server

    fleet = Fleet(2, load, together=True)
    examples = {"en": [TextPair(str(i), _words(i), _words(i + 1), "no") for i in range(40)]}
    timed = single_stream(Track(fleet, examples, protocol, lambda: None, lambda *_: None))
    fleet.close()
    own, its = ([sum(queries) for queries in timed[number, "en"]] for number in (1, 0))
    return ratio_of([own], [its])


def _words(number: int) -> str:
    return " ".join(WORDS[(number * 7 + i) % len(WORDS)] for i in range(6 + number % 9))


def timed(repeats: int, protocol: Protocol, runtime: str) -> bool:
    """Print what is found of a checkpoint and its copy, and of a slowdown; return whether both are as they should be."""
    sound = True
    with tempfile.TemporaryDirectory() as folder:
        both = checkpoints(Path(folder), runtime)
        print(
            f"\ntimed, {runtime}: {repeats} repeats of {protocol.rounds} rounds of "
            f"{protocol.queries // protocol.rounds} queries, loaded {protocol.loads} times"
        )
        for slower in (False, True):
            before, begun = os.getloadavg()[0], time.perf_counter()
            found = [compared(both, protocol, slower) for _ in range(repeats)]
            number = sum(one.found and (not slower or one.ratio > 1) for one in found)
            ends = binomtest(number, repeats).proportion_ci()
            ratios = sorted(one.ratio for one in found)
            same = sum(one.equivalent for one in found)
            sound = sound and (number >= 0.95 * repeats if slower else ends.low <= LEVEL)
            print(
                f"  {f'{SLOWER:.0%} slower' if slower else 'a copy':<12} found {number} of {repeats} "
                f"({100 * ends.low:.1f} to {100 * ends.high:.1f} %), within ±{MARGIN:.0%} {same}, "
                f"different {sum(one.outcome == 'different' for one in found)}, "
                f"ratio {ratios[len(ratios) // 2]:.3f} ({ratios[0]:.3f} to {ratios[-1]:.3f}), "
                f"error {np.median([one.error for one in found]):.4f}; "
                f"{time.perf_counter() - begun:.0f} s, load {before:.1f} before, {os.getloadavg()[0]:.1f} after"
            )
    return sound


def main() -> int:
    """Run both parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=100)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--queries", type=int, default=60)
    parser.add_argument("--loads", type=int, default=Protocol().loads)
    parser.add_argument("--runtimes", nargs="+", choices=("torch", "onnx"), default=("torch", "onnx"))
    asked = parser.parse_args()
    torch.set_num_threads(1)
    heading("the same latency")
    if asked.draws:
        simulated(asked.draws, asked.rounds)
    protocol = Protocol(warmup=1, seconds=0.0, queries=asked.queries, rounds=asked.rounds, loads=asked.loads)
    sound = [timed(asked.repeats, protocol, runtime) for runtime in asked.runtimes if asked.repeats]
    return 0 if all(sound) else 1


if __name__ == "__main__":
    sys.exit(main())

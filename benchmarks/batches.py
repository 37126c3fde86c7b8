"""Padding and speed of batches: 32 examples in random order against like lengths under a budget of tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

import torch

from _side_by_side import compare, heading
from attention import network
from isthmus.compute.device import autocast
from isthmus.models.feature import Feature, pad
from isthmus.models.network import Network
from isthmus.study.spec import Recipe
from isthmus.training.batches import labelled_rounds


def examples(count: int) -> list[Feature]:
    """Return features whose lengths are spread as those of sentence pairs are: 40 on average, 128 at most."""
    draw = Random(1)
    lengths = [min(128, max(4, round(draw.lognormvariate(3.5, 0.6)))) for _ in range(count)]
    return [Feature([5] * n, [0] * n, 0, 0) for n in lengths]


def work(model: Network, batches: Sequence[Sequence[Feature]]) -> Callable[[], float]:
    """Return a run over all batches, forward and backward, that says how many real tokens it took."""

    def run() -> float:
        for batch in batches:
            with autocast(torch.device("cpu"), "bf16"):
                total = model.hidden(model.body, pad(batch, 1)).float().square().mean()
            total.backward()
        return float(sum(len(f.ids) for batch in batches for f in batch))

    return run


def padded(batches: Sequence[Sequence[Feature]]) -> float:
    """Return the share of positions that are padding."""
    real = sum(len(f.ids) for batch in batches for f in batch)
    return 1 - real / sum(pad(batch, 1).ids.numel() for batch in batches)


if __name__ == "__main__":
    torch.set_num_threads(1)
    model = network()
    model.attend("eager")
    features = examples(1000)
    ways = {
        "random, 32 examples": [features[i : i + 32] for i in range(0, len(features), 32)],
        "like lengths, budget": labelled_rounds(features, Recipe(learning_rate=1.0, epochs=1.0, batch_tokens=2048), 1)(0),
    }
    heading("batches of 1,000 examples, bf16, training, real tokens a CPU second")
    for name, batches in ways.items():
        print(f"  {name:<24} {len(batches)} batches, {100 * padded(batches):.1f} % padding")
    compare({name: work(model, batches) for name, batches in ways.items()}, rounds=3)

"""Training and prediction of the small encoder with torch's fused attention and with eager attention."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import torch

from _side_by_side import compare, heading
from isthmus.compute.device import autocast
from isthmus.models.feature import Feature, pad
from isthmus.models.network import Network, load_network
from isthmus.models.origin import randomise
from isthmus.models.tokenizer import save_tokenizer, train_tokenizer

NETWORK = {
    "model_type": "modernbert", "hidden_size": 192, "num_hidden_layers": 4, "num_attention_heads": 6,
    "intermediate_size": 384, "max_position_embeddings": 512, "global_attn_every_n_layers": 1,
}  # fmt: skip
TOKENS = 4096


def network() -> Network:
    """Return the encoder of studies/real-mini.yaml with random weights and a toy vocabulary."""
    folder = Path(tempfile.mkdtemp())
    draw = Random(1)
    lines = ["".join(draw.choice("abcdefgh ") for _ in range(60)) for _ in range(200)]
    save_tokenizer(train_tokenizer({"xx": lines}, 200, 1.0, False, draw), folder / "tokenizer")
    randomise(NETWORK, folder / "tokenizer", 1, folder / "encoder")
    return load_network(folder / "encoder")


def work(model: Network, how: str, length: int, train: bool) -> Callable[[], float]:
    """Return a run of a few batches of one length that says how many tokens it took."""
    rows = TOKENS // length
    batch = pad([Feature([5] * length, [0] * length, 0, None)] * rows, 1)

    def run() -> float:
        model.attend(how)
        for _ in range(3):
            with autocast(torch.device("cpu"), "bf16"), torch.set_grad_enabled(train):
                total = model.hidden(model.body, batch).float().square().mean()
            if train:
                total.backward()
        return 3.0 * rows * length

    return run


if __name__ == "__main__":
    torch.set_num_threads(1)
    model = network()
    heading("attention, bf16")
    for length in (24, 40, 128):
        for train in (True, False):
            print(f"{'training' if train else 'prediction'}, {length} sub-words")
            compare({how: work(model, how, length, train) for how in ("sdpa", "eager")})

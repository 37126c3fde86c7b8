"""Measuring this machine: a small encoder is trained and asked for predictions for a few seconds; prints one line of JSON.

Operations are counted as plan/cost.py counts them, 6 a weight and token in training and 2 in prediction, over the weights
outside the embeddings: what is measured is how fast work of that count is done, not what the hardware could do.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial

import torch
from torch import Tensor, nn
from transformers import ModernBertConfig, ModernBertModel

from isthmus.compute.device import accelerator, autocast, device_name
from isthmus.compute.speed import Speed

SECONDS = 2.0  # for each of the four figures
VOCABULARY = 1000
PRECISIONS = ("fp32", "bf16")


@dataclass(frozen=True)
class Load:
    """A network and a batch of the size that small studies have on a kind of device."""

    hidden: int
    layers: int
    sequences: int
    length: int


LOADS = {"cpu": Load(192, 4, 32, 64), "cuda": Load(768, 12, 64, 256)}


def measure(load: Load, device: torch.device, seconds: float) -> Speed:
    """Return the speed of a device under a load, measured for ``seconds`` for each of four figures."""
    config = ModernBertConfig(
        vocab_size=VOCABULARY, hidden_size=load.hidden, intermediate_size=2 * load.hidden,
        num_hidden_layers=load.layers, num_attention_heads=load.hidden // 64,
        pad_token_id=0, bos_token_id=1, eos_token_id=2, cls_token_id=1, sep_token_id=2,
    )  # fmt: skip
    network: nn.Module = ModernBertModel(config).to(device)
    tokens = torch.randint(3, VOCABULARY, (load.sequences, load.length), device=device)
    weights = sum(weight.numel() for name, weight in network.named_parameters() if "embeddings" not in name)
    work = float(weights * tokens.numel())
    return Speed(
        host=socket.gethostname(),
        device=device_name(device),
        threads=torch.get_num_threads(),
        training={p: 6 * work / _pace(partial(_train, network, tokens, p), device, seconds) for p in PRECISIONS},
        prediction={p: 2 * work / _pace(partial(_predict, network, tokens, p), device, seconds) for p in PRECISIONS},
        measured=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _train(network: nn.Module, tokens: Tensor, precision: str) -> None:
    with autocast(tokens.device, precision):
        loss = network(input_ids=tokens).last_hidden_state.float().square().mean()
    loss.backward()
    network.zero_grad()


@torch.no_grad()
def _predict(network: nn.Module, tokens: Tensor, precision: str) -> None:
    with autocast(tokens.device, precision):
        network(input_ids=tokens)


def _pace(work: Callable[[], None], device: torch.device, seconds: float) -> float:
    """Return the seconds of the fastest piece of work, the first one (which allocates and compiles) not counted.

    The fastest, since whatever else the machine was doing can only have made a piece slower.
    """
    work()
    _wait(device)
    end, fastest = time.perf_counter() + seconds, float("inf")
    while time.perf_counter() < end or fastest == float("inf"):
        begun = time.perf_counter()
        work()
        _wait(device)
        fastest = min(fastest, time.perf_counter() - begun)
    return fastest


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def main() -> None:
    """Measure the device that training would use, with all cores, and print the speed."""
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    device = accelerator().device
    json.dump(asdict(measure(LOADS.get(device.type, LOADS["cuda"]), device, SECONDS)), sys.stdout)


if __name__ == "__main__":
    main()

"""Networks kept in memory by a worker: forty languages of one model load it once."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from accelerate import PartialState
from torch import Tensor

from isthmus.evaluation.predict import Tick
from isthmus.evaluation.ranking import Candidates, encode_pool
from isthmus.models.family import load_family
from isthmus.models.head import Encoding
from isthmus.models.network import Network, load_tokenizer
from isthmus.models.running import Answering, load_encoder, load_running, runs_plainly
from isthmus.models.trained import ENCODER, load_task_model


def _device() -> torch.device:
    return torch.device(PartialState().device)


@lru_cache(maxsize=1)
def task_model_of(family: str, folder: Path, head: Path) -> tuple[Answering, list[str]]:
    """Return the encoder of an artifact with the head in a folder, on this process's device, and the head's labels.

    It runs as a variant says that it does. All heads of one artifact that runs plainly share one encoder in memory.
    """
    if not runs_plainly(folder):
        return load_running(load_family(family), folder, head, _device())
    model, _, labels = load_task_model(load_family(family), encoder_of(family, folder), head)
    model.to(_device())
    return model, labels


@lru_cache(maxsize=1)
def encoder_of(family: str, folder: Path) -> Network:
    """Return the encoder of an artifact, on this process's device."""
    return load_encoder(load_family(family), folder, _device())


@lru_cache(maxsize=1)
def tokenizer_of(folder: Path) -> Any:
    """Return the tokenizer of a tokenizer's or a model's artifact."""
    own = folder / "tokenizer"
    return load_tokenizer(own if own.exists() else folder / ENCODER)


def pool_of(
    model: Answering, folder: Path, head: Path, candidates: Candidates, encoding: Encoding, precision: str, tick: Tick
) -> Tensor:
    """Return the vectors of a pool of candidates by an artifact's encoder and a folder's head; the last pool is kept."""
    content = hashlib.sha256()
    for id_, texts in candidates.items():
        content.update("".join(f"{len(part)} {part}" for part in (id_, *texts)).encode())
    key = (folder, head, content.hexdigest(), encoding.max_length, precision)
    if key not in _POOLS:
        _POOLS.clear()  # before the next is made: two pools of a million may not fit
        _POOLS[key] = encode_pool(model, candidates, encoding, precision, tick)
    return _POOLS[key]


_POOLS: dict[Hashable, Tensor] = {}

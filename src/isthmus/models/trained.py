"""A trained task model on disk: the encoder as a Hugging Face directory, the head in safetensors, its labels in JSON.

A model trained on a mix keeps the head of each stream in a folder of its name below ``heads/``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from isthmus.core.errors import UserError
from isthmus.models import lora
from isthmus.models.family import Family
from isthmus.models.network import Network
from isthmus.models.task_model import TaskModel

ENCODER = "encoder"
HEADS = "heads"
WEIGHTS = "head.safetensors"
HEAD = "head.json"


def new_task_model(family: Family, encoder: Path, kind: str, labels: Sequence[str], seed: int) -> TaskModel:
    """Put a new head, drawn from ``seed``, on the encoder of a directory."""
    torch.manual_seed(seed)  # for weights that the directory lacks, a pooler say
    return headed(family, family.load(encoder), kind, labels, seed)


def headed(family: Family, network: Network, kind: str, labels: Sequence[str], seed: int) -> TaskModel:
    """Put a new head, drawn from ``seed``, on an encoder."""
    head = family.head(kind)
    torch.manual_seed(seed)
    return TaskModel(network, head, head.module(network.hidden_size, len(labels), network.dropout))


def save_task_model(model: TaskModel, folder: Path, kind: str, labels: Sequence[str]) -> None:
    """Write encoder, head and labels; low-rank updates that are not folded in stand beside the encoder (``adapter/``)."""
    with lora.without_updates(model.network):
        model.network.save(folder / ENCODER)
    if lora.adapted(model.network):
        lora.save(model.network, folder / lora.ADAPTER)
    save_head(model, folder, kind, labels)


def save_head(model: TaskModel, folder: Path, kind: str, labels: Sequence[str]) -> None:
    """Write the head of a model and its labels into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file({k: v.contiguous() for k, v in model.module.state_dict().items()}, str(folder / WEIGHTS))
    (folder / HEAD).write_text(json.dumps({"kind": kind, "labels": list(labels)}), encoding="utf-8")


def head_folder(folder: Path, stream: str) -> Path:
    """Return where the head of a stream of a mix lies in a trained directory; without a stream, that of its only task."""
    return folder / HEADS / stream if stream else folder


def head_labels(folder: Path) -> list[str]:
    """Return the labels of the head in a folder, in the order of its outputs."""
    return head_record(folder)[1]


def head_record(folder: Path) -> tuple[str, list[str]]:
    """Return (kind, labels) of the head in a folder; raises UserError where there is none."""
    if not (folder / HEAD).exists():
        raise UserError(f"{folder}: found no {HEAD}; expected a model that was trained on a task, with its head")
    record = json.loads((folder / HEAD).read_text(encoding="utf-8"))
    return record["kind"], record["labels"]


def restore_head(model: TaskModel, folder: Path) -> None:
    """Give a model the weights of the head in a folder, which must be of its kind and labels."""
    model.module.load_state_dict(load_file(str(folder / WEIGHTS)))


def load_task_model(family: Family, network: Network, folder: Path) -> tuple[TaskModel, str, list[str]]:
    """Return (model, kind, labels): the head in a folder on an encoder."""
    kind, labels = head_record(folder)
    model = headed(family, network, kind, labels, 0)
    restore_head(model, folder)
    return model, kind, labels

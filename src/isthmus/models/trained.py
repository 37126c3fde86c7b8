"""A trained task model on disk: the encoder as a Hugging Face directory, the head in safetensors, its labels in JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from isthmus.models.family import Family
from isthmus.models.task_model import TaskModel

ENCODER = "encoder"
WEIGHTS = "head.safetensors"
HEAD = "head.json"


def new_task_model(family: Family, encoder: Path, kind: str, labels: Sequence[str], seed: int) -> TaskModel:
    """Put a new head, drawn from ``seed``, on the encoder of a directory."""
    torch.manual_seed(seed)  # for weights that the directory lacks, a pooler say
    network = family.load(encoder)
    head = family.head(kind)
    torch.manual_seed(seed)
    return TaskModel(network, head, head.module(network.hidden_size, len(labels), network.dropout))


def save_task_model(model: TaskModel, folder: Path, kind: str, labels: Sequence[str]) -> None:
    """Write encoder, head and labels."""
    model.network.save(folder / ENCODER)
    save_file({k: v.contiguous() for k, v in model.module.state_dict().items()}, str(folder / WEIGHTS))
    (folder / HEAD).write_text(json.dumps({"kind": kind, "labels": list(labels)}), encoding="utf-8")


def load_task_model(family: Family, folder: Path) -> tuple[TaskModel, str, list[str]]:
    """Return (model, kind, labels) of a trained directory."""
    record = json.loads((folder / HEAD).read_text(encoding="utf-8"))
    model = new_task_model(family, folder / ENCODER, record["kind"], record["labels"], 0)
    model.module.load_state_dict(load_file(str(folder / WEIGHTS)))
    return model, record["kind"], record["labels"]

"""The idea of a task, and the shelf of all tasks; each task is one declarative file in ``targets`` or ``intermediate``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from isthmus.core.lookup import Shelf
from isthmus.sources.files import Files

TASKS = Shelf("task", ("isthmus.tasks.targets", "isthmus.tasks.intermediate"), "TASK")
KINDS = Shelf("kind", ("isthmus.tasks.kinds",), "KIND")


@dataclass(frozen=True, kw_only=True)
class Task:
    """Everything that is true of a task whatever the model.

    ``train_on`` names the task whose English training and development sets a target is trained on (xnli: mnli, xquad:
    squad), None for a task without training data. ``metrics`` name files of ``isthmus.metrics``; ``main`` is the key of
    the official figure among the values they return. ``languages`` are the official ones; a data directory may hold more.
    """

    name: str
    kind: str
    description: str
    files: Files
    metrics: tuple[str, ...]
    main: str
    languages: tuple[str, ...]
    licence: str
    citation: str
    homepage: str
    labels: tuple[str, ...] = ()
    train_on: str | None = None
    benchmarks: tuple[str, ...] = ()


def load_task(name: str) -> Task:
    """Return a task by name; raises UnknownName with the nearest names."""
    task: Task = TASKS.load(name)
    return task


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A form of problem: which example record it reads, what a prediction is, and how gold and prediction are compared.

    ``gold(example)`` returns what a metric compares with (None where stripped); ``texts(example)`` every text a model
    reads; ``encode(prediction)`` and ``decode(json)`` turn a prediction into JSON and back.
    """

    name: str
    example: type
    description: str
    gold: Any
    texts: Any


def load_kind(name: str) -> Kind:
    """Return a kind by name."""
    kind: Kind = KINDS.load(name)
    return kind

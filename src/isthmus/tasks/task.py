"""The idea of a task, and the shelves of tasks, kinds and metrics; a task is one file in ``targets`` or ``intermediate``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from isthmus.core.errors import UnknownName
from isthmus.core.lookup import Shelf
from isthmus.sources.example import Example
from isthmus.sources.files import DOMAIN, Files

Gold = str | int | tuple[str, ...]

TASKS = Shelf("task", ("isthmus.tasks.targets", "isthmus.tasks.intermediate"), "TASK")
KINDS = Shelf("kind", ("isthmus.tasks.kinds",), "KIND")
METRICS = Shelf("metric", ("isthmus.metrics",), "score")
RAW = ("mlm", "tlm")  # kinds of raw text, which is only trained on and never scored


@dataclass(frozen=True, kw_only=True)
class Task:
    """Everything that is true of a task whatever the model.

    ``train_on`` names the task whose training and development sets a target is trained on (xnli: mnli, xquad: squad, udpos:
    udpos), None for a task without training data. ``metrics`` name files of ``isthmus.metrics``; their functions take gold
    and predictions and, where the figure depends on it, ``language``. ``main`` is the key of the official figure among the
    values they return. ``languages`` are the official ones; a data directory may hold more.
    ``part_of`` names tasks whose English development set holds what the test set was made of (xquad: squad).
    ``labels`` are empty where the kind knows none, and where the set is open: then those of the training set are learnt.
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
    part_of: tuple[str, ...] = ()
    benchmarks: tuple[str, ...] = ()


def load_task(name: str) -> Task:
    """Return a task by name, or raw text of one domain as ``mlm/news``; raises UnknownName with the nearest names.

    Any domain has a task, whatever the data hold; its files lie in a folder of that name (``text/news/{language}.txt``).
    """
    plain, slash, domain = name.partition("/")
    task: Task = TASKS.load(plain)
    if not slash:
        return task
    if task.kind not in RAW or not DOMAIN.fullmatch(domain):
        sound = "".join(DOMAIN.findall(domain)) or "DOMAIN"
        raise UnknownName("task", name, (*TASKS.names(), *(f"{raw}/{sound}" for raw in RAW)))
    said = f"{task.description.partition(';')[0]}, of the domain {domain}"
    return replace(task, name=name, train_on=name, description=said, files=task.files.of_domain(domain))


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A form of problem: which example record it reads and what a prediction, plain JSON, is compared with.

    ``gold(example)`` returns what a metric compares with, None where it was stripped; ``perfect(gold)`` the prediction that
    is right. ``labelled`` says whether gold is a label, or labels, from a set that the examples share.
    """

    name: str
    description: str
    example: type[Example]
    gold: Callable[[Any], Gold | None]
    labelled: bool = False
    perfect: Callable[[Any], Any] = lambda gold: gold


def load_kind(name: str) -> Kind:
    """Return a kind by name; raises UnknownName with the nearest names."""
    kind: Kind = KINDS.load(name)
    return kind


def labels_of(kind: Kind, examples: Iterable[Example]) -> tuple[str, ...]:
    """Return the labels that stand in the gold of examples, sorted; none where the kind has no labels."""
    if not kind.labelled:
        return ()
    gold = (kind.gold(example) for example in examples)
    return tuple(sorted({label for answer in gold if answer is not None for label in _each(answer)}))


def _each(answer: Gold) -> tuple[str, ...]:
    return answer if isinstance(answer, tuple) else (str(answer),)

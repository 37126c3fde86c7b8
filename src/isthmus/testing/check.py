"""Whether a task is whole: its metadata, its sample rows, its features under every family, and its official metric."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from isthmus.core.errors import UnknownName, UserError
from isthmus.evaluation.predict import in_batches
from isthmus.evaluation.score import score_predictions
from isthmus.models import pooling
from isthmus.models.family import FAMILIES, load_family
from isthmus.models.feature import joined, pad
from isthmus.models.head import HEADS
from isthmus.models.trained import headed
from isthmus.sources.directory import Directory
from isthmus.sources.files import SPLITS, Files
from isthmus.sources.format import load_format
from isthmus.tasks.task import METRICS, RAW, Task, labels_of, load_kind, load_task
from isthmus.training.fine_tune import encoding_for
from isthmus.world.source import ENCODER

SAID = ("description", "licence", "citation", "homepage")
TEXT_OF = {"retrieval": "query", "mining": "text"}  # kinds without a head, whose sentence vectors are compared
WINDOW, STRIDE = 128, 32
COMMIT = re.compile("[0-9a-f]{40}")


def check_task(task: Task, samples: Path, encoder: Path = ENCODER) -> None:
    """Raise AssertionError with everything that is wrong with a task.

    ``samples`` is a data directory with a few labelled rows of each split in the task's own layout; ``encoder`` a Hugging
    Face directory. The rows are read; every family of models makes features, a loss and predictions of them; predictions
    made from gold score 100 by the official metric; every field of the task says something.
    """
    faults = [*_metadata(task), *(_files(task.files) if task.kind not in RAW else ())]
    faults += _rows(task, samples, encoder) if not faults else ()
    if faults:
        raise AssertionError(f"the task {task.name!r} is not whole:\n" + "\n".join(faults))


def _metadata(task: Task) -> Iterator[str]:
    if not re.fullmatch("[a-z][a-z0-9_]*", task.name):
        yield f"name: {task.name!r} is no name of a file"
    yield from (f"{field}: it says nothing" for field in SAID if not getattr(task, field).strip())
    if task.kind in RAW:
        return
    if not task.languages:
        yield "languages: none, expected the official ones"
    if not task.metrics or not task.main:
        yield "metrics: none, or main names no official figure"
    for name in task.metrics:
        if name not in METRICS.names():
            yield f"metrics: {UnknownName('metric', name, METRICS.names())}"
    if task.train_on is not None:
        yield from _trained_on(task, task.train_on)


def _trained_on(task: Task, name: str) -> Iterator[str]:
    try:
        train = task if name == task.name else load_task(name)
    except UnknownName as error:
        yield f"train_on: {error}"
        return
    if (train.kind, set(train.labels)) != (task.kind, set(task.labels)):
        yield f"train_on: {name} is of another kind or has other labels"


def _files(files: Files) -> Iterator[str]:
    for part in files.joined or (files, *files.others):
        try:
            load_format(part.format)
        except UnknownName as error:
            yield f"files: {error}"
    if files.hub and files.hub.revision and not COMMIT.fullmatch(files.hub.revision):
        yield f"files.hub.revision: {files.hub.revision!r} is no commit (40 hexadecimal digits)"
    if not (files.hub or files.obtain or files.joined):
        yield "files: neither hub, a repository of the hub, nor obtain, how to get the files, is said"


def _rows(task: Task, samples: Path, encoder: Path) -> Iterator[str]:
    source, seen = Directory(samples), 0
    for split in SPLITS:
        for language in source.languages(task.files, split):
            place = f"{split} {language}"
            try:
                examples = source.read(task.files, language, split, task.labels)
            except UserError as error:
                yield f"{place}: {error}"
                continue
            seen += 1
            yield from (f"{place}: {fault}" for fault in _examples(task, examples, language, encoder))
    if not seen:
        yield f"samples: {samples} holds no split of the task; expected {task.files.pattern('test') or task.files.train}"


def _examples(task: Task, examples: Sequence[Any], language: str, encoder: Path) -> Iterator[str]:
    kind = load_kind(task.kind)
    if not examples or not all(isinstance(example, kind.example) for example in examples):
        yield f"expected one {kind.example.__name__} or more"
        return
    if task.kind in RAW:
        return
    if len({example.id for example in examples}) < len(examples):
        yield "two examples have the same id"
    gold = [kind.gold(example) for example in examples]
    if all(answer is not None for answer in gold):
        perfect = [kind.perfect(answer) for answer in gold]
        values = score_predictions(task.metrics, task.main, gold, perfect, language=language)["values"]
        if not math.isclose(values[task.main], 100):
            yield f"predictions made from gold score {values[task.main]:.2f} {task.main}, expected 100"
    for family in FAMILIES.names():
        yield from (f"family {family}: {fault}" for fault in _features(task, examples, family, encoder))


def _features(task: Task, examples: Sequence[Any], family: str, encoder: Path) -> Iterator[str]:
    """Make features of examples, a loss and predictions; a kind without a head compares the vectors of its texts."""
    network = load_family(family).load(encoder)
    cut = encoding_for(network, WINDOW, STRIDE)
    if task.kind not in HEADS.names():
        texts = [getattr(example, TEXT_OF[task.kind]) for example in examples]
        if {feature.example for feature in pooling.features(texts, cut)} != set(range(len(examples))):
            yield "an example has no feature"
        return
    labels = task.labels or labels_of(load_kind(task.kind), examples)
    model = headed(load_family(family), network, task.kind, labels, 0).eval()
    features = model.head.features(examples, labels, cut)
    if {feature.example for feature in features} != set(range(len(examples))):
        yield "an example has no feature"
    padding = cut.tokenizer.pad_token_id
    if all(feature.target is not None for feature in features):
        learnt = [joined(features)] if model.head.whole_batches else features
        if not math.isfinite(model(pad(learnt, padding)).total.item()):
            yield "the loss is not finite"
    outputs = in_batches(features, padding, network.device, "fp32", model.outputs, lambda *_: None)
    if len(model.head.predictions(examples, features, outputs, labels)) != len(examples):
        yield "not every example has a prediction"

"""A trained model made small for some languages, scored before and after, and written as a folder that can be deployed.

What is scored afterwards is the folder itself, by its own reader; it is written only where no language lost too much.
"""

from __future__ import annotations

import math
import shutil
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch

from isthmus.compute.device import device_named
from isthmus.core.errors import SetupError, UserError
from isthmus.efficiency.card import card
from isthmus.efficiency.deployable import (
    CARD,
    READABLE,
    asked_of,
    filling,
    publish,
    size_of,
    write_facts,
    write_reader,
    write_weights,
)
from isthmus.efficiency.exported import Asked, Compared, Exported, Medians
from isthmus.efficiency.machine import cores, machine_of
from isthmus.efficiency.noise import Listener
from isthmus.efficiency.serve import Server
from isthmus.evaluation.predict import predict
from isthmus.evaluation.score import score_predictions
from isthmus.models.family import load_family
from isthmus.models.head import Encoding
from isthmus.models.network import Network, outline
from isthmus.models.running import load_running
from isthmus.models.trained import ENCODER, HEAD, WEIGHTS
from isthmus.models.variant import ADAPTER, Making, load_change, read_running
from isthmus.tasks.task import load_kind
from isthmus.training.fine_tune import encoding_for

Tell = Callable[[str, int, int], None]  # (what is being done, done, of how many)
Answer = Callable[[Any], Any]
QUERIES, WARM = 100, 5  # examples that latency is measured on, over all languages; and those before that do not count
RUNTIME = ("onnx", "onnxruntime", "onnxscript")  # packages of the extra that exports


def export(asked: Asked, out: Path, tell: Tell) -> Exported:
    """Make a checkpoint small, score it before and after, and write the folder ``out`` if no language lost too much.

    ``tell`` is told how far it is. Raises UserError for what cannot be exported and SetupError for a folder that cannot be
    written, both before any work; whatever happens, ``out`` is there completely or not at all.
    """
    refuse(asked)
    asked = _fitted(asked)
    with filling(out) as room:
        full = _predictions(asked, asked.folder, asked.head, lambda done, total: tell("scoring the checkpoint", done, total))
        small = _shrunk(asked, room, tell)
        folder = room / "folder"
        folder.mkdir()
        write_facts(folder, small, asked.task.kind, list(asked.labels), asked.max_length, asked.stride)
        if asked.onnx:
            write_reader(folder, small, next(iter(asked.examples.values()))[0])
            found = _one_by_one(asked, _reader(folder, cores()), tell)
            answer = _reader(folder, asked.threads)
        else:
            write_weights(folder, small)
            answer = _server(asked, small, small)
            found = _predictions(asked, small, small, lambda done, total: tell("scoring the folder", done, total))
        quick = _in_turn(asked, answer, tell)
        result = Exported(
            metric=asked.task.main,
            languages=_compared(asked, full, found),
            # Of a mix, the one head that is exported counts.
            bytes_before=size_of(*(asked.folder / name for name in (ENCODER, ADAPTER)), asked.head / WEIGHTS),
            bytes_after=size_of(folder),
            latency=quick,
            machine=machine_of(torch.device("cpu"), asked.threads, "", ""),
            changes=read_running(small).changes,
            max_loss=asked.max_loss,
        )
        if not result.too_much:
            result = replace(result, written=out)
            (folder / CARD).write_text(card(asked, result), encoding="utf-8")
            publish(folder, out)
        return result


def refuse(asked: Asked) -> None:
    """Raise UserError for what cannot be exported, before any work."""
    kind = asked.task.kind
    if kind not in READABLE:
        what = f"{asked.task.name} is a task of kind {kind}, for which no folder with a reader can be written"
        raise UserError(f"{what}; expected one of {', '.join(READABLE)}")
    if math.isnan(asked.max_loss) or asked.max_loss < 0:
        raise SetupError(f"--max-loss: found {asked.max_loss:g}; expected points that a language may lose, 0 or more")
    if asked.int8 and not asked.onnx:
        raise SetupError("--int8 goes with --onnx: a folder for torch keeps its weights as they are; leave one of both out")
    for name in RUNTIME if asked.onnx else ():
        if find_spec(name) is None:
            raise SetupError(f"--onnx needs an extra, pip install 'isthmus[onnx]' (no module named {name!r})")
    gold = load_kind(kind).gold
    for language, examples in asked.examples.items():
        if not examples:
            raise UserError(f"{asked.task.name} has no sentences in {language!r}; nothing could be scored")
        if bare := sum(gold(example) is None for example in examples):
            what = f"{bare} of {len(examples)} {asked.splits[language]} examples of {asked.task.name} in {language!r}"
            raise UserError(f"{what} have no labels, so a loss could not be seen; another --split has them, or other --data")
    running = read_running(asked.folder)
    _refuse_trimmed(asked, running.changes)
    if running.runtime != "torch" or running.precision or running.exit is not None:
        how = ", ".join(str(part) for part in (running.runtime, running.precision) if part and part != "torch")
        what = f"{asked.name} is a variant already ({how or 'it answers from lower layers'})"
        raise UserError(f"{what}; export the model it was made of, with --int8 for 8 bits")


def _refuse_trimmed(asked: Asked, changes: Sequence[Mapping[str, Any]]) -> None:
    """Raise UserError for languages that the vocabulary was trimmed without."""
    for change in changes:
        kept = change.get("languages", list(asked.examples))
        if without := [language for language in asked.examples if language not in kept]:
            what = f"{asked.name} has a vocabulary trimmed to {', '.join(kept)}, so none for {', '.join(without)}"
            raise UserError(f"{what}; export the model it was made of")


def _fitted(asked: Asked) -> Asked:
    """Return what is asked with windows that the network has positions for: a bare directory tells no length of its own."""
    positions = outline(asked.folder / ENCODER).positions or asked.max_length
    return replace(asked, max_length=min(asked.max_length, positions))


def _predictions(asked: Asked, folder: Path, head: Path, tick: Callable[[int, int], None]) -> dict[str, list[Any]]:
    """Return the predictions of a trained directory by language, computed in batches on the device there is."""
    model, labels = load_running(load_family(asked.family), folder, head, device_named(None))
    cut = _cut(asked, model.network)
    found, before = {}, 0
    total = sum(map(len, asked.examples.values()))
    for language, examples in asked.examples.items():

        def tock(done: int, windows: int, before: int = before, size: int = len(examples)) -> None:
            tick(before + size * done // windows, total)

        found[language] = predict(model, examples, labels, cut, asked.precision, tock)
        before += len(examples)
    return found


def _shrunk(asked: Asked, room: Path, tell: Tell) -> Path:
    """Return a trained directory below ``room`` with all changes made; no more than two are on the disk at once."""
    source = _plain(asked, room)
    changes: list[tuple[str, dict[str, Any]]] = [("merge", {})] if (source / ADAPTER).exists() else []
    changes += [("vocabulary", {"keep": asked.keep})]
    changes += [("onnx", {})] if asked.onnx else []
    changes += [("int8", {})] if asked.int8 else []
    for change, settings in changes:
        made = room / change
        made.mkdir()

        def tick(done: int, total: int, what: str = change) -> None:
            tell(f"making the model small: {what}", done, total)

        tick(0, 1)
        family = load_family(asked.family)
        making = Making(source, made, family, settings, partial(_cut, asked), tick, texts=asked.texts)
        load_change(change).make(making)
        tick(1, 1)
        if source.is_relative_to(room):
            shutil.rmtree(source)
        source = made
    return source


def _cut(asked: Asked, network: Network) -> Encoding:
    return encoding_for(network, asked.max_length, asked.stride)


def _plain(asked: Asked, room: Path) -> Path:
    """Return a trained directory with the head asked for as its only one: of a mix, one that links to its encoder."""
    if asked.head == asked.folder:
        return asked.folder
    plain = room / "plain"
    plain.mkdir()
    (plain / ENCODER).symlink_to((asked.folder / ENCODER).resolve(), target_is_directory=True)
    for name in (WEIGHTS, HEAD):
        shutil.copyfile(asked.head / name, plain / name)
    return plain


def _reader(folder: Path, threads: int) -> Answer:
    """Return what the folder's own reader answers to one example."""
    from isthmus.efficiency.templates.predict import Model

    model = Model(folder, threads)
    return lambda example: model.predict([asked_of(example)])[0]


def _server(asked: Asked, folder: Path, head: Path) -> Answer:
    """Return what isthmus answers to one example, on the processor."""
    model, labels = load_running(load_family(asked.family), folder, head, torch.device("cpu"), asked.threads)
    return Server(model, labels, _cut(asked, model.network), asked.precision).answer


def _one_by_one(asked: Asked, answer: Answer, tell: Tell) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    total, done = sum(map(len, asked.examples.values())), 0
    for language, examples in asked.examples.items():
        found[language] = []
        for example in examples:
            found[language].append(answer(example))
            done += 1
            tell("scoring the folder", done, total)
    return found


def _compared(asked: Asked, full: Mapping[str, list[Any]], found: Mapping[str, list[Any]]) -> dict[str, Compared]:
    languages = {}
    for language, examples in asked.examples.items():
        before, after = full[language], found[language]
        same = statistics.fmean(one == other for one, other in zip(before, after, strict=True))
        figures = _score(asked, language, before), _score(asked, language, after)
        languages[language] = Compared(len(examples), *figures, same)
    return languages


def _score(asked: Asked, language: str, predictions: Sequence[Any]) -> float:
    kind, task = load_kind(asked.task.kind), asked.task
    gold = [kind.gold(example) for example in asked.examples[language]]
    scores = score_predictions(task.metrics, task.main, gold, predictions, language=language)
    return float(scores["values"][task.main])


def _in_turn(asked: Asked, after: Answer, tell: Tell) -> Medians:
    """Return the latency of checkpoint and folder, asked in turn, a fixed piece of work between them."""
    share = -(-QUERIES // len(asked.examples))
    queries = [example for examples in asked.examples.values() for example in examples[:share]]
    seconds: tuple[list[float], list[float]] = ([], [])
    with _threads(asked.threads):
        before = _server(asked, asked.folder, asked.head)
        listener = Listener()
        for number, query in enumerate([*queries[:WARM], *queries]):
            listener.beat()
            for times, answer in zip(seconds, (before, after), strict=True):
                begun = time.perf_counter()
                answer(query)
                if number >= len(queries[:WARM]):
                    times.append(time.perf_counter() - begun)
            tell("measuring latency", max(0, number + 1 - WARM), len(queries))
    return Medians(statistics.median(seconds[0]), statistics.median(seconds[1]), len(queries), listener.heard())


@contextmanager
def _threads(number: int) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(number)
    try:
        yield
    finally:
        torch.set_num_threads(before)

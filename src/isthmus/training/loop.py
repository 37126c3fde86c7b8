"""The training loop: one function for every kind of task, every stage and pretraining, on one process or many."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch
from accelerate import Accelerator
from accelerate.utils import broadcast_object_list, gather_object
from torch import Tensor, nn

from isthmus.compute.device import autocast, micro_tokens
from isthmus.core.errors import Stopped, TrainingCollapse
from isthmus.core.files import write_atomic
from isthmus.core.seeds import stream_seed
from isthmus.models.feature import pad
from isthmus.models.head import Loss
from isthmus.training.batches import micro_batches
from isthmus.training.checkpoint import Checkpoints, Place
from isthmus.training.collapse import check_loss, check_round
from isthmus.training.optim import adamw, rate
from isthmus.training.streams import Streams, Turn

CURVE = 100  # points kept of the loss curve
Result = TypeVar("Result")


@dataclass(frozen=True)
class Schedule:
    """How a run is optimised: the peak learning rate, its length and what is held during it."""

    learning_rate: float
    steps: int
    warmup: float
    weight_decay: float
    clip: float
    precision: str


@dataclass(frozen=True)
class Selection:
    """Early stopping: every ``every`` steps ``score()`` is asked; ``patience`` answers without a gain end the run."""

    every: int
    patience: int
    score: Callable[[], float]


@dataclass(frozen=True)
class Watch:
    """How a run reports (step, total, tokens a second, loss) and learns that it has to stop."""

    report: Callable[[int, int, float, float], None]
    stopping: Callable[[], bool]


@dataclass(frozen=True)
class Session:
    """Where a run keeps its checkpoints (one every ``seconds``), and how it is watched."""

    work: Path
    seconds: float
    watch: Watch


def train(
    model: nn.Module,
    streams: Streams,
    schedule: Schedule,
    seed: int,
    padding: int,
    checkpoints: Checkpoints,
    watch: Watch,
    accelerator: Accelerator,
    selection: Selection | None = None,
) -> Place:
    """Train ``model`` in place from its newest checkpoint, or from the start, and return where it ended.

    ``model(batch)`` gives a Loss. The result depends on ``seed`` and the schedule, not on how often the run was killed.
    Raises TrainingCollapse, and Stopped after writing a checkpoint.
    """
    optimizer: Any = adamw(model, schedule.learning_rate, schedule.weight_decay)
    model.to(accelerator.device)
    place = checkpoints.restore(model, optimizer) or Place()
    wrapped, optimizer = accelerator.prepare(model, optimizer)
    pending = [(name, torch.tensor(loss, device=accelerator.device)) for name, loss in place.pending]
    clock = _Clock(place)
    for turn in streams.turns(place.step, place.spots):
        if place.step >= schedule.steps or _exhausted(place, selection):
            break
        stop, due = _any_process([watch.stopping(), checkpoints.due() and accelerator.is_main_process], accelerator)
        if stop or due:
            clock.read()
            place.pending = [(name, float(loss)) for name, loss in pending]
            place.classes = {name: sorted(set(gather_object(seen))) for name, seen in sorted(place.classes.items())}
            if accelerator.is_main_process:
                checkpoints.save(model, optimizer, place)
            if stop:
                raise Stopped(f"stopped at step {place.step} of {schedule.steps}")
        for group in optimizer.param_groups:
            group["lr"] = schedule.learning_rate * rate(place.step, schedule.steps, schedule.warmup)
        wrapped.train()
        torch.manual_seed(stream_seed(seed, f"dropout/{place.step}/{accelerator.process_index}"))
        loss, classes = _gradients(wrapped, turn, schedule.precision, padding, accelerator)
        accelerator.clip_grad_norm_(wrapped.parameters(), schedule.clip)
        optimizer.step()
        optimizer.zero_grad()
        pending.append((turn.stream, loss))
        place.classes[turn.stream] = sorted({*place.classes.get(turn.stream, ()), *classes})
        place.spots[turn.stream] = turn.then
        place.step, place.tokens = place.step + 1, place.tokens + sum(len(f.ids) for f in turn.batch)
        if place.step % max(1, schedule.steps // CURVE) == 0 or place.step == schedule.steps:
            mean = _add_losses(place, pending, several=len(streams.rounds) > 1)
            pending.clear()
            watch.report(place.step, schedule.steps, place.tokens / clock.read(), mean)
        if turn.last:
            check_round(set(gather_object(place.classes.pop(turn.stream))), turn.index + 1, turn.round)
        if selection and (place.step % selection.every == 0 or place.step == schedule.steps):
            _select(model, place, selection, checkpoints, accelerator)
    clock.read()
    if selection:
        accelerator.wait_for_everyone()
        checkpoints.load_best(model)
    return place


def _add_losses(place: Place, pending: Sequence[tuple[str, Tensor]], several: bool) -> float:
    """Add a point to the curve, and to that of each of several streams; return the mean loss since the last one."""
    mean = float(torch.stack([loss for _, loss in pending]).mean())
    check_loss(mean, place.step)
    place.losses.append((place.step, mean))
    for stream in sorted({name for name, _ in pending}) if several else ():
        own = torch.stack([loss for name, loss in pending if name == stream])
        place.by_stream.setdefault(stream, []).append((place.step, float(own.mean())))
    return mean


def _gradients(
    wrapped: nn.Module, turn: Turn, precision: str, padding: int, accelerator: Accelerator
) -> tuple[Tensor, set[int]]:
    """Leave the gradient of the batch's mean loss in the weights; return that mean and the classes that were predicted.

    Each process takes every n-th micro-batch; where they do not come out even, a process repeats one with weight 0, because
    all of them have to meet in the last backward pass.
    """
    parts = micro_batches(turn.batch, micro_tokens(accelerator.device), accelerator.num_processes)
    passes = math.ceil(len(parts) / accelerator.num_processes)
    sums = torch.zeros(2, device=accelerator.device)  # loss, weight
    classes: set[int] = set()
    for number in range(passes):
        index = number * accelerator.num_processes + accelerator.process_index
        live = float(index < len(parts))
        part = pad(parts[index if live else 0], padding, turn.stream).to(accelerator.device)
        with nullcontext() if number == passes - 1 else accelerator.no_sync(wrapped):
            with autocast(accelerator.device, precision):
                loss: Loss = wrapped(part)
            accelerator.backward(loss.total * live)
        sums += torch.stack([loss.total.detach() * live, loss.weight.to(sums) * live])
        if loss.classes is not None and live:
            classes.update(set(loss.classes.flatten().tolist()))
    total, weight = accelerator.reduce(sums, "sum")
    # DistributedDataParallel averages gradients over processes; the mean is over the weight of all of them.
    scale = accelerator.num_processes / float(weight)
    torch._foreach_mul_([p.grad for p in wrapped.parameters() if p.grad is not None], scale)
    return total / weight, classes


def _any_process(wishes: Sequence[bool], accelerator: Accelerator) -> list[bool]:
    """Say of each wish whether any process has it: they stop and write checkpoints together, or one would wait for ever."""
    counts = accelerator.reduce(torch.tensor(wishes, dtype=torch.float, device=accelerator.device), "sum")
    return [bool(count) for count in counts]


def _select(
    model: nn.Module, place: Place, selection: Selection, checkpoints: Checkpoints, accelerator: Accelerator
) -> None:
    score = broadcast_object_list([selection.score()])[0]
    if accelerator.is_main_process and all(score > earlier for _, earlier in place.scores):
        checkpoints.keep_best(model)
    place.scores.append((place.step, score))


def _exhausted(place: Place, selection: Selection | None) -> bool:
    if selection is None or not place.scores:
        return False
    scores = [score for _, score in place.scores]
    return len(scores) - 1 - scores.index(max(scores)) >= selection.patience


class _Clock:
    """Adds the seconds of work to a place each time it is read."""

    def __init__(self, place: Place) -> None:
        self.place, self.last = place, time.perf_counter()

    def read(self) -> float:
        now = time.perf_counter()
        self.place.seconds, self.last = self.place.seconds + now - self.last, now
        return self.place.seconds


def with_restarts(run: Callable[[int, Path], Result], work: Path, restarts: int) -> tuple[Result, list[str]]:
    """Call ``run(attempt, folder)`` until one does not collapse; return its result and what the collapsed ones said.

    A collapse is noted in the attempt's folder, so that a killed run does not repeat it. Raises the last collapse.
    """
    collapses: list[str] = []
    for attempt in range(restarts + 1):
        folder = work / f"attempt-{attempt}"
        folder.mkdir(parents=True, exist_ok=True)
        note = folder / "collapse.txt"
        if not note.exists():
            try:
                return run(attempt, folder), collapses
            except TrainingCollapse as collapse:
                write_atomic(note, str(collapse).encode())
        collapses.append(note.read_text(encoding="utf-8"))
    raise TrainingCollapse(f"training collapsed {restarts + 1} times: {'; '.join(collapses)}")

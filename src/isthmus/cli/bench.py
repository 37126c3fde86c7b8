"""`isthmus bench`: how fast trained models answer, what they weigh, and what cheaper forms of them would save."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from isthmus.cli.benched import print_measurements
from isthmus.cli.checkpoint import (
    STUDY,
    Chosen,
    OfData,
    OfModel,
    OfSeed,
    OfTarget,
    OfTask,
    Wanted,
    choose,
)
from isthmus.cli.forms import form_of
from isthmus.cli.options import DEFAULT_STORE, AsJson, StoreFolder
from isthmus.cli.printing import console, print_json, say
from isthmus.core.errors import SetupError, nearest
from isthmus.execution.making import Cut, Form, Material, Served, check_device, measure_forms
from isthmus.results.measured import Measurements, Protocol, write_measurements
from isthmus.study.load import load_study

bench = typer.Typer(no_args_is_help=True, help="Measure what trained models cost when they are used: predict.")

ROUNDS = 20
Tick = Callable[[float, float, str], None]


@bench.callback()
def bench_() -> None:
    """Measure what trained models cost when they are used."""


@bench.command()
def predict(
    checkpoints: Annotated[
        list[str], typer.Argument(metavar="CHECKPOINT...", help="Trained directories, ids in the store, or studies.")
    ],
    variant: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A cheaper form to measure beside them; may be repeated.", show_default=False),
    ] = None,
    languages: Annotated[
        str | None, typer.Option(metavar="en,de", help="Languages.", show_default="all that have sentences")
    ] = None,
    task: OfTask = None,
    data: OfData = None,
    arm: Annotated[
        list[str] | None, typer.Option("--arm", metavar="ARM", help="Of a study: which arm; may be repeated.")
    ] = None,
    target: OfTarget = None,
    seed: OfSeed = None,
    model: OfModel = None,
    threads: Annotated[int, typer.Option(min=1, help="Threads that answer.")] = 1,
    device: Annotated[str, typer.Option(metavar="DEVICE", help="cpu, cuda or cuda:1.")] = "cpu",
    precision: Annotated[
        Literal["fp32", "bf16"] | None,
        typer.Option(help="Of matrix products, where a form has none of its own.", show_default="that of its training"),
    ] = None,
    seconds: Annotated[float, typer.Option(min=0, help="Time every form in every language for so long at least.")] = 10.0,
    queries: Annotated[int, typer.Option(min=1, help="And with so many queries at least.")] = 200,
    rounds: Annotated[int, typer.Option(min=1, metavar="N", help="In so many rounds at least.")] = ROUNDS,
    examples: Annotated[int, typer.Option(min=1, metavar="N", help="The first N of each language are asked.")] = 100,
    batch_grid: Annotated[bool, typer.Option("--batch-grid", help="Every batch size at every length as well.")] = False,
    store: StoreFolder = DEFAULT_STORE,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write measurements.json too.", show_default=False)
    ] = None,
    json: AsJson = False,
) -> None:
    """Measure latency, throughput, size and memory of trained models on their task's own sentences, in each language.

    All of them answer the same queries in turn, in one run, after a warm-up; no outlier is left out. A noisy machine is
    found by a fixed piece of work that is done between the turns, and said.

    --variant: bf16, int8, onnx, onnx-int8, compile, compile-bf16, layers=2, heads=0.5, vocabulary=en+de, exit=0.9, several
    of them with commas between (heads=0.5,onnx,int8), or a variant that the study declares. What is made on the spot is gone
    afterwards; layers are dropped without training anew: that tells what it costs, not what it answers.

    \b
    isthmus bench predict study.yaml --arm none --arm nli --target xnli
    isthmus bench predict 3c866b0cf1 --variant int8 --variant onnx-int8 --languages en,de
    isthmus bench predict my-model --task xnli --data data --variant vocabulary=en+de --out measurements.json
    """
    _check_place(out)
    wanted = Wanted(task, data, None, target, seed, model)
    chosen, forms = _chosen(checkpoints, store, wanted, arm or (), variant or ())
    first = chosen[0]
    spoken = _languages(languages, first)
    asked = {language: first.examples(language, examples) for language in spoken}
    check_device(device)
    with _ticking(silent=json) as tick:
        found = measure_forms(
            _served(chosen), forms, asked, Protocol(seconds=seconds, queries=queries, rounds=rounds),
            Cut(first.max_length, first.stride, precision or first.precision, device, threads),
            Material(first.training, first.examples), task=first.task.name, with_grid=batch_grid, tick=tick,
        )  # fmt: skip
    if out:
        _write(out, found)
    if json:
        print_json(asdict(found))
    else:
        print_measurements(found, console())
        if out:
            say(f"written to {out}")


def _chosen(
    checkpoints: Sequence[str], store: Path, wanted: Wanted, arms: Sequence[str], names: Sequence[str]
) -> tuple[list[Chosen], list[Form]]:
    """Return the models asked for, with those that a study declares as variants, and the forms to make of each of them."""
    found: list[Chosen] = []
    declared: set[str] = set()
    for checkpoint in checkpoints:
        place = Path(checkpoint)
        own: list[str] = []
        if place.suffix in STUDY and not place.is_dir():
            own = [name for name in names if name in load_study(place).study.variants]
        elif arms:
            raise SetupError(f"--arm goes with a study; {checkpoint} is none")
        declared.update(own)
        for variant in ("", *own):
            for arm in arms or (None,):
                found.append(choose(checkpoint, store, replace(wanted, arm=arm, variant=variant)))
    forms = [form_of(name) for name in names if name not in declared]
    _check(found, [form.name for form in forms])
    return found, forms


def _check(found: Sequence[Chosen], forms: Sequence[str]) -> None:
    first = found[0]
    for other in found:
        if other.task.name != first.task.name:
            what = f"{first.name} is for {first.task.name} and {other.name} for {other.task.name}"
            raise SetupError(f"{what}; what is compared answers the same sentences: --task says which")
        if other.family != first.family:
            raise SetupError(f"{first.name} is of the family {first.family} and {other.name} of {other.family}")
        if (other.max_length, other.stride) != (first.max_length, first.stride):
            say(f"{other.name} is measured with the windows of {first.name}: {first.max_length} sub-words", style="yellow")
    if twice := sorted({name for name in forms if forms.count(name) > 1}):
        raise SetupError(f"--variant: {twice[0]!r} is asked for twice")


def _languages(given: str | None, first: Chosen) -> list[str]:
    """Return the languages asked for, all that have sentences where none are named; raises SetupError where none are."""
    if given is None:
        there = list(first.languages())
        if not there:
            raise SetupError(f"the data hold no {' or '.join(first.splits)} sentences of {first.task.name} in any language")
        return there
    found = list(dict.fromkeys(name.strip() for name in given.split(",") if name.strip()))
    if not found:
        raise SetupError(
            f"--languages: found {given!r}, expected names with commas between; {nearest('', first.languages())}"
        )
    return found


def _served(chosen: Sequence[Chosen]) -> list[Served]:
    """Return what is measured, each under a name of its own."""
    names = [one.name for one in chosen]
    return [
        Served(
            f"{one.name} ({number})" if names.count(one.name) > 1 else one.name,
            one.folder, one.head, one.family, one.arm, one.model, one.variant, one.seed,
        )
        for number, one in enumerate(chosen, 1)
    ]  # fmt: skip


def _check_place(out: Path | None) -> None:
    """Raise SetupError before any work where a file could not be written."""
    if out is None:
        return
    if out.is_dir():
        raise SetupError(f"--out: {out} is a directory; expected the name of a file")
    reason: str | None = "no permission"
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if os.access(out.parent, os.W_OK):
            return
    except OSError as error:
        reason = error.strerror
    raise SetupError(f"--out: {out} cannot be written ({reason})")


def _write(out: Path, found: Measurements) -> None:
    try:
        write_measurements(out, found)
    except OSError as error:
        raise SetupError(f"--out: {out} cannot be written ({error.strerror})") from None


@contextmanager
def _ticking(*, silent: bool) -> Iterator[Tick]:
    """Show a bar for each phase on a terminal, nothing elsewhere."""
    to = console(messages=True)
    if silent or not to.is_terminal:
        yield lambda *_: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeElapsedColumn())
    with Progress(*columns, console=to, transient=True) as progress:
        bars: dict[str, Any] = {}

        def tick(done: float, total: float, phase: str) -> None:
            if phase not in bars:
                bars[phase] = progress.add_task(phase)
            progress.update(bars[phase], completed=done, total=total)

        yield tick

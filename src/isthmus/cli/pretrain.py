"""`isthmus pretrain`: a tokenizer and a masked language model from text, as a Hugging Face directory of one's own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from isthmus.cli.opened import open_store, planning
from isthmus.cli.options import DEFAULT_STORE, AsJson, CheckpointEvery, StoreFolder, Threads
from isthmus.cli.printing import console, print_json
from isthmus.cli.run import finish, print_outcome
from isthmus.core.errors import SetupError, StudyError
from isthmus.core.hashing import file_digest
from isthmus.execution.board import display_for
from isthmus.execution.local import EXECUTOR, cores
from isthmus.execution.preflight import check_data
from isthmus.plan.graph import Plan, in_order
from isthmus.plan.origin import Origin, pretraining_origin
from isthmus.store.store import Store
from isthmus.study.load import load_pretraining
from isthmus.world.source import World, source_of

ENCODER = "encoder"  # folder of the artifact that is copied


def pretrain(
    spec: Annotated[Path, typer.Argument(metavar="SPEC", help="A .yaml file with the keys pretrain and data.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The directory to write; it must be new or empty.")],
    store: StoreFolder = DEFAULT_STORE,
    threads: Threads = None,
    checkpoint_every: CheckpointEvery = None,
    json: AsJson = False,
) -> None:
    """Train a tokenizer and a masked language model from text, and write them as a Hugging Face directory.

    \b
    isthmus pretrain spec.yaml --out my-encoder
    """
    loaded = load_pretraining(spec)
    places = {} if checkpoint_every is None else {"checkpoint_seconds": checkpoint_every}
    kept = open_store(store)
    with planning(loaded), _keys_of_the_file():
        source = source_of(loaded.spec.data)
        if isinstance(source, World):
            source.lay_out_corpora()
        origin = pretraining_origin(loaded.spec.pretrain, source.root, places)
    _refuse_overwriting(out, kept, origin)
    if not kept.has(origin.model.id):
        check_data(origin.steps)
    display = display_for(console(messages=True), silent=json)
    plan = Plan(in_order(origin.steps), ())
    report = EXECUTOR.run(plan, kept, jobs=1, threads=threads or cores(), show=display)
    if report.fine:
        _copy(kept.open(origin.model.id) / ENCODER, out)
    if json:
        told = [{**asdict(one), "log": str(one.log) if one.log else None} for one in report.outcomes]
        print_json({"out": str(out) if report.fine else None, "seconds": round(report.seconds, 3), "steps": told})
    else:
        print_outcome(report, console())
        if report.fine:
            console().print(f"written to {out}; in a study: model: {{path: {out.resolve()}}}")
    finish(report)


@contextmanager
def _keys_of_the_file() -> Iterator[None]:
    """Name keys as a pretraining file has them, not as a study has: ``pretrain.text``, not ``model.pretrain.text``."""
    try:
        yield
    except StudyError as error:
        raise StudyError(error.what, key=error.key.removeprefix("model.")) from error


def _refuse_overwriting(out: Path, store: Store, origin: Origin) -> None:
    """Raise SetupError before any work where the directory holds something else than what will be written."""
    there = _contents(out)
    if there and not (store.has(origin.model.id) and there == _contents(store.open(origin.model.id) / ENCODER)):
        raise SetupError(f"{out} is not empty; --out names a new directory")


def _contents(folder: Path) -> dict[str, str]:
    if folder.exists() and not folder.is_dir():
        raise SetupError(f"{folder} is a file; --out names a new directory")
    return {str(file.relative_to(folder)): file_digest(file) for file in sorted(folder.rglob("*")) if file.is_file()}


def _copy(source: Path, out: Path) -> None:
    """Copy a folder so that it is there completely or not at all; one that is there already is left alone."""
    if _contents(out):
        return
    beside = out.resolve().with_name(f".{out.resolve().name}.{os.getpid()}")
    try:
        out.resolve().parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, beside)
        beside.rename(out.resolve())
    except OSError as error:
        raise SetupError(f"{out} cannot be written ({error.strerror}); the model is kept in the store") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)

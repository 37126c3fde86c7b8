"""`isthmus submit`: the predictions of a study as a submission to XTREME or XTREME-R, in the official layout."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from isthmus.cli.opened import open_study
from isthmus.cli.options import DEFAULT_STORE, AsJson, StoreFolder, StudyFile
from isthmus.cli.printing import console, count, print_json, say
from isthmus.cli.score import BenchmarkVersion, stop_at
from isthmus.core.errors import SetupError
from isthmus.submission.layout import load_version
from isthmus.submission.write import Held, held_by, write_submission
from isthmus.world.source import source_of


def submit(
    study: StudyFile,
    arm: Annotated[str, typer.Option("--arm", metavar="NAME", help="The arm whose predictions are handed in.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write, new or empty.")],
    seed: Annotated[int | None, typer.Option("--seed", help="The seed.", show_default="the only one")] = None,
    version: BenchmarkVersion = "xtreme",
    labels: Annotated[
        Path | None,
        typer.Option("--labels", metavar="DIR", help="Write the gold of the same examples too, for `isthmus score`."),
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Write what there is, though tasks or languages are missing.")
    ] = False,
    store: StoreFolder = DEFAULT_STORE,
    json: AsJson = False,
) -> None:
    """Write what one arm of a study predicted on the test sets as a submission, and check every file of it.

    The JSON: {files, missing: {task: {why: languages}}, unlabelled}, or {faults: [{sort, file, line, what}]}.

    \b
    isthmus submit study.yaml --arm mnli --seed 1 --out submission
    isthmus submit study.yaml --arm mnli --seed 1 --out mine --labels gold --partial
    isthmus score --predictions mine --labels gold --partial
    """
    opened = open_study(study, store)
    held = held_by(opened.plan, opened.store, load_version(version), arm, seed)
    told = missing_parts(held)
    if not held.steps:
        raise SetupError("\n".join([f"the store {store} has nothing of {study} to hand in to {version}:", *told]))
    if told and not partial:
        raise SetupError("\n".join(["this is no whole submission:", *told, "--partial writes what there is"]))
    data = opened.study.data
    source = source_of(data, opened.study.revisions, opened.study.local)
    written = write_submission(held, opened.store, source, data, out, labels)
    if written.faults:
        stop_at(written.faults, json=json)
    if json:
        unlabelled = [f"{task}/{language}" for task, language in written.unlabelled]
        print_json({"files": [*map(str, written.files)], "missing": held.missing, "unlabelled": unlabelled})
        return
    for line in told:
        say(f"missing: {line}")
    for task, language in written.unlabelled:
        say(f"no labels: the data have none for {task} in {language}")
    tasks = len({task for task, _ in held.steps})
    say(f"the submission, {count(tasks, 'task')} in {count(len(written.files), 'file')}, checked against the data:")
    console().print(str(out.resolve()))


def missing_parts(held: Held) -> list[str]:
    """Return a line for each task of which the study does not hold every language."""
    return [
        f"{task}: {', '.join(languages)} ({why})"
        for task, reasons in held.missing.items()
        for why, languages in reasons.items()
    ]

"""`isthmus data where`: where a task looks for its files, where they lie on the hub, and what to know of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from isthmus.cli.options import AsJson
from isthmus.cli.printing import console, grid, print_json
from isthmus.sources.files import SPLITS, Files
from isthmus.tasks.task import load_task


def where(
    task: Annotated[str, typer.Argument(metavar="TASK", help="A task of `isthmus list tasks`.", show_default=False)],
    json: AsJson = False,
) -> None:
    """Say where below a data directory a task's files are looked for, layout by layout, and where they lie on the hub.

    \b
    isthmus data where xnli
    isthmus data where ccg --json
    """
    found = load_task(task)
    if json:
        print_json(asdict(found))
        return
    facts = {
        "languages": " ".join(found.languages),
        "kind": found.kind,
        "labels": ", ".join(found.labels),
        "official figure": found.main,
        "trained on": found.train_on or "nothing",
        "benchmarks": ", ".join(found.benchmarks),
        "licence": found.licence,
        "citation": found.citation,
        "homepage": found.homepage,
        "obtain": found.files.obtain,
    }
    to = console()
    to.print(f"{found.name}: {found.description}\n", highlight=False)
    for name, said in facts.items():
        if said:
            to.print(f"{name:>15}  {said}", highlight=False, soft_wrap=True, markup=False)
    to.print(grid(["split", "file", "format"], list(_layouts(found.files)), names=3))


def _layouts(files: Files) -> Iterator[list[str]]:
    """Yield (split, pattern, format) in the order of looking, then what the hub has."""
    for part in files.joined:
        yield from _layouts(part)
    for layout in (files, *files.others):
        yield from ([split, str(layout.pattern(split)), layout.format] for split in SPLITS if layout.pattern(split))
    if files.hub:
        revision = files.hub.revision or "no revision pinned: a study names one"
        yield ["hub", f"{files.hub.repo} @ {revision}: {files.hub.path} of {files.hub.config}", files.hub.shape]

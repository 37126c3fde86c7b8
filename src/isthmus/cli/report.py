"""`isthmus report`: a study as one HTML page that opens from disk, as far as it is done."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from isthmus.cli.opened import Opened, open_study, results
from isthmus.cli.options import DEFAULT_STORE, StoreFolder, StudyFile
from isthmus.cli.printing import console, say, size
from isthmus.core.errors import SetupError
from isthmus.core.files import read_text, write_atomic
from isthmus.report.effects import study_effects, verdicts
from isthmus.report.evidence import gather
from isthmus.report.page import render
from isthmus.world.source import source_of


def report(
    study: StudyFile,
    store: StoreFolder = DEFAULT_STORE,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The page to write.", show_default="NAME-report.html")
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:
    """Write the report of a study, as far as it is done: one page that asks nothing of any network.

    \b
    isthmus report study.yaml --open
    isthmus report study.yaml --out report.html
    """
    opened = open_study(study, store)
    page = write_report(opened, study, out)
    say(f"the report, {size(page.stat().st_size)}:")
    console().print(str(page))
    if open_:
        typer.launch(page.as_uri())


def write_report(opened: Opened, file: Path, out: Path | None = None) -> Path:
    """Write the report of an opened study and return where it is; ``file`` is the study as it was written.

    Raises SetupError when the page cannot be written, CorruptArtifact where the store is damaged.
    """
    study, plan, store = opened.study, opened.plan, opened.store
    summary = results(opened)[1]
    effects = study_effects(study, plan, store)
    evidence = gather(
        study,
        plan,
        store,
        source_of(study.data, study.revisions),
        summary=summary,
        effects=effects,
        verdicts=verdicts(study, effects),
        distances=opened.distances,
        text=read_text(file),
    )
    page = (out or Path(f"{study.study}-report.html")).resolve()
    try:
        write_atomic(page, render(evidence).encode("utf-8"))
    except OSError as error:
        raise SetupError(
            f"the page {page} cannot be written ({error.strerror}); `isthmus report --out` names another file"
        ) from None
    return page

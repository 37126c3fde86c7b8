"""`isthmus report`: a study as one HTML page that opens from disk, as far as it is done."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from isthmus.claims.resolve import procedures
from isthmus.cli.opened import Opened, open_study, results
from isthmus.cli.options import DEFAULT_STORE, StoreFolder, StudyFile
from isthmus.cli.printing import console, say, size
from isthmus.core.errors import SetupError
from isthmus.core.files import read_text, write_atomic
from isthmus.report.claim_table import judgements
from isthmus.report.effects import study_effects
from isthmus.report.evidence import Evidence, gather
from isthmus.report.latex import to_latex
from isthmus.report.long_table import write_table
from isthmus.report.page import render
from isthmus.world.source import source_of


def report(
    study: StudyFile,
    store: StoreFolder = DEFAULT_STORE,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The page to write.", show_default="NAME-report.html")
    ] = None,
    latex: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write LaTeX tables too: arms by targets, effects, claims.")
    ] = None,
    table: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every measurement too, a row each: *.csv or *.parquet.")
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:
    """Write the report of a study, as far as it is done: one page that asks nothing of any network.

    It ends in the table of claims: those of the study, and of the files that its key `claims` names (`isthmus list claims`).

    \b
    isthmus report study.yaml --open
    isthmus report study.yaml --out report.html
    isthmus report study.yaml --latex tables.tex --table rows.parquet
    """
    opened = open_study(study, store)
    if table:
        write_table(results(opened)[0], table)
    evidence = evidence_of(opened, study)
    page = _written(out or Path(f"{opened.study.study}-report.html"), render(evidence), "the page", "--out")
    say(f"the report, {size(page.stat().st_size)}:")
    console().print(str(page))
    if latex:
        console().print(str(_written(latex, to_latex(evidence), "the LaTeX file", "--latex")))
    if table:
        console().print(str(table.resolve()))
    if open_:
        typer.launch(page.as_uri())


def write_report(opened: Opened, file: Path, out: Path | None = None) -> Path:
    """Write the report of an opened study and return where it is; ``file`` is the study as it was written.

    Raises SetupError when the page cannot be written, CorruptArtifact where the store is damaged.
    """
    return _written(out or Path(f"{opened.study.study}-report.html"), render(evidence_of(opened, file)), "the page", "--out")


def evidence_of(opened: Opened, file: Path) -> Evidence:
    """Return everything that the report of an opened study says; ``file`` is the study as it was written."""
    study, plan, store = opened.study, opened.plan, opened.store
    effects = study_effects(study, plan, store)
    return gather(
        study,
        plan,
        store,
        source_of(study.data, study.revisions, study.local),
        summary=results(opened)[1],
        effects=effects,
        judgements=judgements(study, plan, store, effects, opened.questions),
        procedures=procedures(study, file.parent),
        distances=opened.distances,
        text=read_text(file),
    )


def _written(path: Path, text: str, what: str, option: str) -> Path:
    found = path.resolve()
    try:
        write_atomic(found, text.encode("utf-8"))
    except OSError as error:
        raise SetupError(
            f"{what} {found} cannot be written ({error.strerror}); `isthmus report {option}` names another file"
        ) from None
    return found

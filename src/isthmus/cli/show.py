"""`isthmus show`: the table of a study, as far as it is filled."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from isthmus.cli.opened import open_study, results
from isthmus.cli.options import DEFAULT_STORE, AsJson, StoreFolder, StudyFile
from isthmus.cli.printing import console, print_json
from isthmus.core.errors import SetupError
from isthmus.report.export import to_csv, to_json
from isthmus.report.markdown import to_markdown
from isthmus.report.terminal import show as show_tables


def show(
    study: StudyFile,
    store: StoreFolder = DEFAULT_STORE,
    languages: Annotated[bool, typer.Option("--languages", help="Add a table by language for each target.")] = False,
    metric: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A metric to show; may be given more than once.")
    ] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the tables as Markdown.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print every measurement as CSV.")] = False,
    json: AsJson = False,
) -> None:
    """Show the table of a study, as far as it is filled.

    \b
    isthmus show study.yaml --languages
    isthmus show study.yaml --metric f1 --metric accuracy
    isthmus show study.yaml --markdown > table.md
    """
    if markdown + csv + json > 1:
        raise SetupError("--markdown, --csv and --json exclude each other")
    if (csv or json) and (languages or metric):
        raise SetupError(f"--{'csv' if csv else 'json'} holds all languages and metrics; leave --languages and --metric out")
    rows, summary = results(open_study(study, store))
    if json:
        print_json(to_json(rows, summary))
    elif csv:
        sys.stdout.write(to_csv(rows))
    elif markdown:
        sys.stdout.write(to_markdown(summary, languages=languages, metrics=metric or ()))
    else:
        show_tables(summary, console(), languages=languages, metrics=metric or ())

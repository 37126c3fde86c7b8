"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_STORE = Path(".isthmus")

StudyFile = Annotated[Path, typer.Argument(metavar="STUDY", help="A study: a .yaml file, or a .py file with study().")]
StoreFolder = Annotated[Path, typer.Option("--store", metavar="DIR", envvar="ISTHMUS_STORE", help="Where results are kept.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Jobs = Annotated[int | None, typer.Option(min=1, help="Steps at a time.", show_default="one a core")]
Threads = Annotated[int | None, typer.Option(min=1, help="Threads of each step.", show_default="the cores shared out")]
CheckpointEvery = Annotated[
    float | None,
    typer.Option(min=0, metavar="SECONDS", help="How often a training run saves itself.", show_default="60"),
]

"""`isthmus data`: what a data directory holds, and what is wrong with it."""

from __future__ import annotations

import json as json_
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from isthmus.cli.options import AsJson
from isthmus.cli.printing import console, count, grid, print_json
from isthmus.cli.where import where
from isthmus.core.errors import SetupError
from isthmus.core.files import write_atomic
from isthmus.sources.files import SPLITS
from isthmus.survey.found import OTHER, PART, Found, Survey, Use
from isthmus.survey.survey import survey
from isthmus.tasks.task import Task

data = typer.Typer(no_args_is_help=True, help="Look into data directories: check, where.")
data.command()(where)

MANY = 3  # languages with the same number of examples, from which on they share it
NAMED = 8  # files named where there are many
HERE = "."
UNREAD = " *"
SUMS = ("examples", "stripped", "faults")


@data.command()
def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A data directory.", show_default=False)],
    task: Annotated[
        list[str] | None, typer.Option("--task", metavar="NAME", help="Only the files of this task; may be repeated.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="Write what was found of every file.", show_default=False)
    ] = None,
    json: AsJson = False,
) -> None:
    """Read every file and report by task and language what is there, stripped labels, and every malformed line.

    Exits with 1 where anything is malformed.

    The JSON: {directory, tasks, faults (how many), files: [{path, form, format, language, examples, stripped, more_faults,
    note, doubt, tasks: [{task, split, data, layout, read}], faults: [{file, line, what}]}]}.

    \b
    isthmus data check download
    isthmus data check download --task xnli --task mnli
    isthmus data check download --out found.json
    """
    with _ticking(silent=json) as tick:
        found = survey(folder, task, tick)
    if out:
        try:
            write_atomic(out, (json_.dumps(_document(found), ensure_ascii=False, indent=1) + "\n").encode())
        except OSError as error:
            raise SetupError(f"{out} cannot be written ({error.strerror})") from None
    if json:
        print_json(_document(found))
    else:
        _print(found, console())
    if found.faults:
        raise typer.Exit(1)


@contextmanager
def _ticking(*, silent: bool) -> Iterator[Callable[[int, int, str], None] | None]:
    """Show a bar on a terminal, nothing elsewhere."""
    to = console(messages=True)
    if silent or not to.is_terminal:
        yield None
        return
    with Progress(console=to, transient=True) as progress:
        bar = progress.add_task("", total=None)
        yield lambda done, of, path: progress.update(bar, completed=done, total=of, description=escape(path[-40:]))


def _document(found: Survey) -> dict[str, Any]:
    return {
        "directory": str(found.root),
        "tasks": [task.name for task in found.tasks if found.of_task(task.name)],
        "faults": len(found.faults),
        "files": [
            {
                "path": one.path,
                "form": one.form,
                "format": one.format or None,
                "language": one.language or None,
                "tasks": [_use(use) for use in one.uses],
                "examples": one.examples,
                "stripped": one.stripped,
                "faults": [{"file": str(f.path), "line": f.line, "what": f.what} for f in one.faults],
                "more_faults": one.more,
                "note": one.note or None,
                "doubt": one.doubt or None,
            }
            for one in found.files
        ],
    }


def _use(use: Use) -> dict[str, Any]:
    return {"task": use.task, "split": use.split, "data": use.data or HERE, "layout": use.layout, "read": use.read}


def _print(found: Survey, to: Console) -> None:
    tasks = [row for task in found.tasks for row in _task_rows(task, found)]
    for place in sorted({place for place, _ in tasks}):
        to.print(f"data: {found.root / place}")
        headers = ["task", "split", "file", "languages", *SUMS]
        to.print(_table(headers, [row for its, row in tasks if its == place], names=4))
    if any(row[2].endswith(UNREAD) for _, row in tasks):
        to.print(f"{UNREAD.strip()} not read by a study: an earlier layout has the same")
    if any("+" in row[3] for _, row in tasks):
        to.print("+ a language that the task does not have officially")
    missing = [row for task in found.tasks for row in _missing(task, found)]
    if missing:
        to.print(grid(["task", "split", "official languages that are not here"], missing, names=3))
    others = list(_other_rows(found))
    if others:
        headers = ["where no task looks", "what it is", "languages", "a task would read it as", "files", *SUMS]
        to.print(_table(headers, others, names=4))
    bare = [one.path for one in found.files if one.form == OTHER and not one.faults]
    if bare:
        rest = f" and {len(bare) - NAMED} more" if len(bare) > NAMED else ""
        to.print(f"not data: {', '.join(bare[:NAMED])}{rest}")
    for one in found.files:
        if one.doubt:
            to.print(f"no task looks for this file; one would object: {one.doubt}")
    for fault in found.faults:
        to.print(str(fault), style="red", soft_wrap=True)
    for path in dict.fromkeys(one.path for one in found.files if one.more):
        to.print(f"{found.root / path}: and more; no example of it was counted")
    read = len({one.path for one in found.files if one.form not in (OTHER, PART)})
    to.print(f"{count(read, 'file')} of data, {count(len(found.faults), 'fault') if found.faults else 'no fault'}")


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]], names: int) -> Table:
    """Return a table without the columns that are empty in every row."""
    kept = [number for number, cells in enumerate(zip(*rows, strict=True)) if any(cells)]
    shown = [[row[number] for number in kept] for row in rows]
    return grid([headers[number] for number in kept], shown, names=sum(number < names for number in kept))


def _task_rows(task: Task, found: Survey) -> Iterator[tuple[str, list[str]]]:
    """Yield (data directory, row) for each layout of each split, the data directories one after another."""
    rows: dict[tuple[str, int, str, bool], list[Found]] = {}
    for one in found.of_task(task.name):
        for use in one.uses:
            if use.task == task.name:
                rows.setdefault((use.data, SPLITS.index(use.split), use.layout, not use.read), []).append(one)
    before = None
    for (place, split, layout, unread), files in sorted(rows.items(), key=lambda row: row[0]):
        name, shown = task.name if place != before else "", layout + (UNREAD if unread else "")
        yield place, [name, SPLITS[split], shown, _languages(files, task.languages), *_sums(files)]
        before = place


def _missing(task: Task, found: Survey) -> Iterator[list[str]]:
    """Yield what a task lacks of the splits that are scored."""
    name = task.name
    for split in SPLITS[1:]:
        uses = ((use, one) for one in found.of_task(task.name) for use in one.uses)
        there = {one.language for use, one in uses if use.task == task.name and use.split == split}
        lacking = [language for language in task.languages if language not in there]
        if there and lacking:
            yield [name, split, f"{len(lacking)} of {len(task.languages)}: {' '.join(lacking)}"]
            name = ""


def _other_rows(found: Survey) -> Iterator[list[str]]:
    groups: dict[tuple[str, str, str], list[Found]] = {}
    for one in found.files:
        if not one.uses and one.form not in (OTHER, PART):
            folder = one.path.rpartition("/")[0] or HERE
            groups.setdefault((folder, one.form, one.format), []).append(one)
    for (folder, form, format_), files in groups.items():
        said = form if format_ in ("", form) else f"{form} ({format_})"
        notes = list(dict.fromkeys(one.note for one in files if one.note))
        hint = (notes[0] + (" ..." if len(notes) > 1 else "")) if notes else ""
        languages = {one.language for one in files if one.language}
        named = str(len(languages)) if len(languages) > NAMED else " ".join(sorted(languages))
        yield [folder, said, named, hint, f"{len(files):,}", *_sums(files)]


def _sums(files: Iterable[Found]) -> list[str]:
    """Return the examples, how many of them are stripped, and the faults of some files, empty for none."""
    files = list(files)
    stripped, faults = sum(one.stripped for one in files), sum(len(one.faults) for one in files)
    examples = sum(one.examples for one in files)
    whole = "all" if stripped == examples else f"{stripped:,}"
    return [f"{examples:,}", whole if stripped else "", f"{faults:,}" if faults else ""]


def _languages(files: Iterable[Found], official: Iterable[str]) -> str:
    """Return languages with their numbers of examples: those that share one together, then the others."""
    known = set(official)
    sums: dict[str, int] = {}
    for one in files:
        sums[one.language] = sums.get(one.language, 0) + one.examples
    by_number: dict[int, list[str]] = {}
    for language in sorted(sums):
        by_number.setdefault(sums[language], []).append(language if language in known or not known else f"{language}+")
    shared = [f"{number:,} each: {' '.join(group)}" for number, group in by_number.items() if len(group) >= MANY]
    alone = [f"{language} {n:,}" for n, group in by_number.items() if len(group) < MANY for language in group]
    return "; ".join([*shared, *([", ".join(sorted(alone))] if alone else [])])

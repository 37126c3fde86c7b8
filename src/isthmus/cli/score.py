"""`isthmus score`: a submission to XTREME or XTREME-R beside its labels, in place of the official evaluate.py."""

from __future__ import annotations

import json as jsons
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from isthmus.cli.options import AsJson
from isthmus.cli.printing import console, count, grid, print_json, say
from isthmus.core.errors import SetupError
from isthmus.core.files import write_atomic
from isthmus.submission.files import Fault
from isthmus.submission.layout import FIGURES, load_version
from isthmus.submission.score import Scores, TaskScore, score_submission
from isthmus.submission.validate import check_submission

BenchmarkVersion = Annotated[
    str, typer.Option("--version", "--xtreme_version", metavar="xtreme|xtreme-r", help="The version of the benchmark.")
]


def score(
    predictions: Annotated[
        Path, typer.Option("--predictions", "--prediction_folder", metavar="DIR", help="The submission, a folder a task.")
    ],
    labels: Annotated[
        Path, typer.Option("--labels", "--label_folder", metavar="DIR", help="The labels, in files of the same names.")
    ],
    version: BenchmarkVersion = "xtreme",
    task: Annotated[
        list[str] | None,
        typer.Option("--task", metavar="NAME", help="A task to score; may be repeated.", show_default="all there"),
    ] = None,
    partial: Annotated[bool, typer.Option("--partial", help="Let languages be missing; such tasks get no average.")] = False,
    languages: Annotated[bool, typer.Option("--languages", help="Add the figures of every language.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "--output_file", metavar="FILE", help="Write evaluate.py's JSON, and more, here.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Score a submission to XTREME or XTREME-R as its evaluate.py does, its faults named first.

    Beside each official figure that misleads stands the one to read: accuracy of part-of-speech tags, answers in scripts
    without spaces, an average of XTREME-R (the official script has none). A folder with faults is not scored, and ends in 1;
    what evaluate.py takes in silence is a fault too: ids missing, unknown or repeated, unknown labels, tags that slipped.

    The JSON is evaluate.py's, and under the key isthmus: version, beside (the figures to read, by task), average (official,
    with_figures_beside, tasks), missing_languages, absent_tasks. Of faults it is {faults: [{sort, file, line, what}]}.

    \b
    isthmus score --predictions mine --labels labels
    isthmus score --predictions mine --labels labels --version xtreme-r --out scores.json
    isthmus score --predictions mine --labels labels --task xnli --task panx --languages
    """
    checked = check_submission(predictions, labels, load_version(version), task or (), partial=partial)
    if checked.faults:
        stop_at(checked.faults, json=json)
    scores = score_submission(checked)
    if out is not None:
        write_document(scores, out)
    if json:
        print_json(scores.document())
        return
    for note in checked.notes:
        say(f"passed over: {note}")
    print_scores(scores, languages=languages)


def stop_at(faults: Iterable[Fault], *, json: bool) -> None:
    """Tell every fault of a submission and end with exit status 1."""
    told = list(faults)
    if json:
        print_json({"faults": [{"sort": f.sort, "file": str(f.path), "line": f.line, "what": f.what} for f in told]})
    else:
        for fault in told:
            say(f"{fault}", style="red")
        say(f"{count(len(told), 'fault')}; a submission with faults cannot be scored")
    raise typer.Exit(1)


def write_document(scores: Scores, out: Path) -> None:
    """Write the scores as JSON; raises SetupError where that cannot be done."""
    try:
        write_atomic(out, (jsons.dumps(scores.document(), ensure_ascii=False, indent=2) + "\n").encode("utf-8"))
    except OSError as error:
        raise SetupError(f"the scores {out} cannot be written ({error.strerror}); --out names another file") from None


def print_scores(scores: Scores, *, languages: bool) -> None:
    """Print the figures of each task, of the groups and of all, and what they leave out."""
    out = console()
    rows = [_row(task, found, len(scores.version.languages[task])) for task, found in scores.tasks.items()]
    out.print(grid(["task", "figure", "official", "beside it", "languages"], rows, names=2))
    if languages:
        for task, found in scores.tasks.items():
            _print_languages(task, found)
    beside = scores.groups(truest=True)
    averages = [[name, f"{value:.2f}", f"{beside[name]:.2f}"] for name, value in scores.groups().items()]
    official, truest = scores.average(), scores.average(truest=True)
    if official is not None and truest is not None and "all_task" not in beside:
        averages.append([f"mean of {count(len(scores.counted), 'task')}", f"{official:.2f}", f"{truest:.2f}"])
    if averages:
        out.print(grid(["average", "official", "with figures beside"], averages))
    for note in _notes(scores):
        out.print(note)


def _row(task: str, score: TaskScore, asked: int) -> list[str]:
    beside = f"{score.beside.metric.called} {score.beside.figure:.2f}" if score.beside else ""
    there = asked - len(score.missing)
    figures = f"{score.official.figure:.2f}"
    return [
        task,
        score.official.metric.called,
        figures,
        beside,
        f"{there}" if there == asked else f"{there} of {asked}",
    ]


def _print_languages(task: str, score: TaskScore) -> None:
    columns = {f"{task} {key}": values for key, values in score.official.values.items()}
    columns |= {f"{key} (beside)": values for key, values in score.beside.values.items()} if score.beside else {}
    spoken = list(next(iter(columns.values())))
    rows = [[language, *(f"{values[language]:.2f}" for values in columns.values())] for language in spoken]
    console().print(grid(["language", *columns], rows))


def _notes(scores: Scores) -> Iterable[str]:
    for task, found in scores.tasks.items():
        if found.beside:
            yield f"{task}: {FIGURES[task].why}"
        if found.missing:
            yield f"{task}: no {', '.join(found.missing)}; its figure is the mean of the others, not an official one"
    for task, why in scores.absent.items():
        yield f"{task}: {why}{' (it has no official file form; left out)' if task in scores.version.optional else ''}"
    if not scores.counted:
        yield "no average over all tasks: it needs every language of every task"
    elif scores.version.optional:
        yield "the official script never gives an average of this version; this one counts each task there once"

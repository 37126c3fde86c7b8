"""`isthmus baselines`: what a task gives away without any encoder, in every language."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from isthmus.cli.opened import Opened, compared, open_loaded, results
from isthmus.cli.options import DEFAULT_STORE, AsJson, Jobs, StoreFolder, Threads
from isthmus.cli.printing import console, print_json, say
from isthmus.cli.run import finish, outcome, print_outcome
from isthmus.core.errors import SetupError, StudyError, UserError
from isthmus.execution.board import display_for
from isthmus.execution.local import EXECUTOR
from isthmus.execution.outcome import Report
from isthmus.execution.preflight import check_data
from isthmus.plan.baselines import NEED_TOKENIZER, SERVES, baselines_of
from isthmus.plan.planner import UNTRAINED
from isthmus.plan.resolve import COMPARED
from isthmus.report.baseline_grid import baseline_grids, baseline_notes
from isthmus.report.export import to_csv, to_json
from isthmus.report.markdown import written
from isthmus.report.terminal import draw
from isthmus.study.load import Loaded, load_study
from isthmus.study.model import ModelSpec
from isthmus.study.place import WORLD, directories
from isthmus.study.recipe import named_recipe
from isthmus.study.spec import Study, Target
from isthmus.tasks.task import load_task
from isthmus.world.source import ENCODER

STUDIES = (".yaml", ".yml", ".py")
DATA = "ISTHMUS_DATA"  # the variable that names the data where no option does
SOURCE = "en"
SEEDS = (1, 2, 3)  # of the untrained encoder
RECIPE = "small-cpu"
NO_MODEL = ModelSpec(name="none", revision="none")  # where no baseline takes anything of a model

Amount = Annotated[int | None, typer.Option(min=1, metavar="N", show_default="all")]


def baselines(
    what: Annotated[str, typer.Argument(metavar="TASK|STUDY", help="The name of a task, or a study file.")],
    data: Annotated[
        str | None,
        typer.Option(
            metavar="DIR|world|hub", help="Official files, the embedded world, or the hub.", show_default=f"${DATA}"
        ),
    ] = None,
    model: Annotated[str | None, typer.Option(metavar="DIR|world", help="Whose sub-words and network to use.")] = None,
    train_examples: Amount = None,
    max_examples: Amount = None,
    languages: Annotated[str | None, typer.Option(metavar="en,de,...", show_default="all")] = None,
    untrained: Annotated[
        bool, typer.Option("--untrained", help="Add the same network with random weights, fine-tuned.")
    ] = False,
    store: StoreFolder = DEFAULT_STORE,
    jobs: Jobs = None,
    threads: Threads = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the tables as Markdown.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print every measurement as CSV.")] = False,
    json: AsJson = False,
) -> None:
    """Compute the baselines of a task, or those of a study, and show what each reaches in every language.

    \b
    isthmus baselines xnli --data download --model path/to/encoder
    isthmus baselines pawsx --data world --train-examples 300
    isthmus baselines udpos --languages en,de,sw --untrained --model path/to/encoder
    isthmus baselines study.yaml --markdown
    """
    if markdown + csv + json > 1:
        raise SetupError("--markdown, --csv and --json exclude each other")
    if Path(what).suffix in STUDIES or Path(what).is_file():
        given = {
            "--data": data,
            "--train-examples": train_examples,
            "--max-examples": max_examples,
            "--languages": languages,
            "--model": model,
        }
        if named := [option for option, value in given.items() if value is not None]:
            raise SetupError(f"a study says this itself; leave {' and '.join(named)} out")
        opened = _opened_study(Path(what), store, untrained)
    else:
        target = Target(task=what, splits=("test", "dev"), train_examples=train_examples, max_examples=max_examples)
        opened = _opened_task(_study(target, data, model, languages, untrained), store)
    check_data(opened.plan.steps[id_] for id_ in opened.plan.steps if id_ in opened.todo)
    display = display_for(console(messages=True), silent=json)
    report = EXECUTOR.run(opened.plan, opened.store, jobs=jobs, threads=threads, show=display)
    _print(opened, report, markdown=markdown, csv=csv, json=json)
    finish(report)


def _opened_study(file: Path, store: Path, untrained: bool) -> Opened:
    loaded = load_study(file)
    named = loaded.study.baselines
    if untrained and UNTRAINED not in (named or ()):
        rules = named if named is not None else _serving([target.task for target in loaded.study.targets])
        loaded = replace(loaded, study=loaded.study.model_copy(update={"baselines": (*rules, UNTRAINED)}))
    opened = _only_baselines(open_loaded(loaded, store))
    if not opened.plan.cells:
        raise SetupError(f"{file} has no baseline that serves one of its targets; --untrained adds one")
    return opened


def _opened_task(study: Study, store: Path) -> Opened:
    """Plan a study that nobody wrote: its faults are told without the keys that nobody knows."""
    try:
        return _only_baselines(open_loaded(Loaded(study=study, file=Path(study.study)), store))
    except StudyError as error:
        raise UserError(error.what) from error


def _only_baselines(opened: Opened) -> Opened:
    return replace(compared(opened.study, baselines_of(opened.plan), opened.store), distances=opened.distances)


def _serving(tasks: list[str]) -> tuple[str, ...]:
    kinds = {load_task(task).kind for task in tasks}
    return tuple(name for name, served in SERVES.items() if kinds.intersection(served))


def _study(target: Target, data: str | None, model: str | None, languages: str | None, untrained: bool) -> Study:
    """Return the study of one target that has baselines only."""
    data = data or os.environ.get(DATA)
    if not data:
        raise SetupError(f"say which data: --data DIR in the official XTREME layout, --data world, --data hub, or {DATA}")
    if model is None and data == WORLD and ENCODER.is_dir():
        model = WORLD
    rules = _serving([target.task])
    if not rules:
        raise SetupError(f"no baseline serves {target.task}, which is of kind {load_task(target.task).kind}")
    if model is None:
        rules = _without_tokenizer(target.task, rules, untrained)
    found, unfound = directories({"data": data, "model.path": model}, Path.cwd())
    if unfound:
        raise SetupError("; ".join(f"--{fault.key.partition('.')[0]}: {fault.what}" for fault in unfound))
    if load_task(target.task).kind in COMPARED:
        target = target.model_copy(update={"layer": 0})  # asked of every such target; no rule looks at it
    keys = {
        "study": f"baselines-{target.task}",
        "question": f"What does {target.task} give away without any encoder?",
        "model": NO_MODEL if model is None else ModelSpec(path=found["model.path"]),
        "data": found["data"],
        "seeds": SEEDS,
        "arms": {"none": ()},
        "targets": (target,),
        "source": SOURCE,
        "languages": "all" if languages is None else tuple(dict.fromkeys(languages.split(","))),
        "recipe": named_recipe(RECIPE),
        "baselines": (*rules, *([UNTRAINED] if untrained else [])),
    }
    try:
        return Study.model_validate(keys)
    except ValidationError as error:
        raise SetupError(f"--languages: found {languages!r}, expected codes with commas between, such as en,de") from error


def _without_tokenizer(task: str, rules: tuple[str, ...], untrained: bool) -> tuple[str, ...]:
    """Return the baselines that do without a model, and say which are left out; raises SetupError where none is left."""
    kept = tuple(name for name in rules if name not in NEED_TOKENIZER)
    left_out = ", ".join(name for name in rules if name in NEED_TOKENIZER)
    if untrained:
        raise SetupError("--untrained trains the network of a model: --model DIR names one")
    if not kept:
        raise SetupError(f"the baseline of {task} ({left_out}) compares sub-words: --model DIR names a model that has them")
    if left_out:
        say(f"left out for want of sub-words: {left_out}; --model DIR names a model that has them", style="yellow")
    return kept


def _print(opened: Opened, report: Report, *, markdown: bool, csv: bool, json: bool) -> None:
    rows, summary = results(compared(opened.study, opened.plan, opened.store))
    if json:
        print_json({**outcome(opened, report), "results": to_json(rows, summary)})
        return
    drawn = baseline_grids(summary)
    notes = baseline_notes(summary, drawn)
    if csv:
        sys.stdout.write(to_csv(rows))
    elif markdown:
        sys.stdout.write(written(drawn, notes))
    else:
        draw(drawn, notes, console())
    print_outcome(report, console(messages=True))

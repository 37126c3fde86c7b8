"""`isthmus show`: the table of a study, as far as it is filled."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from isthmus.analysis.paired import Effect
from isthmus.claims.judge import Judgement
from isthmus.cli.efficiency import print_efficiency
from isthmus.cli.opened import Opened, open_study, results
from isthmus.cli.options import DEFAULT_STORE, AsJson, StoreFolder, StudyFile
from isthmus.cli.printing import console, grid, print_json, short
from isthmus.core.errors import SetupError
from isthmus.execution.board import clock
from isthmus.report.best import best_by_target, best_grid, best_json, best_notes
from isthmus.report.by_model import by_model, model_grids, model_notes, models_json
from isthmus.report.claim_table import claim_grid, claim_notes, judgements
from isthmus.report.effect_grid import effect_grids, effect_notes, shown
from isthmus.report.effects import study_effects
from isthmus.report.export import effects_to_csv, to_csv, to_json
from isthmus.report.markdown import to_markdown
from isthmus.report.resampled import resampled, resampled_grids, resampled_json, resampled_notes
from isthmus.report.terminal import draw
from isthmus.report.terminal import show as show_tables
from isthmus.report.training import TrainingRun, collapse_notes, training_runs


def show(
    study: StudyFile,
    store: StoreFolder = DEFAULT_STORE,
    languages: Annotated[bool, typer.Option("--languages", help="Add a table by language for each target.")] = False,
    metric: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A metric to show; may be given more than once.")
    ] = None,
    effects: Annotated[
        bool, typer.Option("--effects", help="Show what each arm changes, with 95 % intervals, and the claims instead.")
    ] = False,
    resample: Annotated[
        bool, typer.Option("--resample", help="Check effects by bootstrap and by exchanging the arms; may take a minute.")
    ] = False,
    efficiency: Annotated[
        bool, typer.Option("--efficiency", help="Show what inference costs and what variants lose instead.")
    ] = False,
    training: Annotated[bool, typer.Option("--training", help="Show the training runs and their heads instead.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the tables as Markdown.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print every measurement as CSV.")] = False,
    json: AsJson = False,
) -> None:
    """Show the table of a study, as far as it is filled.

    \b
    isthmus show study.yaml --languages
    isthmus show study.yaml --metric f1 --metric accuracy
    isthmus show study.yaml --markdown > table.md
    isthmus show study.yaml --effects
    isthmus show study.yaml --effects --resample
    isthmus show study.yaml --efficiency --languages
    isthmus show study.yaml --training
    """
    if markdown + csv + json > 1:
        raise SetupError("--markdown, --csv and --json exclude each other")
    if efficiency and (effects or training or metric):
        raise SetupError("--efficiency goes with --languages, --markdown, --csv and --json; leave the others out")
    if (csv or json) and (languages or (metric and not effects)):
        raise SetupError(f"--{'csv' if csv else 'json'} holds all languages and metrics; leave --languages and --metric out")
    if effects and (markdown or training):
        raise SetupError("--effects goes with --csv, --json, --languages and --metric; leave the others out")
    if resample and (csv or not effects):
        raise SetupError("--resample checks what --effects shows, as tables or with --json; give it beside --effects")
    opened = open_study(study, store)
    if efficiency:
        print_efficiency(opened, languages=languages, markdown=markdown, csv=csv, json=json)
        return
    if training:
        print_training(training_runs(opened.plan, opened.store), json=json)
        return
    if effects and not json:
        print_effects(opened, languages, metric or (), csv=csv, resample=resample)
        return
    rows, summary = results(opened)
    if json:
        found = study_effects(opened.study, opened.plan, opened.store, metric or ())
        checks: dict[str, Any] = (
            {"resampled": resampled_json(resampled(opened.plan, opened.store, found))} if resample else {}
        )
        best = best_by_target(opened.study, opened.plan, opened.store)
        checks |= {"best": [best_json(one) for one in best]} if best else {}
        sizes = by_model(opened.study, opened.plan, opened.store)
        checks |= {"by_model": models_json(sizes)} if sizes else {}
        print_json(to_json(rows, summary, found, _judged(opened, found)) | checks)
    elif csv:
        sys.stdout.write(to_csv(rows))
    elif markdown:
        sys.stdout.write(to_markdown(summary, languages=languages, metrics=metric or ()))
    else:
        show_tables(summary, console(), languages=languages, metrics=metric or ())
        for note in collapse_notes(training_runs(opened.plan, opened.store)):
            console().print(note)


def print_effects(opened: Opened, languages: bool, metrics: Sequence[str], *, csv: bool, resample: bool) -> None:
    """Print effects as tables, by model, resampled on demand, then the best arms if it selects, and claims; or as CSV."""
    found = study_effects(opened.study, opened.plan, opened.store, metrics)
    if csv:
        sys.stdout.write(effects_to_csv(found))
        return
    draw(effect_grids(opened.study, found, languages=languages), effect_notes(found), console())
    if sizes := by_model(opened.study, opened.plan, opened.store):
        console().print()
        draw(model_grids(sizes), list(model_notes(sizes)), console())
    if resample and found:
        checks = resampled(opened.plan, opened.store, shown(opened.study, found, languages=languages))
        console().print()
        draw(resampled_grids(checks), resampled_notes(checks), console())
    for best in best_by_target(opened.study, opened.plan, opened.store):
        console().print()
        draw([best_grid(best)] if best.selected else [], best_notes(best), console())
    if judged := _judged(opened, found):
        console().print()
        draw([claim_grid(judged)], claim_notes(judged), console())


def _judged(opened: Opened, effects: Sequence[Effect]) -> list[Judgement]:
    return judgements(opened.study, opened.plan, opened.store, effects, opened.questions)


def print_training(runs: Sequence[TrainingRun], *, json: bool) -> None:
    """Print the training runs as a table or as one JSON document."""
    if json:
        print_json([asdict(run) for run in runs])
        return
    mixed = any(run.drawn for run in runs)
    rows = [
        [
            run.name,
            f"{run.steps:,}",
            short(run.tokens),
            f"{run.loss:.3f}",
            "–" if run.score is None else f"{run.score:.1f}",
            clock(run.seconds),
            str(len(run.collapses)),
            ", ".join(f"{head}: {fate}" for head, fate in run.heads.items()),
            *([run.drawn] if mixed else []),
        ]
        for run in runs
    ]
    headers = ["training run", "steps", "tokens", "loss", "dev", "time", "collapses", "heads", *(["drawn"] if mixed else [])]
    console().print(grid(headers, rows))
    for note in collapse_notes(runs):
        console().print(note)

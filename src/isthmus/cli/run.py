"""`isthmus run`: does what the store does not have yet, tells what became of each step, and shows the table."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from isthmus.cli.designed import warn_of_designs
from isthmus.cli.forewarned import forewarn
from isthmus.cli.opened import Opened, looked_again, open_study, results
from isthmus.cli.options import DEFAULT_STORE, AsJson, CheckpointEvery, Jobs, StoreFolder, StudyFile, Threads
from isthmus.cli.printing import console, count, print_json, say
from isthmus.cli.report import write_report
from isthmus.cli.totals import print_totals, totals
from isthmus.compute.speed import Speed, measure_speed, read_speed
from isthmus.core.errors import SetupError
from isthmus.core.remembered import cache_folder
from isthmus.execution.board import clock, display_for
from isthmus.execution.local import EXECUTOR, cores
from isthmus.execution.outcome import Report, State
from isthmus.execution.preflight import check_data
from isthmus.report.export import to_json
from isthmus.report.terminal import show as show_tables

WORTH_MEASURING = 5e12  # operations, about a minute of two cores; for less the measuring would take longer than it tells
INTERRUPTED = 130


def run(
    study: StudyFile,
    store: StoreFolder = DEFAULT_STORE,
    jobs: Jobs = None,
    threads: Threads = None,
    checkpoint_every: CheckpointEvery = None,
    json: AsJson = False,
) -> None:
    """Do what the store does not have yet, show the tables and write the report; the same command goes on after a stop.

    \b
    isthmus run study.yaml
    isthmus run study.yaml --jobs 4 --threads 2
    """
    places = {} if checkpoint_every is None else {"checkpoint_seconds": checkpoint_every}
    opened = open_study(study, store, **places)
    warn_of_designs(opened.designed)
    forewarn(opened)
    messages = console(messages=True)
    speed = _speed(opened)
    if opened.todo and not json:
        print_totals(opened, totals(opened.plan, opened.todo, speed, cores()), speed, messages)
    check_data(opened.plan.steps[id_] for id_ in opened.plan.steps if id_ in opened.todo)
    report = EXECUTOR.run(opened.plan, opened.store, jobs=jobs, threads=threads, show=display_for(messages, silent=json))
    opened = looked_again(opened)
    if json:
        rows, summary = results(opened)
        print_json({**outcome(opened, report), "results": to_json(rows, summary)})
    else:
        print_outcome(report, console())
        show_tables(results(opened)[1], console())
        say(f"everything computed is kept in {opened.store.root.resolve()}")
        _tell_of_report(opened, study)
    finish(report)


def finish(report: Report) -> None:
    """Exit with 130 when the run was interrupted, 1 when a step failed; else return."""
    if interrupted(report):
        say("interrupted; run the same command again to go on")
        raise typer.Exit(INTERRUPTED)
    if not report.fine:
        raise typer.Exit(1)


def interrupted(report: Report) -> bool:
    """Return whether a run was stopped on request."""
    return any(o.state is State.STOPPED or (o.state is State.NOT_RUN and not o.because) for o in report.outcomes)


def _tell_of_report(opened: Opened, file: Path) -> None:
    """Write the report and say where it is; that it cannot be written changes nothing of how the run ended."""
    try:
        say(f"the report: {write_report(opened, file)}")
    except SetupError as error:
        say(f"warning: {error}", style="yellow")


def _speed(opened: Opened) -> Speed | None:
    """Return this machine's speed, measured now where it never was and the work is long; None where that fails."""
    speed = read_speed(cache_folder())
    if speed is None and sum(opened.plan.steps[id_].cost.flops for id_ in opened.todo) > WORTH_MEASURING:
        say("measuring this machine's speed, once; it takes about ten seconds")
        try:
            return measure_speed(cache_folder())
        except SetupError as error:
            say(f"warning: {error}", style="yellow")
    return speed


def print_outcome(report: Report, to: Console) -> None:
    """Print how many steps ended how, every failure with its log, and what was not run because of it."""
    counts = ", ".join(f"{number} {state}" for state, number in report.counts().items())
    to.print(f"{count(len(report.outcomes), 'step')} in {clock(report.seconds)}: {counts}", style="bold")
    barred = Counter(one.because for one in report.outcomes if one.because)
    for one in report.outcomes:
        if one.state in (State.FAILED, State.STOPPED):
            to.print(f"{one.state}: {one.name}: {one.message}", style="red" if one.state is State.FAILED else "yellow")
            if one.log:
                to.print(f"  log: {one.log}")
            if barred[one.step]:
                to.print(f"  not run because of it: {count(barred[one.step], 'step')}")
    to.print()


def outcome(opened: Opened, report: Report) -> dict[str, Any]:
    """Return the outcome of a run as plain JSON types; steps that are simply there are counted, not listed."""
    told = [one for one in report.outcomes if one.state in (State.FAILED, State.STOPPED, State.NOT_RUN)]
    return {
        "study": opened.study.study,
        "store": str(opened.store.root),
        "seconds": round(report.seconds, 3),
        "fine": report.fine,
        "interrupted": interrupted(report),
        "counts": {str(state): number for state, number in report.counts().items()},
        "not_fine": [
            {
                "step": one.name,
                "id": one.step,
                "state": str(one.state),
                "message": one.message,
                "log": str(one.log) if one.log else None,
                "because": one.because,
            }
            for one in told
        ],
    }

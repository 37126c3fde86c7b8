"""`isthmus plan`: what a run would do, what it costs, and why; nothing is run."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from isthmus.cli.designed import designs_as_json, print_designs, warn_of_designs
from isthmus.cli.forewarned import forewarn
from isthmus.cli.gpu import Rented, rented, shown_flops, shown_hours
from isthmus.cli.opened import Opened, open_study
from isthmus.cli.options import DEFAULT_STORE, AsJson, StoreFolder, StudyFile
from isthmus.cli.printing import console, count, grid, print_json, short, size
from isthmus.cli.totals import as_json, print_totals, totals
from isthmus.compute.speed import read_speed
from isthmus.core.errors import SetupError
from isthmus.core.remembered import cache_folder
from isthmus.execution.local import cores
from isthmus.plan.gpus import GPUS, UTILISATION
from isthmus.plan.why import Reason, why
from isthmus.report.power import power_grid, power_json, power_notes, target_powers
from isthmus.report.terminal import draw
from isthmus.study.faults import show as show_value


def plan(
    study: StudyFile,
    store: StoreFolder = DEFAULT_STORE,
    reasons: Annotated[bool, typer.Option("--why", help="Say for what is new which setting changed.")] = False,
    steps: Annotated[bool, typer.Option("--steps", help="List every step.")] = False,
    power: Annotated[
        float | None,
        typer.Option(metavar="POINTS", help="Say how many seeds each target takes to see an effect of so many points."),
    ] = None,
    gpu: Annotated[
        str | None,
        typer.Option(metavar="NAME", help=f"Reckon GPU-hours on this GPU: {', '.join(GPUS)}.", show_default=False),
    ] = None,
    gpus: Annotated[int, typer.Option(min=1, help="How many of them work side by side.")] = 1,
    utilisation: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="The share of the peak that is reached.", show_default=f"{UTILISATION:g}"),
    ] = None,
    price: Annotated[float | None, typer.Option(metavar="AMOUNT", help="What a GPU-hour costs, in any currency.")] = None,
    json: AsJson = False,
) -> None:
    """Show what a run would do and what it would cost; nothing is run.

    \b
    isthmus plan study.yaml
    isthmus plan study.yaml --why
    isthmus plan study.yaml --power 2
    isthmus plan study.yaml --steps --gpu h100 --gpus 4 --price 2.5
    isthmus plan study.yaml --steps --json | jq '.steps[].name'
    """
    if power is not None and not 0 < power <= 100:
        raise SetupError(f"--power takes an effect in points, above 0 and up to 100; found {power:g}")
    on = rented(gpu, gpus, utilisation, price)
    opened = open_study(study, store)
    warn_of_designs(opened.designed)
    forewarn(opened)
    speed = read_speed(cache_folder())
    found = totals(opened.plan, opened.todo, speed, cores(), on)
    causes = _reasons(opened) if reasons else []
    powers = target_powers(opened.study, opened.plan, opened.store, power) if power else []
    if json:
        document = as_json(opened, found, speed, on) | {"designs": designs_as_json(opened.designed)}
        document |= {"steps": [_step(opened, id_, on) for id_ in opened.plan.steps]} if steps else {}
        document |= {"why": [_cause(cause) for cause in causes]} if reasons else {}
        document |= {"power": power_json(powers, power)} if power else {}
        print_json(document)
        return
    out = console()
    if steps:
        headers = ["step", "kind", "id", "state", "tokens", "FLOPs", *(["GPU-hours"] if on else []), "disk"]
        out.print(grid(headers, [_listed(opened, id_, on) for id_ in opened.plan.steps], names=4))
    print_designs(opened.designed, out)
    print_totals(opened, found, speed, out, on)
    for sentence in sentences(causes):
        out.print(sentence)
    if reasons and not causes:
        out.print("nothing is new: the store has it all")
    if power:
        seeds = len(opened.study.seeds)
        draw([power_grid(powers, power, seeds)], list(power_notes(powers, power, seeds)), out)


def _step(opened: Opened, id_: str, on: Rented | None) -> dict[str, Any]:
    step = opened.plan.steps[id_]
    state = "new" if id_ in opened.todo else "cached" if id_ in opened.present else "not needed"
    known = step.cost.sized
    return {
        "name": step.name,
        "kind": step.kind,
        "id": id_[:12],
        "state": state,
        "tokens": step.cost.tokens,
        "flops": step.cost.flops if known else None,
        **({"gpu_hours": on.hours(step) if known else None} if on else {}),
        "memory": step.cost.memory if known else None,
        "disk": step.cost.disk,
    }


def _listed(opened: Opened, id_: str, on: Rented | None) -> list[str]:
    one = _step(opened, id_, on)
    hours = [shown_hours(one["gpu_hours"] or 0.0, sized=one["gpu_hours"] is not None)] if on else []
    names = [one["name"], one["kind"], one["id"], one["state"]]
    return [*names, short(one["tokens"]), shown_flops(one["flops"]), *hours, size(one["disk"])]


def _reasons(opened: Opened) -> list[Reason]:
    if not opened.todo:
        return []
    manifests = (opened.store.manifest(id_) for id_ in opened.store.ids())
    return why(opened.plan, opened.todo, {one.id: (one.name, one.payload) for one in manifests})


def sentences(reasons: list[Reason]) -> list[str]:
    """Return reasons in words, one sentence for all steps of a kind that are new for the same reason."""
    alike: dict[str, list[Reason]] = {}
    for reason in reasons:
        changes = [f"{key} {show_value(old)} -> {show_value(new)}" for key, old, new in reason.changes]
        what = ", ".join(changes) or f"the store has no {reason.step.kind} step yet"
        alike.setdefault(f"{reason.step.kind} {what}", []).append(reason)
    return [_sentence(key.partition(" ")[2], group) for key, group in alike.items()]


def _sentence(what: str, group: list[Reason]) -> str:
    first = group[0]
    others = f" and {len(group) - 1} like it" if len(group) > 1 else ""
    nearest = f" (nearest: {first.nearest})" if first.nearest else ""
    below = sum(reason.descendants for reason in group)
    also = f"; {count(below, 'step')} below {'is' if below == 1 else 'are'} new with it" if below else ""
    return f"{first.step.name}{others}: new because {what}{nearest}{also}"


def _cause(reason: Reason) -> dict[str, Any]:
    return {
        "step": reason.step.name,
        "id": reason.step.id,
        "nearest": reason.nearest,
        "changes": [{"key": key, "before": before, "after": after} for key, before, after in reason.changes],
        "descendants": reason.descendants,
    }

"""`isthmus status`: how far a study is, who is working on it, and what went wrong last."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from isthmus.cli.opened import Opened, open_study
from isthmus.cli.options import DEFAULT_STORE, AsJson, StoreFolder, StudyFile
from isthmus.cli.printing import console, grid, print_json
from isthmus.store.lease import Owner, held

LAST_BYTES = 4096  # of a log, among which its last line is looked for


def status(study: StudyFile, store: StoreFolder = DEFAULT_STORE, json: AsJson = False) -> None:
    """Show which steps of a study are done, running and to do.

    \b
    isthmus status study.yaml
    isthmus status study.yaml --json | jq .cells
    """
    opened = open_study(study, store)
    running = _running(opened)
    document = {
        "study": opened.study.study,
        "store": str(opened.store.root),
        "kinds": _by_kind(opened, running),
        "running": [_owned(opened, id_, owner) for id_, owner in running.items()],
        "cells": {"filled": sum(cell.step in opened.present for cell in opened.plan.cells), "all": len(opened.plan.cells)},
        "unfinished": _unfinished(opened, running),
    }
    if json:
        print_json(document)
    else:
        _print(document)


def _running(opened: Opened) -> dict[str, Owner]:
    """Return the steps to do that some process works on, and which."""
    leases = opened.store.root / "leases"
    names = set(os.listdir(leases)) if leases.is_dir() else set()  # noqa: PTH208 - names alone are wanted
    found = {step.id: held(opened.store.root, step.id) for step in opened.plan if step.id in names & opened.todo}
    return {id_: owner for id_, owner in found.items() if owner is not None}


def _by_kind(opened: Opened, running: Mapping[str, Owner]) -> dict[str, dict[str, int]]:
    def states(kind: str) -> Counter[str]:
        ids = [step.id for step in opened.plan if step.kind == kind]
        return Counter("running" if i in running else "to_do" if i in opened.todo else "done" for i in ids)

    kinds = dict.fromkeys(step.kind for step in opened.plan)
    return {kind: {state: states(kind)[state] for state in ("done", "running", "to_do")} for kind in kinds}


def _owned(opened: Opened, id_: str, owner: Owner) -> dict[str, Any]:
    return {"step": opened.plan.steps[id_].name, "id": id_, "host": owner.host, "pid": owner.pid}


def _unfinished(opened: Opened, running: Mapping[str, Owner]) -> list[dict[str, str]]:
    """Return the steps that were begun and neither finished nor under way, with the last line of each log."""
    found = []
    for step in opened.plan:
        if step.id in opened.todo and step.id not in running and (log := opened.store.log_path(step.id)).exists():
            found.append({"step": step.name, "id": step.id, "log": str(log), "last_line": _last_line(log)})
    return found


def _last_line(log: Path) -> str:
    with log.open("rb") as stream:
        stream.seek(max(0, stream.seek(0, os.SEEK_END) - LAST_BYTES))
        lines = stream.read().decode("utf-8", errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _print(document: Mapping[str, Any]) -> None:
    out = console()
    kinds: dict[str, dict[str, int]] = document["kinds"]
    rows = [[kind, *map(str, states.values())] for kind, states in kinds.items()]
    rows.append(["all", *(str(sum(states[state] for states in kinds.values())) for state in ("done", "running", "to_do"))])
    out.print(grid(["steps", "done", "running", "to do"], rows, total=True))
    out.print(f"{document['cells']['filled']} of {document['cells']['all']} cells of the table are filled")
    for one in document["running"]:
        out.print(f"running: {one['step']} (process {one['pid']} on {one['host']})")
    for one in document["unfinished"]:
        out.print(f"unfinished: {one['step']}: {one['last_line']} (log: {one['log']})")

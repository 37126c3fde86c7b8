"""Retrieval by layer: how well the sentence vectors of each hidden state find translations, for every arm."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from isthmus.plan.graph import Cell, Plan
from isthmus.report.collect import SCORES
from isthmus.results.table import Table
from isthmus.store.store import Store

DEV = "dev"  # what mining chooses its layer on: development data, whatever the language
Profile = tuple[tuple[int, float], ...]  # (layer, figure), layers rising


@dataclass(frozen=True, slots=True)
class Layered:
    """One task on one average or language: the profile of each arm, the mean over seeds and ``languages``."""

    task: str
    metric: str
    name: str
    languages: tuple[str, ...]
    profiles: Mapping[str, Profile]


def layers_chosen(table: Table) -> str:
    """Say which layers were chosen and on what, with a warning where that is judged too; empty where the study named one."""
    if not table.layers:
        return ""
    on = "the development data of each language" if table.chosen_on == DEV else table.chosen_on
    layers = "; ".join(f"{arm} {', '.join(map(str, own))}" for arm, own in table.layers.items())
    judged = any(line.name == table.chosen_on for line in table.languages)
    hindsight = f"; in {table.chosen_on} itself it is the best in hindsight, and so too favourable" if judged else ""
    return f"the layer of each run was chosen on {on}: {layers}{hindsight}"


def layered(plan: Plan, store: Store, tables: Sequence[Table]) -> list[Layered]:
    """Return what scores say of single layers, averages first; empty where no score tells its layers apart.

    The scores are those behind ``tables``, whose integrity was looked at when they were read.
    """
    found: list[Layered] = []
    for table in (table for table in tables if table.main):
        read = _read([cell for cell in plan.cells if cell.task == table.task], store)
        for line in (*table.averages, *table.languages) if read else ():
            arms = dict.fromkeys(arm for arm, _, _ in read)
            profiles = {arm: profile for arm in arms if (profile := _profile(read, arm, line.languages))}
            if profiles and not any(one.name == line.name and one.task == table.task for one in found):
                metric = f"{table.metric} on development data" if table.chosen_on == DEV else table.metric
                found.append(Layered(table.task, metric, line.name, line.languages, profiles))
    return found


Read = Mapping[tuple[str, int | None, str], Mapping[int, float]]  # (arm, seed, language) -> layer -> figure


def _read(cells: Iterable[Cell], store: Store) -> Read:
    found = {}
    for cell in cells:
        if not store.has(cell.step):
            continue
        scores = json.loads((store.path(cell.step) / SCORES).read_bytes())
        curve = scores.get("by_layer") or scores.get("dev_by_layer")
        if not curve:
            continue
        layers = {int(layer): values[cell.main] for layer, values in curve.items() if cell.main in values}
        found[cell.arm, cell.seed, cell.language] = layers
    return found


def _profile(read: Read, arm: str, languages: Sequence[str]) -> Profile:
    """Return the mean of the seeds that have every language, which are those an average is over."""
    seeds = dict.fromkeys(seed for name, seed, _ in read if name == arm)
    rows = [[read.get((arm, seed, language)) for language in languages] for seed in seeds]
    whole = [row for row in rows if row and all(row)]
    found = [layers for row in whole for layers in row if layers]
    common = sorted(set.intersection(*map(set, found))) if found else []
    return tuple((layer, fmean(layers[layer] for layers in found)) for layer in common)

"""From the store to what serving costs: the finished measurements of a plan, and the scores of all configurations."""

from __future__ import annotations

from isthmus.analysis.paired import Scored
from isthmus.plan.graph import Plan
from isthmus.report.effects import scored_mains
from isthmus.results.measured import FILE, Measurements, read_measurements
from isthmus.store.store import Store


def measurements_of(plan: Plan, store: Store) -> tuple[Measurements, ...]:
    """Return what every finished bench step measured, in the order of the plan; raises CorruptArtifact for a damaged one."""
    return tuple(read_measurements(store.open(bench.step) / FILE) for bench in plan.benches if store.has(bench.step))


def scored_configurations(plan: Plan, store: Store) -> list[Scored]:
    """Return what models and variants did on every finished and labelled cell, by the main figure of its task.

    ``arm`` of each is the name of its configuration (``at_variant``). Raises CorruptArtifact where a score is damaged.
    """
    return list(scored_mains(plan, store, variants=True))

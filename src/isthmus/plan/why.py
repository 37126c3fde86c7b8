"""Why a step is new: the nearest step of the same kind that the store has, and the settings in which they differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from isthmus.plan.graph import Plan
from isthmus.plan.step import Step


@dataclass(frozen=True, slots=True)
class Reason:
    """A step that is new of itself, and the differences to its nearest predecessor: (key, before, after)."""

    step: Step
    nearest: str | None
    changes: tuple[tuple[str, Any, Any], ...]
    descendants: int


def why(plan: Plan, new: Iterable[str], stored: Mapping[str, tuple[str, Mapping[str, Any]]]) -> list[Reason]:
    """Return a reason for each new step whose inputs are all in the store or of another reason's making.

    ``stored``: id -> (name, payload) of what the store has. A step that is new only because an input is new is counted
    among the descendants of the reason instead.
    """
    fresh = set(new)
    consumers = plan.consumers()
    by_kind: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for name, payload in stored.values():
        by_kind.setdefault(payload["kind"], []).append((name, payload))
    reasons = []
    for step in plan:
        if step.id in fresh and not any(needed in fresh for needed in step.inputs.values()):
            closest, changes = _nearest(step, by_kind.get(step.kind, []))
            reasons.append(Reason(step, closest, changes, len(_below(step.id, consumers) & fresh)))
    return reasons


def _nearest(step: Step, known: list[tuple[str, Mapping[str, Any]]]) -> tuple[str | None, tuple[tuple[str, Any, Any], ...]]:
    # Of equally near ones the one with the same name speaks of the same place in the study.
    best: tuple[int, bool, str, tuple[tuple[str, Any, Any], ...]] | None = None
    for name, payload in known:
        changes = tuple(differences(payload, step.payload))
        found = (len(changes), name != step.name, name, changes)
        if best is None or found[:3] < best[:3]:
            best = found
    return (best[2], best[3]) if best else (None, ())


def differences(before: Any, after: Any, key: str = "") -> Iterable[tuple[str, Any, Any]]:
    """Yield (dotted key, value before, value after) of everything in which two payloads differ."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted({*before, *after}):
            yield from differences(before.get(name), after.get(name), f"{key}.{name}" if key else name)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for i, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from differences(one, other, f"{key}[{i}]")
    elif before != after:
        yield key, before, after


def _below(id_: str, consumers: Mapping[str, list[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(consumers[id_])
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += consumers[one]
    return found

"""What inference costs for other programs: a line for each configuration and language as CSV, all of it as plain JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from isthmus.analysis.averages_over_targets import Contrast
from isthmus.analysis.fronts import Gain
from isthmus.analysis.latency import Ratio, Timing
from isthmus.analysis.retention import Loss
from isthmus.report.efficiency import Across, Benched, Efficiency, Fronted, named
from isthmus.report.efficiency_forms import Form
from isthmus.report.spent import Spent
from isthmus.results.measured import Interval

BESIDE = ("ratio", "low", "high", "outcome")  # of a ratio of latencies to the reference arm, and to the full model
GIVEN = ("task", "arm", "model", "variant", "language", "seeds")


def efficiency_csv(found: Efficiency) -> str:
    """Return a line for each configuration and language (``all``: the mean), numbers with all their digits.

    Empty fields are figures that there are none of: joules where nothing reports them, ratios of what is itself the other.
    """
    same = {(one.arm, one.task, one.language): one.ratio for one in found.same if one.quantity == "latency"}
    full = {(one.arm, one.task, one.language): one.ratio for one in found.faster if one.quantity == "latency"}
    lines = []
    for one in found.spent:
        place = one.configuration, one.task, one.language
        arm, model, variant = named(one.configuration)
        who = dict(zip(GIVEN, (one.task, arm, model, variant, one.language, " ".join(map(str, one.seeds))), strict=True))
        lines.append(who | _flat(one) | _beside("reference", same.get(place)) | _beside("full", full.get(place)))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, _headers(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return stream.getvalue()


INTERVALS = tuple(field.name for field in fields(Spent) if field.type == "Interval")
FIGURES = tuple(
    field.name for field in fields(Spent) if field.name not in (*INTERVALS, "task", "configuration", "language", "seeds")
)


def _headers() -> list[str]:
    bounded = [name for each in INTERVALS for name in (each, f"{each}_low", f"{each}_high")]
    beside = [f"{against}_{key}" for against in ("reference", "full") for key in BESIDE]
    return [*GIVEN, *bounded, *FIGURES, *beside]


def _flat(one: Spent) -> dict[str, Any]:
    flat: dict[str, Any] = {name: getattr(one, name) for name in FIGURES}
    for name in INTERVALS:
        interval: Interval = getattr(one, name)
        flat |= {name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high}
    return flat


def _beside(against: str, ratio: Ratio | None) -> dict[str, Any]:
    if ratio is None:
        return {}
    return {f"{against}_{key}": value for key, value in _ratio(ratio).items() if key in BESIDE}


def efficiency_json(found: Efficiency) -> dict[str, Any]:
    """Return all of it as plain JSON types; intervals are of 95 %, and null where nothing tells how far chance reaches."""
    return {
        "reference": found.reference,
        "scores": dict(zip(("done", "planned"), found.scores, strict=True)),
        "runs": dict(zip(("done", "planned"), found.runs, strict=True)),
        "measured": [_bench(one) for one in found.benches],
        "spent": [asdict(one) for one in found.spent],
        "same": [_timing(one) for one in found.same],
        "faster": [_timing(one) for one in found.faster],
        "fronts": [_front(one) for one in found.fronts],
        "across": [_across(one) for one in found.across],
        "losses": [_loss(one) for one in found.losses],
        "forms": [_form(one) for one in found.forms],
    }


def _bench(one: Benched) -> dict[str, Any]:
    own = one.measured
    parts: Mapping[str, Any] = {"machine": own.machine, "protocol": own.protocol, "noise": own.noise}
    return {"task": own.task, "model": own.model, "day": one.day} | {name: asdict(part) for name, part in parts.items()}


def _timing(one: Timing) -> dict[str, Any]:
    plain = {key: getattr(one, key) for key in ("arm", "against", "variant", "task", "quantity", "language", "languages")}
    return plain | _ratio(one.ratio)


def _ratio(one: Ratio) -> dict[str, Any]:
    low, high = one.ends() or (None, None)
    bounds = {"ratio": one.ratio, "low": low, "high": high, "margin": one.margin, "outcome": one.outcome, "why": one.why}
    return bounds | {"p": one.p, "p_equal": one.p_equal, "p_holm": one.p_holm, "rounds": one.rounds}


def _front(one: Fronted) -> dict[str, Any]:
    plain = {key: getattr(one, key) for key in ("task", "metric", "scope", "languages", "costed")}
    points = {key: [asdict(point) for point in getattr(one, key)] for key in ("points", "staged", "plain")}
    return plain | points | {"gain": _gain(one.gain), "equal": [asdict(each) for each in one.equal]}


def _gain(one: Gain | None) -> dict[str, Any] | None:
    return None if one is None else _contrast(one.points) | {"cheapest": one.cheapest, "dearest": one.dearest}


def _across(one: Across) -> dict[str, Any]:
    overall = one.overall
    equal = None if overall is None else {key: getattr(overall, key) for key in ("ratio", "low", "high", "seeds")}
    return {"scope": one.scope, "tasks": one.tasks, "gain": _gain(one.gain), "equal": equal}


def _loss(one: Loss) -> dict[str, Any]:
    plain = {key: getattr(one, key) for key in ("arm", "variant", "task", "scope", "languages", "against", "p", "p_holm")}
    contrasts = {key: getattr(one, key) for key in ("loss", "against_loss", "interaction")}
    return plain | {key: None if own is None else _contrast(own) for key, own in contrasts.items()}


def _form(one: Form) -> dict[str, Any]:
    plain = {key: getattr(one, key) for key in ("variant", "arm", "scope", "places", "p_holm")}
    contrasts = {key: getattr(one, key) for key in ("before", "after", "difference")}
    ratios = {
        f"{quantity}_{side}": None if own is None else _ratio(own)
        for quantity in ("latency", "throughput")
        for side, own in zip(("before", "after"), getattr(one, quantity), strict=True)
    }
    return plain | {key: None if own is None else _contrast(own) for key, own in contrasts.items()} | ratios


def _contrast(one: Contrast) -> dict[str, Any]:
    low, high = one.ends() or (None, None)
    return {"delta": one.delta, "low": low, "high": high, "by_seed": one.by_seed, "n": one.n}

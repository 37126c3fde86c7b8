"""Which plots of size and spread, and of gains by a feature of languages, stand on the page; those of a target share
scales."""

from __future__ import annotations

from collections.abc import Iterator

from isthmus.report.by_feature import ByFeature
from isthmus.report.evidence import Evidence, Gains
from isthmus.report.figures import domain_of
from isthmus.report.surface_figure import feature_figure, range_of, surface_figure
from isthmus.report.surfaces import Surfaced, estimates_of


def surface_panels(evidence: Evidence) -> Iterator[tuple[Surfaced, list[tuple[str, str]]]]:
    """Yield what size and spread do to each target with (average, drawing) for each of its surfaces."""
    for row, one in enumerate(evidence.surfaces):
        domain = range_of(estimates_of([one]))
        counts = sorted({spot.count for surface in one.surfaces for spot in surface.spots})
        yield (
            one,
            [
                (surface.scope, surface_figure(surface, domain, counts, f"surface-{row}-{column}"))
                for column, surface in enumerate(one.surfaces)
            ],
        )


def feature_panels(evidence: Evidence, most: int) -> Iterator[tuple[str, list[tuple[ByFeature, str]]]]:
    """Yield each target with the gains of arms, those with the clearest slopes first and ``most`` of them, and their
    drawing."""
    for row, task in enumerate(dict.fromkeys(one.task for one in evidence.features)):
        own = sorted([one for one in evidence.features if one.task == task], key=_telling, reverse=True)[:most]
        domain = domain_of([Gains(one.arm, task, None, one.effects) for one in own])
        drawn = [
            (one, feature_figure(one.effects, one.values, one.line, domain, f"feature-{row}-{column}", one.feature))
            for column, one in enumerate(own)
        ]
        yield task, drawn


def _telling(one: ByFeature) -> float:
    return abs(one.line.slope) / max(one.line.high - one.line.low, 1e-9) if one.line else -1.0

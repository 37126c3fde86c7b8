"""What is known of serving: what the claims on times, costs and losses are judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from isthmus.analysis.averages_over_targets import TargetAverages
from isthmus.results.measured import Measurements


@dataclass(frozen=True)
class Serving:
    """The finished measurements of a study, and its scores by configuration.

    ``timed`` are the targets that the plan times, ``waiting`` those of them that are not measured yet on every model.
    ``averages`` are those of the targets with variants, for each name of an average over languages ("": each target's own
    headline), whose runs go by configuration (``at_variant``). ``groups`` are the study's sets of languages.
    """

    measured: tuple[Measurements, ...] = ()
    timed: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    averages: Mapping[str, Mapping[str, TargetAverages]] | None = None
    groups: Mapping[str, tuple[str, ...]] | None = None

    def of(self, tasks: tuple[str, ...]) -> tuple[Measurements, ...]:
        """Return the measurements of some targets."""
        return tuple(one for one in self.measured if one.task in tasks)

    def averages_on(self, name: str, tasks: tuple[str, ...]) -> dict[str, TargetAverages]:
        """Return the averages of some targets over the languages that a name stands for."""
        found = (self.averages or {}).get(name, {})
        return {task: found[task] for task in tasks if task in found}

    def spoken(self, name: str) -> tuple[str, ...]:
        """Return the languages of a group, none (all of them) where no group is named."""
        return (self.groups or {}).get(name, ()) if name else ()

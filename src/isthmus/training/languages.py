"""Training examples of several languages at rates of their own, instead of all as one pool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from isthmus.mixing.languages import ByLanguage
from isthmus.mixing.rates import language_shares
from isthmus.models.feature import Feature
from isthmus.study.rates import Smoothing


@dataclass(frozen=True)
class Spoken:
    """How many examples each language has, in the order in which they stand, and the rates of the languages."""

    counts: Mapping[str, int]
    rates: Mapping[str, float] | Smoothing

    def arranged(self, features: Sequence[Feature], seed: int) -> ByLanguage[Feature]:
        """Return labelled features by language; rates that count examples count those with a label."""
        language = [name for name, count in self.counts.items() for _ in range(count)]
        own: dict[str, list[Feature]] = {name: [] for name in self.counts}
        for feature in features:
            own[language[feature.example]].append(feature)
        sizes = {name: len({feature.example for feature in found}) for name, found in own.items()}
        return ByLanguage(own, language_shares(self.rates, sizes), seed)

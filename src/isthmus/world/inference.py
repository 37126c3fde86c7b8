"""Premises and hypotheses: structural inference, whose labels hang on who did what to whom, not on which words are there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from isthmus.world.grammar import Grammar, text_of
from isthmus.world.meaning import Event
from isthmus.world.rewriting import (
    crowded,
    general,
    joined_otherwise,
    moved,
    opposite,
    roles_exchanged,
    shortened,
    synonymous,
)
from isthmus.world.sampling import Sampler

LABELS = ("entailment", "neutral", "contradiction")


def inferences(sampler: Sampler, grammar: Grammar, count: int) -> Iterator[tuple[str, str, str]]:
    """Yield (premise, hypothesis, label), the labels equally frequent."""
    for number in range(count):
        label = LABELS[number % len(LABELS)]
        premise, hypothesis = _pair(sampler, label)
        yield text_of(grammar.sentence(premise)), text_of(grammar.sentence(hypothesis)), label


def _pair(sampler: Sampler, label: str) -> tuple[Event, Event]:
    while True:
        many = sampler.chance(0.7)
        event = crowded(sampler) if many else sampler.told()
        event = replace(event, negated=sampler.chance(0.3))
        made = {"entailment": _follows, "neutral": _may_be, "contradiction": _cannot_be}[label](event, sampler)
        if made is not None:
            first, second = made
            if many:
                return first, moved(second)
            return first, sampler.fronted(second) if sampler.chance(0.5) else second


def _follows(event: Event, sampler: Sampler) -> tuple[Event, Event] | None:
    at = sampler.draw.random()
    if at < 0.7:
        return event, joined_otherwise(event)
    if at < 0.85:
        made = synonymous(event, sampler)
        return (event, made) if made else None
    if at < 0.93:
        made = shortened(event, sampler)
        return _weaker(event, made) if made else None
    made = general(event, sampler)
    return _weaker(event, made) if made else None


def _may_be(event: Event, sampler: Sampler) -> tuple[Event, Event] | None:
    at = sampler.draw.random()
    if at < 0.8:
        other = roles_exchanged(event)
        return event, other
    made = shortened(event, sampler) if at < 0.9 else general(event, sampler)
    if made is None:
        return None
    weak, strong = _weaker(event, made)
    return strong, weak


def _cannot_be(event: Event, sampler: Sampler) -> tuple[Event, Event] | None:
    other = joined_otherwise(event) if sampler.chance(0.5) else event
    if sampler.chance(0.5):
        return event, replace(other, negated=not other.negated)
    if event.negated:
        return None
    made = opposite(other, sampler)
    return (event, made) if made else None


def _weaker(event: Event, less: Event) -> tuple[Event, Event]:
    """Return (what is said, what follows from it): saying less follows, but of what was denied only saying more does."""
    return (less, event) if event.negated else (event, less)

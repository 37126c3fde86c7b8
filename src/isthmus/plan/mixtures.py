"""What a stage draws from, as a step's settings have it: streams of a mix, raw text, and rates of languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from isthmus.core.errors import StudyError, nearest
from isthmus.plan.resolve import Member
from isthmus.study.rates import Smoothing, settings_of
from isthmus.study.spec import Stage
from isthmus.tasks.task import RAW

# Raw text as a stage: the share of masked sub-words (BERT) and the exponent of language sampling (XLM-R).
CONTINUED_MASK, CONTINUED_ALPHA = 0.15, 0.3


def text_settings(stage: Stage, members: Sequence[Member], key: str) -> dict[str, float]:
    """Return how the raw text of a stage is masked and drawn; nothing where there is none."""
    if not any(member.task.kind in RAW for member in members):
        for name in ("mask", "alpha"):
            if getattr(stage, name) is not None:
                what = f"{name} is of raw text ({' or '.join(RAW)}), and the stage has none"
                raise StudyError(what, key=f"{key}.{name}")
        return {}
    mask = CONTINUED_MASK if stage.mask is None else stage.mask
    return {"mask": mask, "alpha": CONTINUED_ALPHA if stage.alpha is None else stage.alpha}


def drawn_settings(stage: Stage, member: Member, source: str, key: str) -> dict[str, Any]:
    """Return what one task of a stage has beside its data: the pivot of translation pairs, and rates of its languages.

    Raises StudyError below ``key`` for rates that its languages cannot have.
    """
    pivot = {"pivot": source} if member.task.kind == "tlm" else {}
    rates = stage.language_rates_of(member.task.name)
    if rates is None:
        return pivot
    by_task = stage.mix and not isinstance(stage.language_rates, Smoothing)
    at = f"{key}.language_rates" + (f".{member.task.name}" if by_task else "")
    languages = [data.language for data in member.data if not (pivot and data.language == source)]
    if isinstance(rates, Smoothing) and member.task.kind in RAW:
        what = f"raw text is smoothed by alpha, a key of the stage; {member.task.name} takes a number a language"
        raise StudyError(what, key=at)
    if len(languages) == 1:
        if stage.mix and not by_task:
            return pivot  # what is said of all tasks is for those with several
        raise StudyError(f"{member.task.name} is trained in {languages[0]!r} alone; rates need several languages", key=at)
    if not isinstance(rates, Smoothing):
        _check_named(rates, languages, at)
    return {**pivot, "language_rates": settings_of(rates)}


def _check_named(rates: Mapping[str, float], languages: Sequence[str], key: str) -> None:
    for name in rates:
        if name not in languages:
            raise StudyError(f"the stage does not train in {name!r}; {nearest(name, languages)}", key=f"{key}.{name}")
    if lacking := [name for name in languages if name not in rates]:
        raise StudyError(f"none for {lacking[0]!r}; give one for each language of the stage", key=key)


def mixture_settings(stage: Stage, members: Sequence[Member], source: str, key: str) -> dict[str, Any]:
    """Return the streams of a mix and their rates; raises StudyError for rates that its data cannot have."""
    # In the order of names, so that the same mix in another order is the same step.
    streams = [
        {
            "name": member.task.name,
            "kind": member.task.kind,
            "labels": member.task.labels,
            "data": [data.settings for data in member.data],
            **drawn_settings(stage, member, source, key),
        }
        for member in sorted(members, key=lambda member: member.task.name)
    ]
    if isinstance(stage.language_rates, Smoothing) and not any("language_rates" in stream for stream in streams):
        raise StudyError("no task of the mix is trained in several languages", key=f"{key}.language_rates")
    return {"streams": streams, "rates": stage.rate_settings(), "heads": "kept", **text_settings(stage, members, key)}

"""Before anything runs: what the steps will read is read once, so that a faulty row is known before it can cost training."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from isthmus.core.errors import DataError, StudyError, UserError
from isthmus.core.hashing import digest
from isthmus.execution.data import raw_text, read_data, read_text
from isthmus.plan.step import Step

RECORDS = ("data", "train", "dev")  # settings that name data


def check_data(steps: Iterable[Step]) -> None:
    """Read all data of some steps; raises UserError with every faulty file, one ``file:line: what`` a line.

    Raises StudyError with the key of a stage whose text is to be parallel and is not.
    """
    seen: set[str] = set()
    faults: list[str] = []
    steps = tuple(steps)
    for step in steps:
        for read, named in _readings(step.settings):
            if (key := digest(named)) not in seen:
                seen.add(key)
                try:
                    read(named, step.places)
                except DataError as fault:
                    faults.append(str(fault))
    if faults:
        raise UserError("\n".join(faults))
    for step in steps:
        for stream in (step.settings, *step.settings.get("streams", ())):
            if {"data", "pivot"} <= stream.keys():
                _check_parallel(stream, step)


def _check_parallel(stream: Mapping[str, Any], step: Step) -> None:
    """Raise StudyError for text of a language that shares no id with the text it is to be paired with."""
    text, pivot = raw_text(stream["data"], step.places, step.settings.get("train_examples")), stream["pivot"]
    for language, corpus in text.items():
        if language != pivot and not corpus.parallel.keys() & text[pivot].parallel.keys():
            what = f"tlm needs lines `id TAB text`, and no id of the text in {language!r} stands in that in {pivot!r}"
            raise StudyError(f"{what}; languages: leave it out, or give both files the same ids", key=step.places["stage"])


def _readings(settings: Mapping[str, Any]) -> Iterator[tuple[Callable[..., Any], Mapping[str, Any]]]:
    """Yield (how it is read, what a step's settings name)."""
    for stream in settings.get("streams", ()):
        yield from _readings(stream)
    for key in RECORDS:
        named = settings.get(key) or ()
        records = [named] if isinstance(named, Mapping) else named
        # What is translated is not there yet; what it is translated from is read for the step that does it.
        yield from ((read_data, record) for record in records if not record.get("translated"))
    if "text" in settings:
        yield read_text, settings["text"]

"""Which translations are kept: not those that are empty, that came back as they went, or that are far too short or long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from isthmus.sources.texts import texts_of
from isthmus.translation.carrying import Carried

EMPTY, COPIED, LENGTH = "empty", "copied", "length"


def sift(examples: Sequence[Any], carried: Carried, filter_: Mapping[str, Any]) -> None:
    """Move what a filter drops from the found to the dropped ones; ``examples`` are the sources, by place.

    Lengths are characters of all texts of an example. That of a translation by that of its source is compared with the mean
    of the set, by which scripts in which a character says more or less are not dropped as a whole.
    """
    said = {place: texts_of(found) for place, found in carried.found.items()}
    asked = {place: texts_of(examples[place]) for place in said}
    reasons = {place: _reason(asked[place], said[place], filter_) for place in said}
    long = [place for place in said if reasons[place] is None]
    mean = _length(said, long) / max(1, _length(asked, long))
    low, high = filter_["length_ratio"]
    for place in said:
        reason = reasons[place]
        if reason is None and not low * mean <= _length(said, [place]) / _length(asked, [place]) <= high * mean:
            reason = LENGTH
        if reason:
            carried.dropped[place] = reason
            del carried.found[place]


def _reason(asked: tuple[str, ...], said: tuple[str, ...], filter_: Mapping[str, Any]) -> str | None:
    if len(said) < len(asked) or not all(text.strip() for text in said):
        return EMPTY
    if filter_["copied"] == "drop" and said == asked and any(map(str.isalpha, "".join(asked))):
        return COPIED
    return None


def _length(texts: Mapping[int, tuple[str, ...]], places: Sequence[int]) -> int:
    return sum(len(text) for place in places for text in texts[place])

"""A training set through a translator: carried, sifted, counted; what was translated before a stop is not done again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isthmus.core.errors import Stopped, UserError
from isthmus.core.files import write_atomic
from isthmus.core.hashing import digest
from isthmus.translation.carrying import carry
from isthmus.translation.quality import sift
from isthmus.translation.translator import Order, Texts, load_translator

CHUNK = 256  # texts that are translated, and kept, at once


@dataclass(frozen=True, slots=True)
class Translation:
    """Translated examples in the order of their source, and the counts of what became of all of them."""

    examples: list[Any]
    counts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a translation is at work: a folder that survives a stop, how to report (done, of all), and whether to stop."""

    folder: Path
    report: Callable[[int, int], None]
    stopping: Callable[[], bool]


def translate(order: Order, examples: Sequence[Any], desk: Desk) -> Translation:
    """Return examples in the target language; raises UserError, saying why, where none is left of some."""
    translator = load_translator(order.settings["kind"])
    if translator.examples:
        found = translator.examples(order, examples)
        return Translation(found, {"examples": len(examples), "kept": len(found), "dropped": {}, "answers": {}})
    assert translator.texts, f"{translator.name} translates neither texts nor examples"
    texts = translator.texts(order)
    carried = carry(examples, lambda asked: _all(texts, asked, desk))
    sift(examples, carried, order.settings["filter"])
    kept = [carried.found[place] for place in sorted(carried.found)]
    why = dict(sorted(Counter(carried.dropped.values()).items()))
    if examples and not kept:
        reasons = ", ".join(f"{count} {reason}" for reason, count in why.items())
        what = f"nothing is left of {len(examples)} examples of {order.task} translated into {order.target!r}: {reasons}"
        raise UserError(f"{what}; translator.filter says what is dropped")
    answers = {how: count for how, count in carried.answers.items() if count}
    return Translation(kept, {"examples": len(examples), "kept": len(kept), "dropped": why, "answers": answers})


def _all(texts: Texts, asked: Iterable[str], desk: Desk) -> Mapping[str, str]:
    """Return the translation of every text; raises Stopped between two chunks, of which those done are kept."""
    # Of like length, so that little is padding, and in an order of the texts alone, so that chunks are the same again.
    wanted = sorted(set(asked), key=lambda text: (len(text), text))
    said: dict[str, str] = {}
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        file = desk.folder / f"{digest(chunk)}.json"
        if not file.exists():
            if desk.stopping():
                raise Stopped(f"stopped after {start} of {len(wanted)} texts")
            found = texts(chunk)
            assert len(found) == len(chunk), f"{len(found)} translations of {len(chunk)} texts"
            write_atomic(file, json.dumps(found, ensure_ascii=False).encode())
        said |= dict(zip(chunk, json.loads(file.read_bytes()), strict=True))
        desk.report(len(said), len(wanted))
    return said

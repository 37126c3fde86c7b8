"""How training data were translated, and what was lost on the way, written from what the translating steps counted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from isthmus.plan.graph import Plan
from isthmus.plan.step import Step
from isthmus.report.methods import Section
from isthmus.store.store import Store

HOW = {
    "exact": "rendered by the world from the same meanings",
    "lexicon": "translated word for word by the world's lexicons",
    "seq2seq": "translated by a network",
    "ctranslate2": "translated by a network",
}


def translated(plan: Plan, store: Store) -> tuple[Section, ...]:
    """Return the section of the methods on translated training data; none where nothing is translated."""
    steps = [step for step in plan if step.kind == "translate"]
    if not steps:
        return ()
    return (("Translated data", tuple(sentence for step in steps for sentence in _said(step, store))),)


def _said(step: Step, store: Store) -> Iterator[str]:
    data, translator = step.settings["data"], step.settings["translator"]
    model = f" ({translator['name']}, revision {translator['revision']})" if "name" in translator else ""
    noise = f", {translator['noise'] * 100:g} % of the words wrong" if translator.get("noise") else ""
    begun = f"The {data['split']} data of {data['task']} in {data['language']} were {HOW[translator['kind']]}{model}{noise}"
    if not store.has(step.id):
        yield f"{begun} into {step.settings['language']}; that is not done yet."
        return
    counts = json.loads((store.open(step.id) / "translation.json").read_bytes())
    yield f"{begun} into {step.settings['language']}: {_counted(counts)}."


def _counted(counts: Mapping[str, Any]) -> str:
    kept = f"{counts['kept']:,} of {counts['examples']:,} examples are kept"
    lost = ", ".join(f"{number:,} {reason}" for reason, number in counts["dropped"].items())
    how = {"markers": "by markers around them", "search": "by looking for their translation"}
    answers = ", ".join(f"{number:,} {how[way]}" for way, number in counts["answers"].items())
    return kept + (f" (dropped: {lost})" if lost else "") + (f"; answers were carried {answers}" if answers else "")

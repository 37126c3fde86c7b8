"""How training data were translated, and what was lost on the way, written from what the translating steps counted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
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
    alike: dict[str, list[Step]] = {}
    for step in steps:
        alike.setdefault(_begun(step), []).append(step)
    return (("Translated data", tuple(words for begun, own in alike.items() for words in _said(begun, own, store))),)


def _begun(step: Step) -> str:
    """Return what was translated and how, which the steps of several languages and sizes have in common."""
    data, translator = step.settings["data"], step.settings["translator"]
    model = f" ({translator['name']}, revision {translator['revision']})" if "name" in translator else ""
    noise = f", {translator['noise'] * 100:g} % of the words wrong" if translator.get("noise") else ""
    return f"The {data['split']} data of {data['task']} in {data['language']} were {HOW[translator['kind']]}{model}{noise}"


def _said(begun: str, steps: Sequence[Step], store: Store) -> Iterator[str]:
    """Yield a sentence on all the steps that lost nothing, one on each that did, and one on those that are not done."""
    whole: dict[str, list[int]] = {}
    waiting: dict[str, None] = {}
    for step in steps:
        language = step.settings["language"]
        if not store.has(step.id):
            waiting[language] = None
            continue
        counts = json.loads((store.open(step.id) / "translation.json").read_bytes())
        if counts["kept"] == counts["examples"] and not counts["answers"]:
            whole.setdefault(language, []).append(counts["kept"])
        else:
            yield f"{begun} into {language}: {_counted(counts)}."
    if whole:
        sizes = sorted({size for own in whole.values() for size in own})
        many = f"{sizes[0]:,}" if len(sizes) == 1 else f"{sizes[0]:,} to {sizes[-1]:,}"
        yield f"{begun} into {', '.join(whole)}: {many} examples a language, all of them kept."
    if waiting:
        yield f"{begun} into {', '.join(waiting)}; that is not done yet."


def _counted(counts: Mapping[str, Any]) -> str:
    kept = f"{counts['kept']:,} of {counts['examples']:,} examples are kept"
    lost = ", ".join(f"{number:,} {reason}" for reason, number in counts["dropped"].items())
    how = {"markers": "by markers around them", "search": "by looking for their translation"}
    answers = ", ".join(f"{number:,} {how[way]}" for way, number in counts["answers"].items())
    return kept + (f" (dropped: {lost})" if lost else "") + (f"; answers were carried {answers}" if answers else "")

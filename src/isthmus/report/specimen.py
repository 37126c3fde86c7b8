"""Examples to look at: for each target and language one test example, its gold, and what each arm made of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any

from isthmus.metrics.squad_v2 import given
from isthmus.plan.graph import Cell, Plan
from isthmus.sources.example import Choice, MinedSentence, Question, SentencePair, TaggedSentence
from isthmus.sources.source import Source
from isthmus.store.store import Store
from isthmus.tasks.task import load_kind, load_task

PREDICTIONS = "predictions.jsonl"
LOOKED_AT = 40  # first examples of a language among which one is chosen
SHORT = 240  # characters of text that an example may have to be preferred
LONGEST = 700  # characters that are shown of any text
RULE = (
    f"Chosen by rule among the first {LOOKED_AT} of each test set: the first short one on which arms differ and one at "
    "least is right; where there is none, the first short one. Predictions are of the first seed."
)


@dataclass(frozen=True, slots=True)
class Said:
    """What one arm predicted, as text or as one tag a word, and whether that is exactly the gold."""

    arm: str
    text: str
    tags: tuple[str, ...]
    right: bool


@dataclass(frozen=True, slots=True)
class Specimen:
    """One example: its texts by name, or its ``words`` where each has a tag; ``gold`` is text or one tag a word."""

    task: str
    language: str
    id: str
    texts: tuple[tuple[str, str], ...]
    words: tuple[str, ...]
    gold: str
    tags: tuple[str, ...]
    said: tuple[Said, ...]


def specimens(plan: Plan, store: Store, source: Source, arms: Sequence[str], seed: int) -> Iterator[Specimen]:
    """Yield one specimen for each task and language that some arm has predictions for, in the order of the plan."""
    places: dict[tuple[str, str], dict[str, Cell]] = {}
    for cell in plan.cells:
        if cell.arm in arms and cell.seed in (seed, None):
            places.setdefault((cell.task, cell.language), {})[cell.arm] = cell
    for cells in places.values():
        predicted = {arm: found for arm, cell in cells.items() if (found := _predictions(plan, store, cell))}
        if predicted:
            yield _specimen(next(iter(cells.values())), plan, source, predicted)


def _predictions(plan: Plan, store: Store, cell: Cell) -> list[Any]:
    # A score that chose the layer has the predictions of that layer beside it.
    steps = [step for step in (cell.step, plan.steps[cell.step].inputs["predictions"]) if store.has(step)]
    files = [file for step in steps if (file := store.open(step, verify=False) / PREDICTIONS).exists()]
    if not files:
        return []
    with files[0].open(encoding="utf-8") as lines:
        found = [json.loads(line)["prediction"] for line in islice(lines, LOOKED_AT)]
    return [given(one) if isinstance(one, dict) else one for one in found]


def _specimen(cell: Cell, plan: Plan, source: Source, predicted: Mapping[str, Sequence[Any]]) -> Specimen:
    settings = plan.steps[cell.step].settings
    record = settings["data"]
    task = load_task(record["task"])
    examples = source.read(task.files, record["language"], record["split"], task.labels)[: settings["max_examples"]]
    gold_of = load_kind(task.kind).gold
    golds = [gold_of(example) for example in examples[:LOOKED_AT]]
    row = _chosen(examples, golds, predicted)
    example, gold = examples[row], golds[row]
    said = tuple(_said(arm, found[row], gold, examples, row) for arm, found in predicted.items())
    words = example.words if isinstance(example, TaggedSentence) else ()
    tags = tuple(gold) if words and isinstance(gold, tuple) else ()
    return Specimen(
        cell.task, cell.language, example.id, tuple(_texts(example)), words, _gold(gold, examples, row), tags, said
    )


def _chosen(examples: Sequence[Any], golds: Sequence[Any], predicted: Mapping[str, Sequence[Any]]) -> int:
    there = range(min(len(golds), *map(len, predicted.values())))
    short = [row for row in there if sum(len(text) for text in _lengths(examples[row])) <= SHORT] or list(there)
    for row in short:
        right = {_right(found[row], golds[row]) for found in predicted.values()}
        if right == {True, False}:
            return row
    return short[0]


def _lengths(example: Any) -> Iterator[str]:
    yield from example.words if isinstance(example, TaggedSentence) else (text for _, text in _texts(example))


def _texts(example: Any) -> Iterator[tuple[str, str]]:
    """Yield the texts of an example by the names of its fields; the answer is not among them."""
    if isinstance(example, SentencePair):
        yield "query", example.query
    elif isinstance(example, Question):
        yield "question", example.question
        start = max(0, example.answers[0].start - LONGEST // 2) if example.answers else 0
        yield "context", ("… " if start else "") + _cut(example.context[start:])
    elif not isinstance(example, TaggedSentence):
        for field in fields(example):
            value = getattr(example, field.name)
            if field.name not in ("id", "label") and isinstance(value, str):
                yield field.name, _cut(value)
            elif isinstance(value, tuple) and all(isinstance(part, str) for part in value):
                yield field.name, _cut(" | ".join(value))


def _right(prediction: Any, gold: Any) -> bool:
    if isinstance(prediction, list):
        return isinstance(gold, tuple) and tuple(prediction) == gold
    return prediction in (gold or ("",)) if isinstance(gold, tuple) else bool(prediction == gold)


def _said(arm: str, prediction: Any, gold: Any, examples: Sequence[Any], row: int) -> Said:
    right = gold is not None and _right(prediction, gold)
    if isinstance(prediction, list) and all(isinstance(tag, str) for tag in prediction):
        return Said(arm, "", tuple(prediction), right)
    return Said(arm, _shown(prediction, examples, row), (), right)


def _gold(gold: Any, examples: Sequence[Any], row: int) -> str:
    if gold is None:
        return "stripped from the data"
    if isinstance(gold, tuple):
        return (" / ".join(dict.fromkeys(gold)) or "(no answer)") if isinstance(examples[0], Question) else " ".join(gold)
    return _shown(gold, examples, row)


def _shown(answer: Any, examples: Sequence[Any], row: int) -> str:
    """Return an answer as text: the sentence where a row or an id stands for one, the ending where its number does."""
    example = examples[row]
    if isinstance(example, SentencePair) and isinstance(answer, int) and 0 <= answer < len(examples):
        return _cut(examples[answer].candidate)
    if isinstance(example, Choice) and isinstance(answer, int) and 0 <= answer < len(example.endings):
        return _cut(example.endings[answer])
    if isinstance(example, MinedSentence):
        return _cut(example.candidates.get(str(answer), "(no translation)"))
    return _cut(str(answer)) or "(nothing)"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()} …"

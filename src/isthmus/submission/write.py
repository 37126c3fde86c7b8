"""From the predictions of one arm and seed of a study to a submission in the official layout, and to labels beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from isthmus.core.errors import SetupError, nearest
from isthmus.core.files import write_atomic
from isthmus.evaluation.predictions import read_predictions
from isthmus.plan.graph import Cell, Plan
from isthmus.plan.step import Step
from isthmus.sources.source import Source
from isthmus.store.store import Store
from isthmus.submission.asked import asked_by_examples, compare
from isthmus.submission.files import Fault, accepted_text, answers_text, read_file
from isthmus.submission.layout import Version, file_name
from isthmus.tasks.task import Task, load_kind, load_task

SPLIT = "test"
PREDICTIONS = "predictions.jsonl"


@dataclass(frozen=True, slots=True)
class Held:
    """What a study holds of a submission: the steps that predicted, by task and language; why there is none for others."""

    version: Version
    steps: Mapping[tuple[str, str], Step]
    lacking: Mapping[tuple[str, str], str]

    @property
    def missing(self) -> dict[str, dict[str, list[str]]]:
        """Return {task: {why: languages}} of what a whole submission needs and the study does not hold."""
        found: dict[str, dict[str, list[str]]] = {}
        for (task, language), why in self.lacking.items():
            if task not in self.version.optional:
                found.setdefault(task, {}).setdefault(why, []).append(language)
        return found


@dataclass(frozen=True, slots=True)
class Written:
    """The files of a submission, those of its labels, the (task, language) without any gold, and what is wrong."""

    files: list[Path] = field(default_factory=list)
    labels: list[Path] = field(default_factory=list)
    unlabelled: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def held_by(plan: Plan, store: Store, version: Version, arm: str, seed: int | None) -> Held:
    """Return what a study holds of a submission by one arm and seed (None: the only one it has).

    Raises SetupError for an arm or a seed that it does not have, with the nearest arms or all seeds.
    """
    arms = {cell.arm for cell in plan.cells}
    if arm not in arms:
        raise SetupError(f"the study has no arm {arm!r}; {nearest(arm, arms)}")
    seeds = {cell.seed for cell in plan.cells if cell.arm == arm}
    if seed is None and len(seeds) == 1:
        [seed] = seeds
    if seed not in seeds:
        known = ", ".join(map(str, sorted(known for known in seeds if known is not None)))
        found = "none was given" if seed is None else f"found {seed}"
        raise SetupError(
            f"expected --seed to be one of those of {arm!r}: {known}; {found}" if known else f"{arm!r} has no seeds; {found}"
        )
    cells = {(cell.task, cell.language): cell for cell in plan.cells if (cell.arm, cell.seed) == (arm, seed)}
    steps: dict[tuple[str, str], Step] = {}
    lacking: dict[tuple[str, str], str] = {}
    for place in [(task, language) for task, languages in version.languages.items() for language in languages]:
        cell = cells.get(place)
        step = _predicting(plan, cell) if cell else None
        if cell and step and cell.split == SPLIT and store.has(step.id):
            steps[place] = step
        else:
            lacking[place] = _why(cell)
    return Held(version, steps, lacking)


def _predicting(plan: Plan, cell: Cell) -> Step:
    """Return the step that has the predictions of a cell: its score, where that chose their layer."""
    score = plan.steps[cell.step]
    return score if "chosen_on" in score.settings else plan.steps[score.inputs["predictions"]]


def _why(cell: Cell | None) -> str:
    """Say why a cell cannot be submitted."""
    if cell is None:
        return "not in the study"
    return "not computed yet" if cell.split == SPLIT else f"judged on {cell.split}"


def write_submission(held: Held, store: Store, source: Source, data: str, out: Path, labels: Path | None = None) -> Written:
    """Write the predictions held below ``out``, and what gold their data have below ``labels``.

    Each file is read back and compared with the test set: the number of examples, their ids, the words of each sentence.
    ``data`` names the source in faults. Raises SetupError where a folder is not empty or cannot be written, CorruptArtifact
    where the store is damaged.
    """
    for folder in (out, labels):
        if folder is not None:
            _refuse_full(folder)
    written = Written()
    for (name, language), step in held.steps.items():
        task, file = load_task(name), Path(name) / file_name(name, language)
        examples = source.read(task.files, language, SPLIT, task.labels)
        ids = [example.id for example in examples[: step.settings["max_examples"]]]
        predicted = read_predictions(store.open(step.id) / PREDICTIONS, ids)
        path = _write(out / file, answers_text(task.kind, ids, predicted))
        written.files.append(path)
        if len(ids) < len(examples):
            what = f"the study judges the first {len(ids):,} of {len(examples):,} examples alone (max_examples)"
            written.faults.append(Fault("cut-short", path, f"{what}; a submission answers all"))
        else:
            filed = read_file(path, task.kind)
            asked = asked_by_examples(examples, task, Path(data) / name)
            written.faults.extend([*filed.faults, *compare(filed, asked, task.kind)])
        gold = _gold(task, examples)
        if labels is not None and gold is not None:
            written.labels.append(_write(labels / file, gold))
        elif labels is not None:
            written.unlabelled.append((name, language))
    return written


def _gold(task: Task, examples: list[Any]) -> str | None:
    """Return the content of a file of labels; None where the data have no gold."""
    gold = [load_kind(task.kind).gold(example) for example in examples]
    if any(answer is None for answer in gold):
        return None
    return accepted_text(examples) if task.kind == "span" else answers_text(task.kind, [e.id for e in examples], gold)


def _refuse_full(folder: Path) -> None:
    """Raise SetupError for a folder that holds something: what is left of an older submission would be handed in too."""
    try:
        full = next(folder.iterdir(), None)
    except FileNotFoundError:
        return
    except OSError as error:
        raise SetupError(f"{folder} cannot be written to ({error.strerror}); name another folder") from None
    if full:
        raise SetupError(f"the folder {folder} is not empty, it holds {full.name}; name a new one")


def _write(path: Path, content: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, content.encode("utf-8"))
    except OSError as error:
        raise SetupError(f"{path} cannot be written ({error.strerror}); name another folder") from None
    return path

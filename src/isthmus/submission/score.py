"""The figures of a submission: those of XTREME's evaluate.py, and beside those that mislead the ones to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from isthmus.core.lookup import Shelf
from isthmus.evaluation.score import score_predictions
from isthmus.submission.layout import FIGURES, Metric, Version
from isthmus.submission.validate import Checked, Pair
from isthmus.tasks.task import METRICS, load_task

VALUES = Shelf(METRICS.kind, METRICS.packages, "value")

ByLanguage = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Scored:
    """The values (0-100) of one metric on one task: by key and language."""

    metric: Metric
    values: Mapping[str, ByLanguage]

    @property
    def averages(self) -> dict[str, float]:
        """Return the mean over languages of each key."""
        return {key: fmean(by_language.values()) for key, by_language in self.values.items()}

    @property
    def figure(self) -> float:
        """Return the figure of the task: of questions the mean of exact match and F1, else the main key's average."""
        return fmean(self.averages[key] for key in self.metric.main)

    @property
    def by_language(self) -> dict[str, float]:
        """Return the figure of each language."""
        languages = self.values[self.metric.main[0]]
        return {language: fmean(self.values[key][language] for key in self.metric.main) for language in languages}


@dataclass(frozen=True, slots=True)
class TaskScore:
    """The official score of one task and, where that misleads, another; ``missing`` are languages that were not there."""

    official: Scored
    beside: Scored | None
    missing: tuple[str, ...]

    @property
    def truest(self) -> Scored:
        """Return the score to read: the one beside the official where there is one."""
        return self.beside or self.official


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of a submission by task, and why other tasks of the version have none."""

    version: Version
    tasks: Mapping[str, TaskScore]
    absent: Mapping[str, str]

    @property
    def whole(self) -> dict[str, TaskScore]:
        """Return the tasks of which every language is there; only these are averaged."""
        return {task: score for task, score in self.tasks.items() if not score.missing}

    def groups(self, *, truest: bool = False) -> dict[str, float]:
        """Return evaluate.py's averages: ``all_task`` where no task of the version is absent, and each whole group."""
        sets = {"all_task": tuple(self.version.languages), **self.version.groups}
        if self.version.optional:
            del sets["all_task"]  # evaluate.py asks for tasks that it cannot read, and so never gives it
        return {name: self._mean(tasks, truest=truest) for name, tasks in sets.items() if self.whole.keys() >= set(tasks)}

    @property
    def counted(self) -> tuple[str, ...]:
        """Return the tasks that ``average`` counts, each once: those there; none where one is absent that must not be."""
        needed = set(self.version.languages) - set(self.version.optional)
        return tuple(task for task in self.version.languages if task in self.whole) if self.whole.keys() >= needed else ()

    def average(self, *, truest: bool = False) -> float | None:
        """Return the mean over tasks of official figures, or of the truest; None where a task is absent.

        It can do without tasks that have no official file form (LAReQA), as evaluate.py's cannot.
        """
        return self._mean(self.counted, truest=truest) if self.counted else None

    def _mean(self, tasks: Iterable[str], *, truest: bool = False) -> float:
        scores = [self.tasks[task] for task in tasks]
        return fmean((score.truest if truest else score.official).figure for score in scores)

    def document(self) -> dict[str, Any]:
        """Return all scores as evaluate.py writes them, its keys first; what it has not stands under ``isthmus``.

        A task of which languages are missing has no averages, so that none passes for the official one.
        """
        tasks = {task: _official(score) for task, score in self.tasks.items() if task not in self.version.optional}
        beside = {
            task: _written(score.truest, whole=not score.missing)
            for task, score in self.tasks.items()
            if score.beside or task in self.version.optional
        }
        ours = {
            "version": self.version.name,
            "beside": beside,
            "average": {
                "official": self.average(),
                "with_figures_beside": self.average(truest=True),
                "tasks": list(self.counted),
            },
            "missing_languages": {task: list(score.missing) for task, score in self.tasks.items() if score.missing},
            "absent_tasks": dict(self.absent),
        }
        return {**self.groups(), **tasks, "isthmus": ours}


def _official(score: TaskScore) -> dict[str, Any]:
    return _written(score.official, whole=not score.missing)


def _written(scored: Scored, *, whole: bool) -> dict[str, Any]:
    """Return a score in evaluate.py's form: each key by language, its average, and the figure of the task."""
    averages = {f"avg_{key}": value for key, value in scored.averages.items()}
    return {**scored.values, **({**averages, "avg_metric": scored.figure} if whole else {})}


def score_submission(checked: Checked) -> Scores:
    """Return the scores of a submission that has no faults."""
    assert not checked.faults, "a submission with faults has no score"
    tasks = {task: _task_score(task, pairs, checked.missing[task]) for task, pairs in checked.pairs.items() if pairs}
    absent = {**checked.absent, **{task: "no language" for task, pairs in checked.pairs.items() if not pairs}}
    return Scores(checked.version, tasks, absent)


def _task_score(task: str, pairs: Mapping[str, Pair], missing: tuple[str, ...]) -> TaskScore:
    figures = FIGURES[task]
    beside = _scored(figures.beside, task, pairs) if figures.beside else None
    return TaskScore(_scored(figures.official, task, pairs), beside, missing)


def _scored(metric: Metric, task: str, pairs: Mapping[str, Pair]) -> Scored:
    kind = load_task(task).kind
    values: dict[str, dict[str, float]] = {key: {} for key in metric.keys.values()}
    for language, pair in pairs.items():
        found = _values(metric, kind, pair, language)
        for ours, theirs in metric.keys.items():
            values[theirs][language] = found[ours]
    return Scored(metric, values)


def _values(metric: Metric, kind: str, pair: Pair, language: str) -> dict[str, float]:
    values: dict[str, float]
    labels, predictions = pair.labels.answers, pair.predictions.answers
    if kind == "mining":
        # As a set of pairs: a file may pair one sentence twice, which the metric of one prediction a sentence cannot say.
        right, guessed = labels.keys(), predictions.keys()
        values = VALUES.load(metric.name)((len(right & guessed), len(right), len(guessed)))
    else:
        guesses = [predictions[id_] for id_ in labels]
        main = next(iter(metric.keys))
        values = score_predictions([metric.name], main, list(labels.values()), guesses, language=language)["values"]
    return values

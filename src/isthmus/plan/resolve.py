"""From the names in a study to tasks, languages and data; what is impossible is refused here, before anything runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from isthmus.core.errors import DataError, StudyError, UnknownName, nearest
from isthmus.plan.comparing import KEYS, refuse_contradictions
from isthmus.sources.source import Fingerprint, Source
from isthmus.study.faults import faults_of, together
from isthmus.study.spec import Recipe, Stage, Study, Target
from isthmus.tasks.task import RAW, TASKS, Task, load_task

# Kinds a target is trained for; a stage may be of raw text too.
JUDGED = ("classification", "choice", "tagging", "span", "span_or_none", "ranking")
UNTRAINED = ("as-is", "kept")  # heads of a target that are judged as a stage left them
COMPARED = ("retrieval", "mining")  # kinds that compare sentence vectors and train nothing


@dataclass(frozen=True, slots=True)
class Data:
    """One split of one language of one task, by content; what is ``translated`` has the content of its source."""

    task: str
    language: str
    split: str
    print: Fingerprint
    translated: bool = False

    @property
    def settings(self) -> dict[str, Any]:
        """Return what a step's settings say of it."""
        own = {"task": self.task, "language": self.language, "split": self.split, "digest": self.print.digest}
        return {**own, "translated": True} if self.translated else own


@dataclass(frozen=True, slots=True)
class Member:
    """One task that a stage trains on, and its training data in each language."""

    task: Task
    data: tuple[Data, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A target resolved: its task, the task it is trained on (None: none) and how, and the data it is judged on.

    ``learnt`` is the task whose training set rules learn from: that of ``train``, where a carried head is judged as it is
    that of the task's own if it is at hand. ``chooser`` is the data whose score chooses the layer of sentence vectors.
    """

    target: Target
    task: Task
    train: Task | None
    learnt: Task | None
    recipe: Recipe
    data: tuple[Data, ...]
    key: str
    chooser: Data | None = None


@dataclass
class Resolver:
    """Looks names up once and remembers what was found."""

    study: Study
    source: Source
    prints: dict[tuple[str, str, str], Fingerprint] = field(default_factory=dict)

    def task(self, name: str, key: str) -> Task:
        """Return a task; raises StudyError at ``key`` with the nearest names."""
        try:
            return load_task(name)
        except UnknownName as error:
            raise StudyError(str(error), key=key) from None

    def absent(self) -> tuple[str, ...]:
        """Return in words which data are not there yet, and how they are to be had."""
        found: dict[str, set[str]] = {}
        for (task, language, _), print_ in self.prints.items():
            if not print_.there:
                found.setdefault(task, set()).add(language)
        return tuple(
            f"{task} is not there yet ({', '.join(sorted(languages))}); its size is a guess. {load_task(task).files.obtain}"
            for task, languages in found.items()
        )

    def data(self, task: Task, language: str, split: str, key: str) -> Data:
        """Return one split by content; raises StudyError at ``key`` when it is not there."""
        place = (task.name, language, split)
        if place not in self.prints:
            try:
                self.prints[place] = self.source.fingerprint(task.files, language, split)
            except DataError as error:
                what = f"no {split} data of {task.name} in {language!r}: {error}{self._domains(task, split)}"
                raise StudyError(what, key=key) from error
        return Data(task.name, language, split, self.prints[place])

    def _domains(self, task: Task, split: str) -> str:
        """Say of which domains the data hold raw text, where a task is of a domain that they do not hold."""
        plain, _, domain = task.name.partition("/")
        there = self.source.domains(load_task(plain).files, split) if domain else ()
        if not domain or domain in there:
            return ""
        if there:
            return f"; {nearest(task.name, [f'{plain}/{name}' for name in there])}"
        return f"; raw text of a domain lies in a directory (data or local), as {task.files.pattern(split)}"

    def stage(self, stage: Stage, key: str) -> tuple[Member, ...]:
        """Return what an intermediate stage trains on: one task, or those of a mix."""
        found = []
        for i, name in enumerate(stage.tasks):
            at = f"{key}.mix[{i}]" if stage.mix else f"{key}.task"
            task = self.task(name, at)
            self._trainable(task, (*JUDGED, *RAW), at)
            if task.kind in RAW:
                self._raw(stage, task, at)
            found.append(
                Member(task, tuple(self._drawn(stage, task, lang, key) for lang in self._trained_in(stage, task, key)))
            )
        return tuple(found)

    def _drawn(self, stage: Stage, task: Task, language: str, key: str) -> Data:
        """Return one language of a stage's task: data in that language, or what is translated into it, by its source."""
        if stage.via is None or task.kind in RAW or language == self.study.source:
            return self.data(task, language, stage.split, key)
        return replace(self.data(task, self.study.source, stage.split, key), language=language, translated=True)

    def _trained_in(self, stage: Stage, task: Task, key: str) -> Sequence[str]:
        languages = stage.languages_of(task.name)
        if languages == "all":
            languages = self.source.languages(task.files, stage.split)
            if not languages:
                what = f"the data hold no {stage.split} split of {task.name} in any language"
                raise StudyError(f"{what}{self._domains(task, stage.split)}", key=key)
        if task.kind != "tlm":
            return languages or (self.study.source,)
        if not set(languages) - {self.study.source}:
            asked = f"{{{task.name}: all}}" if stage.mix else "all"
            what = f"{task.name} pairs text in {self.study.source!r} with that in other languages; languages: {asked}, say"
            raise StudyError(what, key=f"{key}.languages")
        return sorted({*languages, self.study.source})

    def _raw(self, stage: Stage, task: Task, key: str) -> None:
        if self.study.recipe_for(stage.task, stage.recipe).early_stopping is not None:
            hint = f"overrides: {{{task.name}: {{early_stopping: null}}}} does without"
            raise StudyError(f"masked language modelling has no development score to stop early by; {hint}", key=key)

    def dev(self, task: Task, recipe: Recipe, key: str) -> Data | None:
        """Return the source-language development data that early stopping needs; None when the recipe has none."""
        if recipe.early_stopping is None:
            return None
        try:
            return self.data(task, self.study.source, "dev", key)
        except StudyError as error:
            hint = f"early stopping needs it; overrides: {{{task.name}: {{early_stopping: null}}}} does without"
            raise StudyError(f"{error.what}; {hint}", key=key) from error

    def tuning(self, task: Task, data: Data, key: str) -> Data | None:
        """Return the development data on which a threshold is tuned; None where the kind has none, or is judged on them.

        Mining tunes it in each language, 'no answer' once, in the source language of the task that is trained on.
        """
        if task.kind == "mining":
            return self.data(task, data.language, "dev", key)
        if task.kind == "span_or_none" and data.split != "dev":
            return self.data(self.task(task.train_on or task.name, key), self.study.source, "dev", key)
        return None

    def target(self, target: Target, key: str) -> Judged:
        """Return a target with the data it is judged on, in every language asked for that exists."""
        task = self.task(target.task, f"{key}.task")
        if task.kind in COMPARED:
            refuse_contradictions(target, task, key)
            recipe, data = self._recipe(task, target, key), self._languages(target, task, key)
            return Judged(target, task, None, None, recipe, data, key, self._chooser(target, task, f"{key}.chosen_on"))
        for name in KEYS:
            if getattr(target, name) is not None:
                raise StudyError(f"{name} is for {' and '.join(COMPARED)}; {task.name} is {task.kind}", key=f"{key}.{name}")
        self._trainable(task, JUDGED, f"{key}.task")
        train = self.task(target.train or task.train_on or task.name, f"{key}.train")
        if train.kind != task.kind or set(train.labels) != set(task.labels):
            what = (
                f"{task.name} ({task.kind}) cannot be trained on {train.name} ({train.kind}): another kind or other labels"
            )
            raise StudyError(what, key=f"{key}.train")
        recipe, data = self._recipe(train, target, key), self._languages(target, task, key)
        if target.head not in UNTRAINED:
            return Judged(target, task, train, train, recipe, data, key)
        for name in ("train", "train_examples"):
            if getattr(target, name) is not None:
                raise StudyError(f"head: {target.head} judges a head of a stage and trains nothing", key=f"{key}.{name}")
        learnt = train if self.study.source in self.source.languages(train.files, "train") else None
        return Judged(target, task, None, learnt, recipe, data, key)

    def _recipe(self, task: Task, target: Target, key: str) -> Recipe:
        try:
            return self.study.recipe_for(task.name, target.recipe)
        except ValidationError as error:
            raise together(faults_of(error, f"{key}.recipe")) from None

    def _chooser(self, target: Target, task: Task, key: str) -> Data | None:
        """Return the data of the language that chooses a layer, None where none does."""
        if target.chosen_on is None:
            return None
        there = {split: self.source.languages(task.files, split) for split in target.splits}
        for split, languages in there.items():
            if target.chosen_on in languages:
                return self.data(task, target.chosen_on, split, key)
        known = {language for languages in there.values() for language in languages}
        what = f"no {' or '.join(target.splits)} data of {task.name} in {target.chosen_on!r}"
        raise StudyError(f"{what}; {nearest(target.chosen_on, known)}", key=key)

    def _trainable(self, task: Task, kinds: Sequence[str], key: str) -> None:
        if task.kind not in kinds:
            known = [name for name in TASKS.names() if load_task(name).kind in kinds]
            raise StudyError(f"nothing can be trained on {task.name} ({task.kind}); {nearest(task.name, known)}", key=key)

    def _languages(self, target: Target, task: Task, key: str) -> tuple[Data, ...]:
        there = {split: self.source.languages(task.files, split) for split in target.splits}
        found = sorted({language for languages in there.values() for language in languages})
        wanted = found if self.study.languages == "all" else [lang for lang in self.study.languages if lang in found]
        if not wanted:
            what = f"the data hold no {' or '.join(target.splits)} split of {task.name} in any language asked for"
            try:
                self.source.fingerprint(task.files, (found or task.languages)[0], target.splits[0])
            except DataError as error:  # which says where it was looked for, and how to get it
                what = f"{what}: {error}"
            raise StudyError(what, key=key)
        split_of = {lang: next(split for split in target.splits if lang in there[split]) for lang in wanted}
        return tuple(self.data(task, lang, split_of[lang], key) for lang in wanted)


def refuse_leaks(trained: Sequence[tuple[str, Data]], judged: Sequence[Judged]) -> None:
    """Raise StudyError when data that something is trained or selected on are data that a target is judged on, by content.

    ``trained``: (key in the study, data).
    """
    tests = {data.print.digest: data for target in judged for data in target.data}
    for key, data in trained:
        if data.print.digest in tests:
            other = tests[data.print.digest]
            what = f"{data.task} {data.language} {data.split} is what the target {other.task} is judged on"
            raise StudyError(
                f"{what} ({other.language} {other.split}); training or selecting on it would leak the answers", key=key
            )

"""A folder of predictions beside a folder of labels: every fault of it at once, each with its file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from isthmus.core.errors import UnknownName, nearest
from isthmus.core.files import listing
from isthmus.submission.asked import asked_by_labels, compare
from isthmus.submission.files import Fault, Filed, read_file
from isthmus.submission.layout import VERSIONS, Version, file_name
from isthmus.tasks.task import load_task


@dataclass(frozen=True, slots=True)
class Pair:
    """What was predicted for one task and language, and its labels."""

    predictions: Filed
    labels: Filed


@dataclass(frozen=True, slots=True)
class Checked:
    """A submission that was looked through; it can be scored when it has no faults.

    ``pairs`` are by task and language, ``missing`` the languages of those tasks that are not there (allowed in a partial
    submission), ``absent`` the other tasks of the version and why they cannot be scored, ``notes`` what was passed over.
    """

    version: Version
    pairs: Mapping[str, Mapping[str, Pair]]
    missing: Mapping[str, tuple[str, ...]]
    absent: Mapping[str, str]
    notes: tuple[str, ...]
    faults: tuple[Fault, ...]


@dataclass
class _Look:
    """A look through two folders in the making."""

    predictions: Path
    labels: Path
    version: Version
    partial: bool
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def strangers(self) -> None:
        """Note folders of predictions that are tasks of another version; those of none are faults."""
        known = {task for version in VERSIONS.values() for task in version.languages}
        folders = [name for name in self._names(self.predictions) if (self.predictions / name).is_dir()]
        passed = [name for name in folders if name in known and name not in self.version.languages]
        if passed:
            self.notes.append(f"{', '.join(passed)}: not in {self.version.name}")
        for name in folders:
            if name not in known:
                what = f"{self.version.name} has no such task; {nearest(name, self.version.languages)}"
                self.faults.append(Fault("unknown-task", self.predictions / name, what))

    def at(self, task: str) -> tuple[dict[str, Pair], tuple[str, ...]]:
        """Return the files of one task by language, and the languages that are missing."""
        wanted = {language: file_name(task, language) for language in self.version.languages[task]}
        predicted, labelled = (self._names(folder / task) for folder in (self.predictions, self.labels))
        lacking = set()
        for folder, names in ((self.predictions, predicted), (self.labels, labelled)):
            gone = [language for language, name in wanted.items() if name not in names]
            lacking.update(gone)
            if gone and not self.partial:
                what = f"{len(gone)} of {len(wanted)} languages are missing: {', '.join(gone)}"
                self.faults.append(Fault("missing-language", folder / task, f"{what}; expected {wanted[gone[0]]} and so on"))
        self._pass_over(task, wanted, predicted)
        pairs = {language: self._pair(task, name) for language, name in wanted.items() if language not in lacking}
        return pairs, tuple(sorted(lacking))

    def _names(self, folder: Path) -> list[str]:
        return [name for name in listing(folder) if not name.startswith(".")]

    def _pass_over(self, task: str, wanted: Mapping[str, str], names: Sequence[str]) -> None:
        """Note files of languages that only another version has; what no version knows is a fault."""
        known = set(wanted.values())
        elsewhere = {
            file_name(task, language) for version in VERSIONS.values() for language in version.languages.get(task, ())
        }
        passed = [name for name in names if name in elsewhere - known]
        if passed:
            self.notes.append(f"{task}: {', '.join(passed)} not in {self.version.name}")
        for name in names:
            if name not in elsewhere:
                what = f"{self.version.name} has no such file of {task}; {nearest(name, known)}"
                self.faults.append(Fault("unknown-file", self.predictions / task / name, what))

    def _pair(self, task: str, name: str) -> Pair:
        kind = load_task(task).kind
        predicted = read_file(self.predictions / task / name, kind)
        labels = read_file(self.labels / task / name, kind, labels=True)
        self.faults += [*predicted.faults, *labels.faults]
        if not labels.faults:
            self.faults += compare(predicted, asked_by_labels(labels, load_task(task)), kind)
        return Pair(predicted, labels)


def check_submission(
    predictions: Path, labels: Path, version: Version, tasks: Collection[str] = (), *, partial: bool = False
) -> Checked:
    """Look through two folders, for the named tasks or for all that are in both; all faults are returned together.

    With ``partial``, languages may be missing. Raises DataError for what is no folder, UnknownName for a task that the
    version does not have.
    """
    for task in tasks:
        if task not in version.languages:
            raise UnknownName(f"task of {version.name}", task, version.languages)
    look = _Look(predictions, labels, version, partial)
    there = {folder: {name for name in listing(folder) if (folder / name).is_dir()} for folder in (predictions, labels)}
    look.strangers()
    pairs: dict[str, dict[str, Pair]] = {}
    missing: dict[str, tuple[str, ...]] = {}
    absent: dict[str, str] = {}
    for task in version.languages:
        lacks = [what for what, folder in (("predictions", predictions), ("labels", labels)) if task not in there[folder]]
        if tasks and task not in tasks:
            absent[task] = "not asked for"
        elif lacks:
            absent[task] = f"no {' and no '.join(lacks)}"
            if tasks:
                look.faults.append(Fault("missing-task", predictions / task, f"{absent[task]} of {task} there"))
        else:
            pairs[task], missing[task] = look.at(task)
    if not any(pairs.values()) and not look.faults:
        what = f"no task of {version.name} has predictions here and labels in {labels}"
        look.faults.append(Fault("nothing", predictions, f"{what}; expected folders {', '.join(version.languages)}"))
    return Checked(version, pairs, missing, absent, tuple(look.notes), tuple(look.faults))

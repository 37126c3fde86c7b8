"""What lies in a data directory: every file with the tasks that read it, its examples, stripped labels and faults."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from isthmus.core.errors import DataError
from isthmus.sources.directory import Directory
from isthmus.sources.example import Line
from isthmus.sources.format import load_format
from isthmus.survey.answers import count_answers
from isthmus.survey.found import ANSWERS, FORMS, OTHER, PART, Found, Survey, Use, with_what_is_read
from isthmus.survey.place import Match, Place, matches, places, suggestion
from isthmus.survey.recognise import Guess, Recogniser
from isthmus.survey.through import Fault, Reading, read_through
from isthmus.survey.walk import Met, walk
from isthmus.tasks.task import KINDS, RAW, TASKS, Task, labels_of, load_kind, load_task

BARE = ("pairs", "tags")  # formats of which a submission has a file of the same name with the answers alone

Tick = Callable[[int, int, str], None]


def survey(root: Path, tasks: Iterable[str] | None = None, tick: Tick | None = None) -> Survey:
    """Read everything below a directory and return what there is of tasks, by default of all, and of other data.

    Where tasks are named, only their files are read. ``tick(done, of, path)`` is told of each file. Faults of files are in
    the survey; raises DataError for what is no directory or holds no data, and UnknownName for a task.
    """
    chosen = tuple(load_task(name) for name in (TASKS.names() if tasks is None else tasks))
    if not root.is_dir():
        raise DataError(root, "not a directory" if root.exists() else "no such directory")
    chosen += _domains(root, chosen)
    surveyor = _Surveyor(root, places(chosen), narrowed=tasks is not None)
    met = list(walk(root))
    for number, one in enumerate(met):
        if tick:
            tick(number, len(met), surveyor.name(one.path))
        surveyor.take(one)
    files = surveyor.settled()
    if all(found.form == OTHER and not found.faults for found in files):
        raise DataError(root, _nothing(chosen, narrowed=tasks is not None))
    return Survey(root, chosen, files)


def _domains(root: Path, tasks: Sequence[Task]) -> tuple[Task, ...]:
    """Return the domains of raw text below a directory, as tasks."""
    there = Directory(root)
    raw = [task for task in tasks if task.kind in RAW and "/" not in task.name]
    return tuple(load_task(f"{task.name}/{domain}") for task in raw for domain in there.domains(task.files, "train"))


def _nothing(tasks: Sequence[Task], *, narrowed: bool) -> str:
    if narrowed:
        patterns = ", ".join(dict.fromkeys(place.pattern for place in places(tasks)))
        return f"no file of {', '.join(task.name for task in tasks)} below this directory; expected {patterns}"
    return "no file below this directory is data that is known here; `isthmus list tasks` names the tasks"


class _Surveyor:
    """Takes one file after another; parts of example files are told as such in the end."""

    def __init__(self, root: Path, known: tuple[Place, ...], *, narrowed: bool) -> None:
        self.root, self.known, self.narrowed = root, known, narrowed
        self.folder = root.resolve().name or "root"  # a task's own folder, given as the root, counts in patterns
        self.recogniser = Recogniser()
        self.files: list[Found] = []
        self.parts: dict[str, str] = {}

    def name(self, path: Path) -> str:
        """Return a path as seen from the root."""
        return path.relative_to(self.root).as_posix()

    def take(self, met: Met) -> None:
        """Read a file, or note why not."""
        path = self.name(met.path)
        if met.wrong:
            faults = (Fault(met.path, None, met.wrong),) if met.fault else ()
            self.files.append(Found(path=path, form=OTHER, note=met.wrong, faults=faults))
        elif found := matches(f"{self.folder}/{path}", self.known):
            if met.folder:
                fault = Fault(met.path, None, f"a folder, expected a file of {found[0].place.task.name}")
                self.files.append(Found(path=path, form=OTHER, faults=(fault,)))
            else:
                self._placed(met.path, found)
        elif not met.folder and not self.narrowed:
            self._unplaced(met.path)

    def settled(self) -> tuple[Found, ...]:
        """Return what was found, the parts of other files among it."""
        own = {found.path for found in self.files if found.uses}  # LAReQA reads each file, and the others beside it
        kept = [found for found in self.files if found.path in own or found.path not in self.parts]
        kept += [Found(path=path, form=PART, note=f"part of {of}") for path, of in self.parts.items() if path not in own]
        return tuple(sorted(with_what_is_read(kept), key=lambda found: (found.path, found.language)))

    def _placed(self, path: Path, found: Sequence[Match]) -> None:
        if found[0].place.files.format in BARE and (answers := _answers(path)) is not None:
            self.files.append(Found(path=self.name(path), form=ANSWERS, examples=answers))
            return
        ways: dict[tuple[str, frozenset[str], str], list[Match]] = {}
        for match in found:
            for language in match.languages:
                key = (match.place.files.format, frozenset(match.place.task.labels), language)
                ways.setdefault(key, []).append(match)
        readings = {key: read_through(key[0], path, own[0].place.task.labels, key[2]) for key, own in ways.items()}
        for key, reading in _there(readings).items():
            if reading.together:
                reading = replace(reading, examples=(), faults=(reading.together,))
            self._add(path, reading, key[0], key[2], ways[key])

    def _add(self, path: Path, reading: Reading, format_: str, language: str, found: Sequence[Match]) -> None:
        task = found[0].place.task
        one = Found(
            path=self.name(path),
            form=FORMS.get(load_kind(task.kind).example, task.kind),
            format=format_,
            language=language,
            uses=tuple(map(_use, found)),
        )
        self.files.append(_counted(one, reading, task.kind))
        self._note_parts(path, format_)

    def _note_parts(self, path: Path, format_: str) -> None:
        try:
            parts = load_format(format_).parts(path)
        except DataError:
            return  # which the reading has told
        self.parts |= {self.name(part): self.name(path) for part in parts if part != path}

    def _unplaced(self, path: Path) -> None:
        name = self.name(path)
        try:
            guess = self.recogniser.guess(path)
        except DataError as error:
            fault = Fault(error.path, error.line, error.what)
            self.files.append(Found(path=name, form=OTHER, note="cannot be read", faults=(fault,)))
            return
        if guess.answers is not None:
            self.files.append(Found(path=name, form=ANSWERS, examples=guess.answers))
        elif guess.part_of:
            self.parts[name] = self.name(guess.part_of)
        elif not guess.format:
            self.files.append(Found(path=name, form=OTHER))
        else:
            self._recognised(path, guess)

    def _recognised(self, path: Path, guess: Guess) -> None:
        reading = read_through(guess.format, path, files=guess.files)
        form, kind = _form(reading)
        labels = labels_of(load_kind(kind), reading.examples) if kind else ()
        where, language = suggestion(self.name(path), guess.format, self.known, labels)
        doubt = str(replace(reading.together, path=Path(self.name(path)))) if reading.together else ""
        found = Found(
            path=self.name(path),
            form=form,
            format=guess.format,
            language=guess.language or language or self._language(path, form),
            note=where,
            doubt=doubt,
        )
        self.files.append(_counted(found, reading, kind))
        if not guess.files:
            self._note_parts(path, guess.format)

    def _language(self, path: Path, form: str) -> str:
        """Return the language that a file's name tells, empty for none."""
        stem = path.name.removesuffix(".gz").rpartition(".")[0]
        official = {language for place in self.known for language in place.task.languages}
        words = re.split("[._-]", stem)
        return stem if form == FORMS[Line] else next((word for word in words if word in official), "")


def _there(readings: dict[tuple[str, frozenset[str], str], Reading]) -> dict[tuple[str, frozenset[str], str], Reading]:
    """Return readings without those of languages that a file of several languages does not hold.

    Such a language is a fault without a line; where no language reads, one of them tells what is wrong with the file.
    """
    sound = {key for key, reading in readings.items() if reading.examples or any(fault.line for fault in reading.faults)}
    kept = sound or set(list(readings)[:1])
    return {key: reading for key, reading in readings.items() if key in kept or not load_format(key[0]).by_language}


def _answers(path: Path) -> int | None:
    try:
        return count_answers(path)
    except DataError:
        return None  # which the format will tell


def _use(match: Match) -> Use:
    place = match.place
    return Use(place.task.name, place.split, match.data, place.pattern, place.part, (place.order, match.folder))


def _counted(found: Found, reading: Reading, kind: str) -> Found:
    """Return a file with the numbers of what was read; ``kind`` says what has no gold, empty for what is of no kind."""
    stripped = 0
    if kind and load_kind(kind).example is not Line:
        gold = load_kind(kind).gold
        stripped = sum(gold(example) is None for example in reading.examples)
    faults = tuple(sorted(reading.faults, key=lambda fault: (fault.path, fault.line or 0)))
    return replace(found, examples=len(reading.examples), stripped=stripped, faults=faults, more=reading.more)


def _form(reading: Reading) -> tuple[str, str]:
    """Return in words what was read, and a kind of task that reads it."""
    if not reading.examples:
        return "faulty", ""
    record = type(reading.examples[0])
    kinds = [name for name in KINDS.names() if load_kind(name).example is record]
    return FORMS.get(record, record.__name__), kinds[0] if kinds else ""

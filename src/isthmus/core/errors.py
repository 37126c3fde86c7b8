"""Every error isthmus raises on purpose.

IsthmusError
├── UserError               the user can mend it: says where, what was found, what was expected
│   ├── StudyError          a study file: file, line, key, nearest valid choice
│   ├── DataError           a data file: ``file:line: what``
│   ├── UnknownName         a task, metric, recipe ... that does not exist, with the nearest ones
│   └── SetupError          the machine or the command line: missing extra, read-only folder, bad option
├── StoreError              the store on disk is not what it must be
│   ├── CorruptArtifact     a file of an artifact is missing, truncated, changed or foreign
│   └── LeaseLost           another process took over the step this one was working on
├── TrainingCollapse        training diverged or fell to the majority class
└── Stopped                 a stop was asked for; the step is resumable from its checkpoint

Broken invariants of our own are assertions, never one of these.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

LONGEST = 600  # characters


class IsthmusError(Exception):
    """Root of the tree; the command line prints it without a traceback."""


class UserError(IsthmusError):
    """Something the user wrote, gave or set up cannot be used as it is."""


class StudyError(UserError):
    """A study is wrong at one key of one file.

    The message reads ``file:line: key: what`` and ends with the nearest valid choice where there is one.
    """

    def __init__(self, what: str, *, file: str | Path | None = None, line: int | None = None, key: str = "") -> None:
        place = "".join([f"{file}" if file else "", f":{line}" if line else "", ": " if file else ""])
        # A quoted YAML key may hold a line end: a fault stays one line.
        shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in key)
        super().__init__(f"{place}{shown + ': ' if shown else ''}{what}")
        self.what, self.file, self.line, self.key = what, file, line, key


class DataError(UserError):
    """A data file is wrong at one line; the message reads ``file:line: what``, a very long ``what`` cut in the middle."""

    def __init__(self, path: str | Path, what: str, line: int | None = None) -> None:
        if len(what) > LONGEST:  # it cites a row that may be as long as the file
            what = f"{what[: LONGEST // 2]} [...] {what[-LONGEST // 2 :]}"
        super().__init__(f"{path}{f':{line}' if line else ''}: {what}")
        self.path, self.line, self.what = Path(path), line, what


class UnknownName(UserError):
    """A name is not among the known ones; the message gives the nearest."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(sorted(known))
        super().__init__(f"unknown {kind} {name!r}; {nearest(name, self.known)}")


class SetupError(UserError):
    """The machine, the installation or the command line does not allow what was asked."""


class StoreError(IsthmusError):
    """The store cannot be used."""


class CorruptArtifact(StoreError):
    """An artifact's content is not what its manifest says; the message names the artifact and the file."""


class LeaseLost(StoreError):
    """Another process holds the lease of the step this process was computing."""


class TrainingCollapse(IsthmusError):
    """Training collapsed: the loss is not finite, or a whole epoch predicted only the majority class."""


class Stopped(IsthmusError):
    """A stop was asked for; what was done so far is kept in the step's scratch folder."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which known names are nearest to a wrong one, or list them all when none is near."""
    known = sorted(known)
    close = get_close_matches(name, known, n=3, cutoff=0.55)
    if close:
        return "did you mean " + " or ".join(repr(c) for c in close) + "?"
    return "known: " + (", ".join(known) if known else "none")

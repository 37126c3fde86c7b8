"""Fail in the way the settings say."""

import errno

from actions_for_tests.journal import note

from isthmus.core.errors import DataError

ERRORS = {
    "data": DataError("train.tsv", "unknown label 'X'", 7),
    "bug": ValueError("two\nlines"),
    "memory": MemoryError(),
    "disk": OSError(errno.ENOSPC, "No space left on device"),
}


def run(context):
    note(context)
    raise ERRORS[context.step.settings["how"]]

"""What a fault of the disk means in words, so that a full or read-only disk is one clear sentence and not a traceback."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from isthmus.core.errors import StoreError

FULL = (errno.ENOSPC, errno.EDQUOT)
READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)
NO_FOLDER = (errno.EEXIST, errno.ENOTDIR)


def reason(error: OSError) -> str:
    """Say what the operating system meant."""
    for codes, words in ((FULL, "the disk is full"), (READ_ONLY, "it is read-only"), (NO_FOLDER, "a file is in the way")):
        if error.errno in codes:
            return f"{words} ({error.strerror})"
    return str(error)


@contextmanager
def disk_faults(what: str) -> Iterator[None]:
    """Turn every OSError of a block that writes into a StoreError that says what ``what`` suffered and what is safe."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{what}: {reason(error)}; nothing was lost: finished artifacts are untouched and checkpoints are kept. "
            "Mend the disk and give the same command again"
        ) from error

"""The first lines of a file, without the rest of it."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from isthmus.core.errors import DataError

BYTES = 64 * 1024
LINES = 200


def first_lines(path: Path) -> list[str]:
    """Return the first lines of a file, plain or ``.gz``, none of them cut; what is no UTF-8 is replaced.

    Raises DataError when it is unreadable, empty, or a damaged gzip.
    """
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            content = stream.read(BYTES)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(path, f"damaged or truncated gzip ({error})") from None
    except OSError as error:
        raise DataError(path, f"cannot be read ({error.strerror})") from None
    if not content:
        raise DataError(path, "the file is empty")
    text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.removesuffix("\n").split("\n")
    return lines[: max(1, min(LINES, len(lines) - (len(content) == BYTES)))]

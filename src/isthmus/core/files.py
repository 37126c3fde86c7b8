"""Reading text a user gave us (plain or gzip, with every fault named by file and line) and writing files atomically."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

from isthmus.core.errors import DataError, nearest


def find(path: Path) -> Path | None:
    """Return ``path`` or ``path`` + ``.gz``, whichever exists (the plain file first), or None."""
    for candidate in (path, path.with_name(path.name + ".gz")):
        if os.path.isfile(candidate):  # noqa: PTH113 (Path.is_file raises below a folder that may not be entered)
            return candidate
    return None


def existing(path: Path) -> Path:
    """Return what ``find`` finds; raises DataError saying where the path breaks off and which names there are near."""
    found = find(path)
    if found is not None:
        return found
    broken = next((part for part in reversed([path, *path.parents]) if not os.path.exists(part)), path)  # noqa: PTH110
    names = {name.removesuffix(".gz") for name in listing(broken.parent)}
    if broken.name in names:
        raise DataError(broken, "not a file that can be read")
    what = f"no such file, plain or .gz; {broken.parent} holds no {broken.name!r}, {nearest(broken.name, names)}"
    raise DataError(path, what)


def listing(folder: Path) -> list[str]:
    """Return the names in a directory, sorted; raises DataError for what is none or cannot be read."""
    try:
        return sorted(entry.name for entry in folder.iterdir())
    except OSError as error:
        raise DataError(folder, f"cannot be listed as a directory ({error.strerror})") from None


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes, unzipped when its name ends in ``.gz``.

    Raises DataError when the file is missing, unreadable, empty, or a damaged or truncated gzip.
    """
    try:
        raw = path.read_bytes()
        content = gzip.decompress(raw) if path.suffix == ".gz" else raw
    except FileNotFoundError:
        raise DataError(path, "no such file") from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(path, f"damaged or truncated gzip ({error})") from None
    except OSError as error:
        raise DataError(path, f"cannot be read ({error.strerror})") from None
    if not content:
        raise DataError(path, "the file is empty")
    return content


def read_text(path: Path) -> str:
    """Return a file's text: UTF-8, a leading byte-order mark dropped, every line end made ``\\n``.

    Raises DataError as ``read_bytes``, for a file of blank lines only, and, naming the line, for bytes that are not UTF-8
    and for NUL bytes.
    """
    content = read_bytes(path)
    if b"\0" in content:
        line = _line_at(content, content.index(b"\0"))
        raise DataError(path, "NUL byte: a binary file or UTF-16, not UTF-8 text", line)
    try:
        text = content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = _line_at(content, error.start)
        raise DataError(path, f"not UTF-8 (byte 0x{content[error.start]:02x})", line) from None
    if not text.strip():
        raise DataError(path, "the file holds nothing but blank lines")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _line_at(content: bytes, index: int) -> int:
    head = content[:index]
    return head.count(b"\n") + head.count(b"\r") - head.count(b"\r\n") + 1


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line number from 1, line without its end); only ``\\n`` ends a line, never U+2028 and the like.

    One line is in memory at a time. Raises DataError as ``read_text`` does, when the lines before the fault were yielded.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    blank: list[tuple[int, str]] | None = []  # the lines that the file begins with, until one says something
    try:
        with opened(path, "rt", encoding="utf-8-sig") as stream:
            for number, line in enumerate(stream, 1):
                if "\0" in line:
                    break
                if blank is not None:
                    blank.append((number, line.removesuffix("\n")))
                    if line.strip():
                        yield from blank
                        blank = None
                else:
                    yield number, line.removesuffix("\n")
            else:
                if blank is None:
                    return
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        pass
    read_text(path)  # which says what is wrong, and where
    raise DataError(path, "the file changed while it was read")


def write_atomic(path: Path, content: bytes) -> None:
    """Write a file so that a crash leaves the old content or the new, never a mixture."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with temporary.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)

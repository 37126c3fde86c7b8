"""What was found out about a file, remembered from one command to the next, so that only what has changed is read again.

As make and git have it, a file with the size and the times that it had when it was last read is taken to be the same.
Forgetting is always safe: without a memory open, or with one that cannot be read or written, every file is read.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from isthmus.core.files import write_atomic

FORMAT = 1  # raised when what is remembered changes its meaning
SETTLED = 2.0  # seconds since a file changed, before which it might change again without a later time


@dataclass
class Memory:
    """``facts``: "what path" -> (size and times of the file, what was found out); ``new`` says that some are not saved."""

    facts: dict[str, tuple[list[int], Any]] = field(default_factory=dict)
    new: bool = False


_memory: ContextVar[Memory | None] = ContextVar("memory", default=None)


def cache_folder() -> Path:
    """Return where this user keeps what can be had again: ``isthmus`` in ``$XDG_CACHE_HOME`` or ``~/.cache``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "isthmus"


@contextmanager
def remembering(file: Path) -> Iterator[None]:
    """Let ``remembered`` use the facts in a JSON file within this block, and save the new ones after it."""
    memory = _load(file)
    token = _memory.set(memory)
    try:
        yield
    finally:
        _memory.reset(token)
        if memory.new:
            with suppress(OSError):
                file.parent.mkdir(parents=True, exist_ok=True)
                write_atomic(file, json.dumps({"format": FORMAT, "facts": memory.facts}).encode())


def remembered(what: str, path: Path, find_out: Callable[[Path], Any]) -> Any:
    """Return ``find_out(path)``, plain JSON, or what it returned when the unchanged file was last asked for ``what``."""
    memory = _memory.get()
    if memory is None:
        return find_out(path)
    key = f"{what} {os.path.abspath(path)}"  # noqa: PTH100 - no link may be resolved: it could lead elsewhere tomorrow
    try:
        before = _state(path)
    except OSError:
        return find_out(path)  # which says better what is wrong
    known = memory.facts.get(key)
    if known is not None and known[0] == before:
        return known[1]
    fact = find_out(path)
    if before == _state(path) and time.time() - max(before[1:]) / 1e9 > SETTLED:
        memory.facts[key], memory.new = (before, fact), True
    return fact


def _state(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns]


def _load(file: Path) -> Memory:
    try:
        saved = json.loads(file.read_bytes())
        if saved["format"] == FORMAT:
            return Memory({key: (list(state), fact) for key, (state, fact) in saved["facts"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return Memory()

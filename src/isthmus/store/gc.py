"""Garbage collection: which steps' artifacts, scratch folders and logs nobody wants, and their removal."""

from __future__ import annotations

import time
from collections.abc import Iterable, Set
from typing import NamedTuple

from isthmus.core.errors import CorruptArtifact
from isthmus.store.lease import acquire, held
from isthmus.store.store import Store

DAY = 86400.0  # seconds


class Removal(NamedTuple):
    """A step of which everything goes; ``name`` is empty without a readable artifact, ``size`` in bytes."""

    id: str
    name: str
    size: int


def plan_removal(store: Store, keep: Set[str], older_than_days: float | None = None) -> list[Removal]:
    """Return the steps that are not in ``keep``, not being worked on and, when asked, untouched for so many days."""
    newest = time.time() - (older_than_days or 0.0) * DAY
    found = []
    for id in sorted(store.known() - keep):
        if held(store.root, id) is not None:
            continue
        files = store.files(id)
        if older_than_days is None or all(file.st_mtime <= newest for file in files):
            found.append(Removal(id, _name(store, id), sum(file.st_size for file in files)))
    return found


def remove(store: Store, removals: Iterable[Removal]) -> list[Removal]:
    """Remove what was planned and return what was removed: a step that someone took up meanwhile stays."""
    removed = []
    for removal in removals:
        lease = acquire(store.root, removal.id)
        if lease is None:
            continue
        with lease:
            store.forget(removal.id)
        removed.append(removal)
    return removed


def _name(store: Store, id: str) -> str:
    try:
        return store.manifest(id).name
    except CorruptArtifact:
        return ""

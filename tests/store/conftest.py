"""A prepared store and a short way to put an artifact into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from isthmus.core.hashing import digest
from isthmus.store.store import Store

Put = Callable[..., str]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store")
    store.prepare()
    return store


@pytest.fixture
def put(store: Store) -> Put:
    def commit(payload: Mapping[str, Any], name: str = "a step", **files: bytes) -> str:
        id = digest(payload)
        scratch = store.begin(id)
        for path, content in (files or {"file": b"content"}).items():
            (scratch.output / path).write_bytes(content)
        store.commit(id, scratch, payload, name, {"host": "here"})
        return id

    return commit

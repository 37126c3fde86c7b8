"""A data directory of a few small files."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def lay(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """A function that writes {path: content} below a directory, zipped where the path says so, and returns it."""

    def lay(files: Mapping[str, str | bytes]) -> Path:
        root = tmp_path / "data"
        for path, content in files.items():
            raw = content if isinstance(content, bytes) else content.encode()
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(gzip.compress(raw) if path.endswith(".gz") and isinstance(content, str) else raw)
        return root

    return lay


@pytest.fixture
def squad() -> Callable[..., str]:
    """A function that writes questions as SQuAD has them: a paragraph each, whose context is the answer and a full stop."""

    def squad(*answers: str, **changed: Any) -> str:
        paragraphs = []
        for number, answer in enumerate(answers):
            given = {"text": answer, "answer_start": 0}
            qas = [{"id": f"q{number}", "question": "What is it?", "answers": [given], **changed}]
            paragraphs.append({"context": f"{answer}.", "qas": qas})
        return json.dumps({"version": "1.1", "data": [{"title": "One", "paragraphs": paragraphs}]}, indent=1)

    return squad

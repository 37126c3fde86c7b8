"""A small valid study, and a place to write studies to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

STUDY = """\
study: small
question: Does it help?
model: {name: some/model, revision: abc}
data: data
seeds: [1, 2]
arms:
  none: []
  mnli: [mnli]
  two: [panx, {task: mnli, languages: [en, de], split: dev}]
targets:
  - udpos
  - {task: xquad, train: squad, splits: [test, dev]}
source: en
languages: [en, de, no]
recipe:
  learning_rate: 1e-5
  epochs: 2
  batch_tokens: 2048
overrides:
  squad: {learning_rate: 1, steps: 100}
groups:
  seen: [de]
  unseen: [no]
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a file, by default the small study with pieces of its text replaced."""
    (tmp_path / "data").mkdir()

    def write(*changes: tuple[str, str], text: str | bytes = STUDY, name: str = "study.yaml") -> Path:
        for old, new in changes:
            assert isinstance(text, str)
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write

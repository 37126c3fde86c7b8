"""Makes the plans and actions of these tests importable, here and in the workers, which take over sys.path."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from isthmus.plan.step import VERSIONS

sys.path.insert(0, str(Path(__file__).parent))

from plans_for_tests import KINDS


@pytest.fixture(autouse=True)
def kinds_for_tests(monkeypatch):
    for kind in KINDS:
        monkeypatch.setitem(VERSIONS, kind, 1)

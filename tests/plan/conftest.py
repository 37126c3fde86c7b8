"""Makes the sketches of these tests and the small world importable, and writes the world once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[1] / "end_to_end")]

from small_world import write_world


@pytest.fixture(scope="session")
def world(tmp_path_factory) -> Path:
    return write_world(tmp_path_factory.mktemp("world") / "data", 8)

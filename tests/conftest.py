"""Fixtures of all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Continuous integration tries the same examples each time; everywhere else new ones are drawn.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The directory of real data in the official layout that ISTHMUS_DATA names; the test is skipped without it."""
    given = os.environ.get("ISTHMUS_DATA")
    if not given:
        pytest.skip("ISTHMUS_DATA does not name a directory of data in the official XTREME layout")
    return Path(given)

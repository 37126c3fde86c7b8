"""Makes the small world importable, and runs its study once for all who only look at the result."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from runs import end, set_up


@pytest.fixture(scope="session")
def bench(tmp_path_factory):
    return set_up(tmp_path_factory.mktemp("bench"), seeds=[1])


@pytest.fixture(scope="session")
def finished(bench):
    """What the only run on the bench's store ``finished`` printed; who changes that store puts it right again."""
    return end(bench.start("finished"))

"""Makes the tiny networks importable and their fixtures known."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from isthmus.world.source import ENCODERS

sys.path.insert(0, str(Path(__file__).parent))

from tiny_networks import (  # noqa: F401
    encoders,
    one_thread,
    pieces,
    pieces_folder,
    still_encoder,
    wordpiece_folder,
    wordpieces,
)


@pytest.fixture(scope="session")
def world_graph(tmp_path_factory):
    """(folder, exported): the smallest shipped encoder under a head for classification, and its graph."""
    from made_models import change, trained

    root = tmp_path_factory.mktemp("world")
    source = trained(ENCODERS["world-small"], root / "full")
    return source, change("onnx", source, root / "onnx")

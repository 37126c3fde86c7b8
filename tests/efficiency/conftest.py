"""Makes the tiny networks and the pretended servers of these tests importable, and trained ones known."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "models")]

from tiny_networks import encoders, one_thread, pieces_folder, still_encoder, wordpiece_folder  # noqa: E402, F401

from isthmus.models.family import load_family  # noqa: E402
from isthmus.models.trained import new_task_model, save_task_model  # noqa: E402

LABELS = {"classification": ["a", "b"], "tagging": ["A", "B"], "span": [], "choice": []}


@pytest.fixture(scope="session")
def trained(tmp_path_factory, still_encoder):  # noqa: F811
    """{kind: folder of a model with a head for it}, of random weights."""
    root = tmp_path_factory.mktemp("trained")
    for kind, labels in LABELS.items():
        model = new_task_model(load_family("encoder"), still_encoder, kind, labels, 1)
        save_task_model(model, root / kind, kind, labels)
    return {kind: root / kind for kind in LABELS}

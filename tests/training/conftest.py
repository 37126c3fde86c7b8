"""Makes the tiny networks and the toy task importable and the fixtures known."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "models"))

from tiny_networks import encoders, one_thread, pieces_folder, still_encoder, wordpiece_folder  # noqa: F401

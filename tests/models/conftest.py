"""Makes the tiny networks importable and their fixtures known."""

from __future__ import annotations

import sys
from pathlib import Path

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

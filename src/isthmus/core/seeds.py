"""Independent random streams: every consumer derives its own from (seed, purpose), so adding one shifts no other."""

from __future__ import annotations

import hashlib
from random import Random


def stream_seed(seed: int, purpose: str) -> int:
    """Return a 63-bit seed for one purpose, the same on every platform."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{purpose}".encode()).digest()[:8], "big") >> 1


def stream(seed: int, purpose: str) -> Random:
    """Return a private random generator for one purpose."""
    return Random(stream_seed(seed, purpose))

"""Canonical bytes and digests: the same meaning gives the same address on every machine, and nothing else is hashed."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CHUNK = 1 << 20


def canonical(value: Any, where: str = "value") -> Any:
    """Return ``value`` as plain JSON types, refusing whatever has no single canonical form.

    Permitted: None, bool, int, finite float, str, list, tuple, and mappings with str keys.
    Raises TypeError naming the place for anything else (callables, sets, NaN, objects with a default repr):
    a permissive fallback would let two meanings share an address, or one meaning have two.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise TypeError(f"{where}: {value!r} cannot be hashed")
        return value
    if isinstance(value, list | tuple):
        return [canonical(item, f"{where}[{i}]") for i, item in enumerate(value)]
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"{where}: key {key!r} is not a string")
        return {key: canonical(value[key], f"{where}.{key}") for key in sorted(value)}
    raise TypeError(f"{where}: {type(value).__name__} cannot be hashed")


def canonical_json(value: Any) -> bytes:
    """Return the canonical JSON of ``value``: sorted keys, no spaces, UTF-8."""
    return _json(canonical(value))


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON of ``value``, in hex."""
    return digest_of_canonical(canonical(value))


def digest_of_canonical(value: Any) -> str:
    """Return ``digest`` of what ``canonical`` returned, without going through it once more."""
    return hashlib.sha256(_json(value)).hexdigest()


def _json(value: Any) -> bytes:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    state = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            state.update(chunk)
    return state.hexdigest()

"""A step: one unit of work with a content address. What is computed is hashed, how it runs is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from isthmus.core.hashing import canonical, digest_of_canonical

# Raised by hand when an action's meaning changes, so that old artifacts are no longer taken for its result.
VERSIONS = {
    "tokenizer": 1,
    "pretrain": 1,
    "model": 1,
    "translate": 1,
    "train": 1,
    "language_model": 1,
    "predict": 2,
    "baseline": 1,
    "score": 2,
    "variant": 1,
    "bench": 1,
}


@dataclass(frozen=True)
class Cost:
    """An estimate made before anything runs: tokens through the network, floating-point operations, bytes kept.

    ``memory`` is what it takes on a GPU, in bytes. ``seconds`` is what it takes at the least, however fast the machine is.
    Where the size of the network is not known there are tokens alone.
    """

    tokens: float = 0.0
    flops: float = 0.0
    disk: float = 0.0
    memory: float = 0.0
    seconds: float = 0.0

    @property
    def sized(self) -> bool:
        """Say whether the operations are known: there are some, or nothing goes through a network."""
        return self.flops > 0 or self.tokens == 0


@dataclass(frozen=True)
class Step:
    """One unit of work.

    Hashed: ``kind``, its version, ``settings`` (plain JSON types only) and ``inputs`` (role -> id of another step).
    Not hashed: ``name`` for people, ``cost``, and ``places`` (where data lie on this machine).
    """

    kind: str
    settings: Mapping[str, Any]
    inputs: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    cost: Cost = Cost()
    places: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def payload(self) -> dict[str, Any]:
        """Return what is hashed, as plain JSON types; it is stored with the artifact."""
        payload: dict[str, Any] = canonical(
            {"kind": self.kind, "version": VERSIONS[self.kind], "settings": self.settings, "inputs": self.inputs}
        )
        return payload

    @cached_property
    def id(self) -> str:
        """Return the content address: SHA-256 of the payload's canonical JSON, in hex."""
        return digest_of_canonical(self.payload)

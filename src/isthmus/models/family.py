"""The idea of a model family: how its networks are loaded and which head serves each kind of task."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from isthmus.core.lookup import Shelf
from isthmus.models.head import Head
from isthmus.models.network import Network

FAMILIES = Shelf("family", ("isthmus.models.families",), "FAMILY")


@dataclass(frozen=True)
class Family:
    """``load(folder)`` gives a Network; ``head(kind)`` gives features, loss and predictions for a kind of task."""

    name: str
    load: Callable[[Path], Network]
    head: Callable[[str], Head]


def load_family(name: str) -> Family:
    """Return a family by name."""
    family: Family = FAMILIES.load(name)
    return family

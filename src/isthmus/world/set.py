"""The idea of a set: how the world renders one official data set; its kinds stand in ``sets``, one a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from isthmus.core.lookup import Shelf
from isthmus.world.grammar import Grammar

SETS = Shelf("set of the world", ("isthmus.world.sets",), "SET")


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be rendered: one split in one language, of a world with a seed and its other ``grammars``."""

    language: str
    split: str
    seed: int
    grammars: Mapping[str, Grammar]

    @property
    def grammar(self) -> Grammar:
        """Return the grammar of the language asked for."""
        return self.grammars[self.language]


@dataclass(frozen=True)
class WorldSet:
    """One data set: ``patterns`` are the paths of its splits, as the task's files name them, ``{language}`` in them.

    ``render(request)`` returns {path below the root: content}, the path of the pattern among them. ``bilingual`` sets pair
    a language with English, so that there is none in English. The files of all languages of a ``pooled`` set are read as one
    folder, and so are rendered together.
    """

    patterns: Mapping[str, str]
    render: Callable[[Request], dict[str, str]]
    bilingual: bool = False
    pooled: bool = False

"""The idea of a translator; its kinds stand in ``kinds``, one a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from isthmus.core.lookup import Shelf
from isthmus.sources.example import Example

TRANSLATORS = Shelf("translator", ("isthmus.translation.kinds",), "TRANSLATOR")
Texts = Callable[[Sequence[str]], list[str]]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be translated, by which translator: ``settings`` are its own, ``source`` and ``target`` languages.

    ``root`` is the directory of the data (None: the hub), ``folders`` where directories lie that the settings have by their
    digests (``path``, ``tokenizer``), ``batch`` how many texts a network takes at once.
    """

    settings: Mapping[str, Any]
    task: str
    split: str
    source: str
    target: str
    root: Path | None = None
    folders: Mapping[str, Path] = field(default_factory=dict)
    batch: int = 16


@dataclass(frozen=True, kw_only=True)
class Translator:
    """One way to translate; exactly one of ``texts`` and ``examples`` is there.

    ``texts(order)`` returns what turns texts into as many texts of the target language, the same every time.
    ``examples(order, examples)`` returns the examples themselves in it, one for each, with the same ids: what knows more
    than texts, and carries every kind of task. Both raise UserError where the order cannot be done.
    """

    name: str
    texts: Callable[[Order], Texts] | None = None
    examples: Callable[[Order, Sequence[Any]], list[Example]] | None = None


def load_translator(name: str) -> Translator:
    """Return a kind of translator by name; raises UnknownName with the nearest names."""
    translator: Translator = TRANSLATORS.load(name)
    return translator

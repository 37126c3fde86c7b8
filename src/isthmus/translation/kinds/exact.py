"""What the world itself says in another language: the same meanings rendered again, so nothing is lost in translation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isthmus.core.errors import DataError
from isthmus.sources.directory import Directory
from isthmus.sources.example import Example
from isthmus.tasks.task import load_kind, load_task
from isthmus.translation.translator import Order, Translator
from isthmus.world.translating import rendering_folder

ALIKE = ("classification", "choice")  # kinds whose answers are no words, so that they are the same in every language


def rendered(order: Order, examples: Sequence[Any]) -> list[Example]:
    """Return the examples of the same ids in the target language; raises DataError where the rendering is another set."""
    assert order.root is not None, "the world lies in a directory"
    source, task = Directory(rendering_folder(order.root, order.target)), load_task(order.task)
    if source.fingerprint(task.files, order.source, order.split).digest != order.settings["rendered"]:
        raise DataError(source.root, "this rendering changed since this run was planned; run again")
    found = list(source.read(task.files, order.source, order.split, task.labels))[: len(examples)]
    gold = load_kind(task.kind).gold

    def known(some: Sequence[Any]) -> list[Any]:
        return [(one.id, gold(one) if task.kind in ALIKE else None) for one in some]

    if known(examples) != known(found):
        what = f"the {order.split} data of {task.name} rendered here are other examples than those in {order.source!r}"
        raise DataError(source.root, what)
    return found


TRANSLATOR = Translator(name="exact", examples=rendered)

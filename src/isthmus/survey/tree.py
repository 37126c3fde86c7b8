"""Faulty questions of a JSON tree as SQuAD has it: data -> paragraphs -> qas; told one by one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from isthmus.core.errors import DataError
from isthmus.core.files import read_text
from isthmus.sources.example import Example

Where = tuple[int, int, int]  # article, paragraph, question
Read = Callable[[Path], Sequence[Example]]


def faulty_questions(
    path: Path, check: Read, read: Read, most: int
) -> tuple[Sequence[Example], list[tuple[int | None, str]]]:
    """Return what ``read`` makes of the sound questions, and (line, what) of each that ``check`` refuses, ``most`` at most.

    Nothing is found in what is no such tree. Where a fault is of no question by itself (an id that stands twice), the
    examples are those of the parts of the tree that can be read.
    """
    try:
        text = read_text(path)
        tree = json.loads(text)
        places = [
            (i, j, k)
            for i, article in enumerate(tree["data"])
            for j, paragraph in enumerate(article["paragraphs"])
            for k, _ in enumerate(paragraph["qas"])
        ]
    except (DataError, ValueError, KeyError, TypeError):
        return (), []
    with TemporaryDirectory() as folder:
        parted = _Parted(tree, text, Path(folder) / path.name.removesuffix(".gz"), check, most)
        examples: Sequence[Example] = parted.read(places)
        if len(parted.faults) < most and parted.faults:
            faulty = {place for place, _ in parted.faults}
            with suppress(DataError):
                examples = read(parted.written([place for place in places if place not in faulty]))
    return examples, [(parted.line(place), _placed(what, place)) for place, what in parted.faults]


class _Parted:
    """A tree of which some questions are read at a time, from a file."""

    def __init__(self, tree: dict[str, Any], text: str, file: Path, check: Read, most: int) -> None:
        self.tree, self.text, self.file, self.check, self.most = tree, text, file, check, most
        self.faults: list[tuple[Where, str]] = []

    def read(self, places: Sequence[Where]) -> list[Example]:
        """Return the examples of some questions; what is faulty by itself is added to the faults."""
        if not places or len(self.faults) >= self.most:
            return []
        try:
            return list(self.check(self.written(places)))
        except DataError as error:
            if len(places) == 1:
                self.faults.append((places[0], error.what))
                return []
        middle = len(places) // 2
        return self.read(places[:middle]) + self.read(places[middle:])

    def written(self, places: Sequence[Where]) -> Path:
        """Write the tree with some of its questions, each in its paragraph, and return the file."""
        questions: dict[tuple[int, int], list[Any]] = {}
        for place in places:
            questions.setdefault(place[:2], []).append(self._question(place))
        articles: dict[int, list[Any]] = {}
        for (i, j), qas in questions.items():
            articles.setdefault(i, []).append({**self.tree["data"][i]["paragraphs"][j], "qas": qas})
        data = [{**self.tree["data"][i], "paragraphs": held} for i, held in articles.items()]
        self.file.write_text(json.dumps({**self.tree, "data": data}), "utf-8")
        return self.file

    def line(self, place: Where) -> int | None:
        """Return the line on which the id of a question stands, None where it has none."""
        id_ = self._question(place).get("id") if isinstance(self._question(place), dict) else None
        written = "|".join(re.escape(json.dumps(id_, ensure_ascii=ascii_)) for ascii_ in (True, False))
        *_, last = (None, *re.finditer(rf'"id"\s*:\s*(?:{written})', self.text))
        return None if last is None or id_ is None else self.text.count("\n", 0, last.start()) + 1

    def _question(self, place: Where) -> Any:
        i, j, k = place
        return self.tree["data"][i]["paragraphs"][j]["qas"][k]


def _placed(what: str, place: Where) -> str:
    """Return what was said of the only question of a tree, said of its own place."""
    i, j, k = place
    moved = what.replace("data[0].paragraphs[0].qas[0]", f"data[{i}].paragraphs[{j}].qas[{k}]")
    return moved.replace("data[0].paragraphs[0]", f"data[{i}].paragraphs[{j}]")

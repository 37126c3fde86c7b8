"""Answers alone, as submissions and their labels hold them: a label, tag or number a line, pairs of ids, or JSON by id."""

from __future__ import annotations

import json
import re
from pathlib import Path

from isthmus.core.files import read_text
from isthmus.survey.head import first_lines

ANSWER = re.compile(r"[A-Z]{1,5}|[BI]-(?:LOC|ORG|PER)|\d+|contradiction|entailment|neutral|not_entailment")
PAIR = re.compile(r"[a-z]{2,3}-\d+\t[a-z]{2,3}-\d+")


def count_answers(path: Path) -> int | None:
    """Return how many answers a file holds, sentences where they are tags; None for one that holds anything else.

    Raises DataError where it cannot be read.
    """
    name = path.name.removesuffix(".gz")
    if name.endswith(".json"):
        return _by_id(read_text(path))
    if not name.endswith((".tsv", ".txt")):
        return None
    shape = next((shape for shape in (ANSWER, PAIR) if all(_answered(shape, line) for line in first_lines(path))), None)
    if shape is None:
        return None
    lines = read_text(path).strip("\n").split("\n")
    if not all(_answered(shape, line) for line in lines):
        return None
    return lines.count("") + 1 if "" in lines else len(lines)


def _answered(shape: re.Pattern[str], line: str) -> bool:
    return not line or shape.fullmatch(line) is not None


def _by_id(text: str) -> int | None:
    try:
        content = json.loads(text)
    except json.JSONDecodeError:
        return None
    if not isinstance(content, dict) or not content:
        return None
    answered = all(
        isinstance(value, str) or (isinstance(value, list) and value and all(isinstance(item, str) for item in value))
        for value in content.values()
    )
    return len(content) if answered else None

"""A small whole submission to either version, every task and language of it, with its labels: a few rows a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from isthmus.submission.layout import VERSIONS, file_name
from isthmus.submission.validate import Checked, check_submission
from isthmus.tasks.task import load_task

TAGS = {"panx": ["B-PER", "I-PER", "O", "B-LOC"], "udpos": ["PROPN", "PROPN", "VERB", "NOUN"]}
CLASSES = {"xnli": ["neutral", "entailment", "contradiction"], "pawsx": ["0", "1", "1"]}


def gold_text(task: str, language: str) -> str:
    """Return the content of a file of labels: three rows, sentences of four and two words, two questions or queries."""
    kind = load_task(task).kind
    if kind == "classification":
        return "".join(f"{label}\n" for label in CLASSES[task])
    if kind == "tagging":
        return "".join(f"{tag}\n" for tag in TAGS[task]) + "\n" + "".join(f"{tag}\n" for tag in TAGS[task][2:]) + "\n"
    if kind == "retrieval":
        return "1\n0\n2\n"
    if kind == "mining":
        return f"{language}-0001\ten-0007\n{language}-0002\ten-0003\n"
    if kind == "choice":
        return '{"label": 1}\n{"label": 0}\n{"label": 1}\n'
    if kind == "ranking":
        return json.dumps({"m1": ["Q17"], "m2": ["Q4"]})
    asked = [{"id": f"5ab{n}", "question": "?", "answers": [{"text": f"{n} banks.", "answer_start": 0}]} for n in (1, 2)]
    return json.dumps({"data": [{"paragraphs": [{"context": "", "qas": asked}]}]})


def right_text(task: str, language: str) -> str:
    """Return the content of a file of predictions that are all right."""
    if load_task(task).kind == "span":
        return json.dumps({f"5ab{n}": f"{n} banks" for n in (1, 2)})
    return gold_text(task, language)


@dataclass(frozen=True)
class Folders:
    """The two folders of a submission, and how to change and look through them."""

    predictions: Path
    labels: Path
    version: str

    def path(self, task: str, language: str) -> Path:
        """Return a file of predictions."""
        return self.predictions / task / file_name(task, language)

    def write(self, task: str, language: str, content: str | bytes) -> Path:
        """Replace a file of predictions."""
        path = self.path(task, language)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    def check(self, *tasks: str, partial: bool = False) -> Checked:
        """Look through the folders."""
        return check_submission(self.predictions, self.labels, VERSIONS[self.version], tasks, partial=partial)


@pytest.fixture
def submission(tmp_path: Path) -> Callable[..., Folders]:
    """A function that writes a whole submission to a version, or the tasks named, all of it right."""

    def write(version: str = "xtreme", *tasks: str) -> Folders:
        folders = Folders(tmp_path / "predictions", tmp_path / "labels", version)
        for task in tasks or VERSIONS[version].languages:
            for folder, text in ((folders.predictions, right_text), (folders.labels, gold_text)):
                (folder / task).mkdir(parents=True)
                for language in VERSIONS[version].languages[task]:
                    (folder / task / file_name(task, language)).write_text(text(task, language), "utf-8")
        return folders

    return write

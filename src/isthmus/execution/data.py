"""Reading what a step's settings name, checked against the digest that the step was planned with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from isthmus.core.errors import DataError
from isthmus.sources.directory import Directory
from isthmus.tasks.task import load_task


def read_data(record: Mapping[str, str], places: Mapping[str, Any], limit: int | None = None) -> list[Any]:
    """Return the examples of one data record of a step's settings, at most the first ``limit``.

    Raises DataError when the data are no longer those that the step was planned with.
    """
    task, source = load_task(record["task"]), Directory(Path(places["data"]))
    language, split = record["language"], record["split"]
    if source.fingerprint(task.files, language, split).digest != record["digest"]:
        what = f"the {split} data of {task.name} in {language!r} changed since this run was planned; run again"
        raise DataError(source.root, what)
    return list(source.read(task.files, language, split, task.labels))[:limit]

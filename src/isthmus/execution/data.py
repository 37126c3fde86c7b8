"""Reading what a step's settings name, checked against the digest that the step was planned with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from isthmus.core.errors import DataError
from isthmus.plan.origin import directory_digest
from isthmus.plan.translating import role
from isthmus.sources.corpora import Corpus, corpus_fingerprint, corpus_of, read_corpus
from isthmus.sources.directory import Directory
from isthmus.sources.hub import Hub
from isthmus.sources.overlay import Overlay
from isthmus.study.place import HUB
from isthmus.tasks.task import load_task
from isthmus.translation.written import EXAMPLES, read_examples


def read_data(record: Mapping[str, str], places: Mapping[str, Any], limit: int | None = None) -> list[Any]:
    """Return the examples of one data record of a step's settings, at most the first ``limit``.

    Raises DataError when the data are no longer those that the step was planned with.
    """
    task, source = load_task(record["task"]), _source(places)
    language, split = record["language"], record["split"]
    if source.fingerprint(task.files, language, split).digest != record["digest"]:
        what = f"the {split} data of {task.name} in {language!r} changed since this run was planned; run again"
        raise DataError(source.root, what)
    return list(source.read(task.files, language, split, task.labels))[:limit]


def read_training(
    record: Mapping[str, Any], places: Mapping[str, Any], inputs: Mapping[str, Path], limit: int | None = None
) -> list[Any]:
    """Return training examples as ``read_data`` does; those that were translated come from the step that did it, by role.

    Of these the limit is that of their source: what a translation lost is not made up for.
    """
    if not record.get("translated"):
        return read_data(record, places, limit)
    folder = inputs[role(record["task"], record["language"])]
    return read_examples(folder / EXAMPLES, load_task(record["task"]).kind)


def raw_text(records: Iterable[Mapping[str, str]], places: Mapping[str, Any], limit: int | None = None) -> dict[str, Corpus]:
    """Return the raw text of a stage by language, at most the first ``limit`` lines of each."""
    return {record["language"]: corpus_of(read_data(record, places, limit)) for record in records}


def _source(places: Mapping[str, Any]) -> Directory | Hub | Overlay:
    """Return what a step's data are read from: the hub, or a directory (the world's files lie in one by now)."""
    if places["data"] != HUB:
        return Directory(Path(places["data"]))
    hub = Hub(places.get("revisions", {}))
    return Overlay(hub, Path(places["local"])) if "local" in places else hub


def read_text(digests: Mapping[str, str], places: Mapping[str, Any]) -> dict[str, Corpus]:
    """Return the raw text of every language; raises DataError where it is no longer what the step was planned with."""
    text = {}
    for language, names in places["text"].items():
        files = [Path(places["data"]) / name for name in names]
        if corpus_fingerprint(files).digest != digests[language]:
            raise DataError(files[0], f"the text in {language!r} changed since this run was planned; run again")
        text[language] = read_corpus(files)
    return text


def unchanged(folder: str, digest: str) -> Path:
    """Return a model's or a tokenizer's directory; raises DataError when it is no longer what the step was planned with."""
    if directory_digest(Path(folder)) != digest:
        raise DataError(folder, "this directory changed since this run was planned; run again")
    return Path(folder)

"""Real files in the official layout are read without a false alarm, every example of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from isthmus.core.files import find
from isthmus.sources.corpora import corpus_folder, read_corpus
from isthmus.sources.directory import Directory
from isthmus.sources.files import SPLITS
from isthmus.tasks.task import Task, load_kind, load_task

# The data sets of the manifest and the tasks that read their files.
TASKS_OF = {
    "xnli": ("xnli", "mnli"),
    "udpos": ("udpos",),
    "panx": ("panx",),
    "xquad": ("xquad",),
    "tydiqa": ("tydiqa",),
    "tatoeba": ("tatoeba",),
}


@pytest.fixture(scope="module")
def manifest(data_dir: Path) -> dict[str, dict[str, str]]:
    """The rows of MANIFEST.tsv by path."""
    file = data_dir / "MANIFEST.tsv"
    if not file.is_file():
        pytest.skip("the data directory has no MANIFEST.tsv to compare with")
    with file.open(encoding="utf-8", newline="") as stream:
        return {row["path"]: row for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)}


def splits(task: Task, source: Directory) -> Iterator[tuple[str, str, str]]:
    """Yield (split, language, path below the root) of everything that exists of a task."""
    for split in SPLITS:
        for language in source.languages(task.files, split):
            found = find(source.root / task.files.pattern(split).format(language=language))
            yield split, language, str(found.relative_to(source.root))


@pytest.mark.parametrize("name", TASKS_OF)
def test_every_example_of_every_file_is_read_with_its_gold(name, data_dir, manifest):
    source = Directory(data_dir)
    counts: dict[str, int] = {}
    for task in map(load_task, TASKS_OF[name]):
        kind = load_kind(task.kind)
        for split, language, path in splits(task, source):
            examples = source.read(task.files, language, split, task.labels)
            counts[path] = len(examples)
            assert all(isinstance(example, kind.example) and kind.gold(example) is not None for example in examples), path
            assert len({example.id for example in examples}) == len(examples), path
    declared = {path: int(row["examples"]) for path, row in manifest.items() if row["set"] == name}
    assert counts == {path: examples for path, examples in declared.items() if examples}  # an English bitext side counts 0


def test_the_size_of_a_fingerprint_is_that_of_the_raw_text(data_dir, manifest):
    source, task = Directory(data_dir), load_task("xquad")
    sizes = {path: source.fingerprint(task.files, language, split).size for split, language, path in splits(task, source)}
    assert sizes == {path: int(row["raw_bytes"]) for path, row in manifest.items() if row["set"] == "xquad"}


@pytest.mark.parametrize("name", ["bible-nt", "ud-text", "wikiann-text"])
def test_every_line_of_a_corpus_is_read(name, data_dir, manifest):
    folder = data_dir / "corpora" / name
    if not folder.is_dir():
        pytest.skip(f"the data directory has no corpora/{name}")
    for files in corpus_folder(folder).values():
        corpus = read_corpus([folder / file for file in files])
        stored = [str(find(folder / file).relative_to(data_dir)) for file in files]
        assert len(corpus.lines) == sum(int(manifest[path]["examples"]) for path in stored), files
        assert len(corpus.parallel) == (len(corpus.lines) if name == "bible-nt" else 0), files

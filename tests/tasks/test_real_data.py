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
from isthmus.sources.format import load_format
from isthmus.tasks.task import Task, labels_of, load_kind, load_task

# The data sets of the manifest and the tasks that read their files.
TASKS_OF = {
    "xnli": ("xnli", "mnli"),
    "udpos": ("udpos",),
    "panx": ("panx",),
    "xquad": ("xquad",),
    "tydiqa": ("tydiqa",),
    "tatoeba": ("tatoeba",),
    "pawsx": ("pawsx",),
}
# Data sets that lie in the official layout below a folder of their own, the task that reads them, and its stripped splits.
BELOW = {
    "xtreme-r": ("xcopa", "xcopa", ()),
    "intermediate": ("hellaswag", "hellaswag", ()),
    "intermediate/": ("commonsenseqa", "commonsenseqa", ("test",)),
}
STRIPPED = {f"pawsx/test-{language}.tsv.gz" for language in ("en", "es", "fr", "ja")}


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
            assert all(isinstance(example, kind.example) for example in examples), path
            assert {kind.gold(example) is not None for example in examples} == {path not in STRIPPED}, path
            assert len({example.id for example in examples}) == len(examples), path
    declared = {path: int(row["examples"]) for path, row in manifest.items() if row["set"] == name}
    assert counts == {path: examples for path, examples in declared.items() if examples}  # an English bitext side counts 0


@pytest.mark.parametrize("folder", BELOW)
def test_every_example_of_data_below_a_folder_is_read(folder, data_dir, manifest):
    if not (data_dir / folder).is_dir():
        pytest.skip(f"the data directory has no {folder}")
    declared, name, stripped = BELOW[folder]
    source, task = Directory(data_dir / folder), load_task(name)
    kind, counts = load_kind(task.kind), {}
    for split, language, path in splits(task, source):
        examples = source.read(task.files, language, split, task.labels)
        counts[str(Path(folder) / path)] = len(examples)
        assert {kind.gold(example) is not None for example in examples} == {split not in stripped}, path
        assert len({example.id for example in examples}) == len(examples), path
    assert counts == {path: int(row["examples"]) for path, row in manifest.items() if row["set"] == declared}


def test_every_gold_pair_of_a_text_to_mine_is_found(data_dir, manifest):
    source, task = Directory(data_dir), load_task("bucc2018")
    for split, language, path in splits(task, source):
        sentences = source.read(task.files, language, split)
        pairs = int(manifest[path.partition(f".{split}.")[0] + f".{split}.gold"]["examples"])
        assert sum(bool(sentence.match) for sentence in sentences) == pairs > 0
        assert len(sentences) > pairs
    assert source.languages(task.files, "dev")


@pytest.mark.parametrize("file", ["genia1000.tsv.gz", "questions.tsv.gz"])
def test_supertags_are_read_off_the_data(file, data_dir, manifest):
    path = data_dir / "intermediate/ccg" / file
    if not path.is_file():
        pytest.skip("the data directory has no intermediate/ccg")
    task = load_task("ccg")
    sentences = load_format(task.files.format).read(path, task.labels)
    assert len(sentences) == int(manifest[f"intermediate/ccg/{file}"]["examples"])
    assert {"N", "NP", "N/N"} < set(labels_of(load_kind(task.kind), sentences))


@pytest.mark.parametrize("folder", ["format-samples/glue-qqp/QQP", "intermediate/qqp/glue"])
def test_question_pairs_are_read_in_the_layout_of_glue(folder, data_dir):
    if not (data_dir / folder).is_dir():
        pytest.skip(f"the data directory has no {folder}")
    task = load_task("qqp")
    for file in sorted((data_dir / folder).glob("*.tsv")):
        pairs = load_format(task.files.format).read(file, task.labels)
        assert len(pairs) == len(file.read_text("utf-8").splitlines()) - 1
        assert {pair.label is None for pair in pairs} == {file.name == "test.tsv"}
        assert not [pair for pair in pairs if '""' in pair.first + (pair.second or "")]


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

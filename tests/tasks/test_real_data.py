"""Real files in the official layout are read without a false alarm, every example of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from isthmus.core.files import find
from isthmus.sources.corpora import corpus_folder, read_corpus
from isthmus.sources.directory import FOLDERS, Directory
from isthmus.sources.files import LANGUAGE, SPLITS
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
    "qqp": ("qqp",),
    "rte": ("rte",),
    "snli": ("snli",),
    "mlqa": ("mlqa",),
    "xcopa": ("xcopa", "copa"),
    "siqa": ("siqa",),
    "cosmosqa": ("cosmosqa",),
    "hellaswag": ("hellaswag",),
    "commonsenseqa": ("commonsenseqa",),
}
# Data sets that lie in the official layout below a folder of their own, the task that reads them, and its stripped splits.
BELOW = {
    "xtreme-r": ("xcopa", "xcopa", ()),
    "xtreme-r/": ("lareqa", "lareqa", ()),
    "intermediate": ("hellaswag", "hellaswag", ()),
    "intermediate/": ("commonsenseqa", "commonsenseqa", ("test",)),
}
STRIPPED = {f"pawsx/test-{language}.tsv.gz" for language in ("en", "es", "fr", "ja")} | {
    "intermediate/commonsenseqa/test_rand_split_no_answers.jsonl.gz"
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
            patterns = [layout.pattern(split).replace(LANGUAGE, language) for layout in task.files.layouts(split)]
            found = next(file for p in patterns for folder in FOLDERS if (file := find(source.root / folder / p)))
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
    own = {path: row for path, row in manifest.items() if row["set"] == name}
    # An English bitext side counts 0; MLQA's pairs of two languages are none that XTREME scores.
    declared = {path: int(row["examples"]) for path, row in own.items() if "/" not in row["lang"]}
    assert counts == {path: examples for path, examples in declared.items() if examples}


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


PUD = ("ar", "cs", "en", "gl", "hi", "is", "it", "ko", "pt", "th", "tr", "zh")
# There the prepared files take the first of several words, as equally high; by the tool the enhanced graph says otherwise.
BY_THE_GRAPH = {"en": 4}


@pytest.mark.parametrize("language", PUD)
def test_a_treebank_is_prepared_as_the_official_layout_has_it(language, data_dir):
    file, task = data_dir / f"udpos/conllu/{language}_pud-ud-test.conllu.gz", load_task("udpos")
    if not file.is_file():
        pytest.skip("the data directory has no udpos/conllu")
    own = load_format("conllu").read(file, task.labels, language)
    # Of the treebanks of a language PUD comes last.
    prepared = Directory(data_dir).read(task.files, language, "test", task.labels)[-len(own) :]
    assert [sentence.words for sentence in own] == [sentence.words for sentence in prepared]
    differ = sum(a.tags != b.tags for a, b in zip(own, prepared, strict=True))
    assert differ == BY_THE_GRAPH.get(language, 0)


def test_sentences_of_another_project_are_read_with_the_universal_tags(data_dir, manifest):
    files = [(path, int(row["examples"])) for path, row in manifest.items() if row["set"] == "masakhapos"]
    read, task = load_format("tags").read, load_task("udpos")
    assert [len(read(data_dir / path, task.labels)) for path, _ in files] == [examples for _, examples in files]


@pytest.mark.parametrize(
    ("name", "file", "language", "counts"),
    [
        ("cosmosqa", "cosmos_qa/train.csv", "en", (2, 2)),
        ("cosmosqa", "cosmos_qa/valid.csv", "en", (2, 2)),
        ("cosmosqa", "cosmos_qa/test.jsonl", "en", (2, 0)),
        ("hellaswag", "hellaswag/hellaswag_train.jsonl", "en", (2, 2)),
        ("hellaswag", "hellaswag/hellaswag_val.jsonl", "en", (2, 2)),
        ("hellaswag", "hellaswag/hellaswag_test.jsonl", "en", (2, 0)),
        ("tydiqa", "tydiqa/tydiqa-goldp-v1.1-train.json", "fi", (2, 2)),
        ("tydiqa", "tydiqa/tydiqa-goldp-v1.1-dev.json", "ar", (1, 1)),
    ],
)
def test_a_few_rows_of_a_release_are_read_in_the_format_it_has(name, file, language, counts, data_dir):
    path = data_dir / "format-samples" / file
    if not path.is_file():
        pytest.skip("the data directory has no format-samples")
    examples = load_format(name).examples(path, (), language)
    gold = load_kind(load_task(name).kind).gold
    assert (len(examples), sum(gold(example) is not None for example in examples)) == counts


@pytest.mark.parametrize("file", ["genia1000.tsv.gz", "questions.tsv.gz"])
def test_supertags_are_read_off_the_data(file, data_dir, manifest):
    path = data_dir / "intermediate/ccg" / file
    if not path.is_file():
        pytest.skip("the data directory has no intermediate/ccg")
    task = load_task("ccg")
    sentences = load_format(task.files.format).read(path, task.labels)
    assert len(sentences) == int(manifest[f"intermediate/ccg/{file}"]["examples"])
    assert {"N", "NP", "N/N"} < set(labels_of(load_kind(task.kind), sentences))


def test_the_quotes_of_question_pairs_are_taken_off(data_dir):
    if not (data_dir / "intermediate/qqp/glue").is_dir():
        pytest.skip("the data directory has no intermediate/qqp/glue")
    task = load_task("qqp")
    pairs = Directory(data_dir).read(task.files, "en", "dev", task.labels)
    assert any('"' in pair.first for pair in pairs)
    assert not [pair for pair in pairs if '""' in pair.first + (pair.second or "")]


# Samples of the releases, the task and the layout of it that reads them, and the examples of each file.
RELEASES = {
    "glue-mnli": ("mnli", {"train": 3, "dev": 2}),
    "glue-qqp": ("qqp", {"train": 3, "dev": 2, "test": 1}),
    "pawsx/x-final": ("pawsx", {"train": 4, "dev": 4, "test": 4}),
    "xnli/XNLI-1.0": ("xnli", {"dev": 1, "test": 1}),
    "xnli/XNLI-MT-1.0": ("mnli", {"train": 4}),
}


@pytest.mark.parametrize("folder", RELEASES)
def test_samples_of_a_release_are_read_as_it_lays_them_out(folder, data_dir):
    if not (data_dir / "format-samples" / folder).is_dir():
        pytest.skip(f"the data directory has no format-samples/{folder}")
    name, counts = RELEASES[folder]
    source, task = Directory(data_dir / "format-samples" / folder), load_task(name)
    for split, count in counts.items():
        languages = source.languages(task.files, split)
        assert set(languages) == (set(load_task("xnli").languages) if "xnli" in folder else {"en"})
        for language in languages:
            pairs = source.read(task.files, language, split, task.labels)
            assert len(pairs) == count
            assert all(pair.first and pair.second for pair in pairs)
            assert {pair.label is None for pair in pairs} == {(name, split) == ("qqp", "test")}


@pytest.mark.parametrize(
    ("file", "format_", "language", "count"),
    [
        ("intermediate/mnli/glue/train.tsv.gz", "table", "en", 240),
        ("intermediate/mnli/glue/dev_matched.tsv.gz", "table", "en", 240),
        ("intermediate/conjnli/conj_dev.tsv.gz", "table", "en", 623),
        ("intermediate/conjnli/conj_test.tsv.gz", "table", "en", 1000),
        ("format-samples/glue-mnli/MNLI/test_matched.tsv", "table", "en", 1),
        ("format-samples/anli/anli_v0.1/R1/train.jsonl", "json_pairs", "en", 3),
        ("format-samples/xnli/XNLI-1.0/XNLI-1.0/xnli.test.jsonl", "json_pairs", "ar", 5),
    ],
)
def test_pairs_are_read_in_layouts_that_lie_nowhere_in_the_directory(file, format_, language, count, data_dir):
    if not (data_dir / file).is_file():
        pytest.skip(f"the data directory has no {file}")
    pairs = load_format(format_).examples(data_dir / file, load_task("mnli").labels, language)
    assert len(pairs) == count
    assert {pair.label is None for pair in pairs} == {"test" in file and "xnli" not in file}


def test_plain_multinli_and_its_joined_relatives_are_read_below_a_folder(data_dir, manifest):
    root = data_dir / "intermediate"
    if not root.is_dir():
        pytest.skip("the data directory has no intermediate")
    source, sizes = Directory(root), {}
    for name in ("snli", "mnli", "anli", "anli_plus"):
        task = load_task(name)
        examples = source.read(task.files, "en", "dev", task.labels)
        assert len({example.id for example in examples}) == len(examples)
        assert {example.label for example in examples} == set(task.labels)
        sizes[name] = len(examples)
        paths = [path for path, row in manifest.items() if row["set"] == name and path.endswith("dev.jsonl.gz")]
        assert not paths or sizes[name] == sum(int(manifest[path]["examples"]) for path in paths)
    assert sizes["anli_plus"] == sizes["snli"] + sizes["mnli"] + sizes["anli"]


def test_the_size_of_a_fingerprint_is_that_of_the_text_and_of_contexts_as_often_as_they_are_read(data_dir, manifest):
    source = Directory(data_dir)

    def sizes(name: str) -> dict[str, int]:
        task = load_task(name)
        return {path: source.fingerprint(task.files, language, split).size for split, language, path in splits(task, source)}

    raw = {path: int(row["raw_bytes"]) for path, row in manifest.items()}
    assert sizes("pawsx") == {path: raw[path] for path in sizes("pawsx")}
    assert all(2 * raw[path] < size < 6 * raw[path] for path, size in sizes("xquad").items())  # some five questions each


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

"""The hub as a source: what it lists and identifies without any network, what it reads, and what it says is missing."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import SimpleNamespace

import huggingface_hub
import pytest
from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError

from isthmus.core.errors import DataError, SetupError
from isthmus.sources.example import TextPair
from isthmus.sources.files import Files, HubFiles
from isthmus.sources.hub import Hub

COMMIT, OTHER = "1a" * 20, "2b" * 20
LABELS = ("no", "yes")
PAIRS = HubFiles(
    repo="some/pairs",
    revision=COMMIT,
    config="{language}-set",
    languages=("de", "en", "sw"),
    names=(("sw", "swahili"),),
    missing=(("train", ("de", "sw")),),
    shape="text_pair",
    columns=(("first", "a"), ("second", "b"), ("label", "gold")),
    megabytes=(("train", 2.5),),
)
FILES = Files(format="pairs", hub=PAIRS)
ROWS = {"a": ["one", "two", "three"], "b": ["eins", "zwei", "drei"], "gold": [0, 1, 0], "unread": [b"x", b"y", b"z"]}
CLASSES = {"gold": LABELS}


def written(hub_cache, file="en-set/test-00000-of-00001.parquet", commit=COMMIT, **columns):
    return hub_cache("some/pairs", commit, file, {**ROWS, **columns}, CLASSES)


def of(**changes) -> Files:
    return Files(format="pairs", hub=replace(PAIRS, **changes))


def refused(files=FILES, language="en", split="test", hub=None, labels=()) -> str:
    with pytest.raises(DataError) as caught:
        (hub or Hub()).read(files, language, split, labels)
    return str(caught.value)


def test_languages_are_those_declared_for_a_split():
    assert Hub().languages(FILES, "test") == ("de", "en", "sw")
    assert Hub().languages(FILES, "train") == ("en",)
    assert Hub().languages(of(splits=(("train", "train"),)), "test") == ()
    assert Hub().languages(Files(format="pairs", train="nli/train-en.tsv"), "train") == ()


def test_a_joined_set_has_the_languages_that_all_its_parts_have():
    both = Files(format="pairs", joined=(FILES, of(languages=("sw", "zh"))))
    assert Hub().languages(both, "test") == ("sw",)


def test_a_further_layout_may_have_languages_that_the_first_repository_lacks(hub_cache):
    further = HubFiles(repo="more/pairs", revision=OTHER, shape="text_pair", columns=PAIRS.columns, languages=("en", "pl"))
    files = Files(format="pairs", hub=PAIRS, others=(Files(format="pairs", hub=further),))
    hub_cache("more/pairs", OTHER, "default/test-00000-of-00001.parquet", ROWS, CLASSES)
    assert Hub().languages(files, "test") == ("de", "en", "pl", "sw")
    assert [e.first for e in Hub().read(files, "pl", "test")] == ROWS["a"]
    assert Hub().fingerprint(files, "en", "test") == Hub().fingerprint(FILES, "en", "test")


def test_rows_become_examples_and_classes_their_names(hub_cache):
    written(hub_cache)
    assert Hub().read(FILES, "en", "test", LABELS) == [
        TextPair("0", "one", "eins", "no"),
        TextPair("1", "two", "zwei", "yes"),
        TextPair("2", "three", "drei", "no"),
    ]


def test_a_configuration_may_call_a_language_by_another_name(hub_cache):
    written(hub_cache, "swahili-set/test-00000-of-00001.parquet")
    assert len(Hub().read(FILES, "sw", "test")) == 3


def test_a_split_in_several_files_is_read_in_their_order(hub_cache):
    written(hub_cache, "en-set/test-00001-of-00002.parquet", a=["four", "five", "six"])
    written(hub_cache, "en-set/test-00000-of-00002.parquet")
    found = Hub().read(FILES, "en", "test")
    assert [(e.id, e.first) for e in found][2:4] == [("2", "three"), ("3", "four")]


def test_labels_have_the_names_that_the_task_gives_them(hub_cache):
    written(hub_cache)
    assert [e.label for e in Hub().read(of(labels=(("no", "0"), ("yes", "1"))), "en", "test", ("0", "1"))] == ["0", "1", "0"]


def test_a_split_all_of_whose_classes_are_minus_one_was_stripped(hub_cache):
    written(hub_cache, gold=[-1, -1, -1])
    assert {e.label for e in Hub().read(FILES, "en", "test")} == {None}
    assert {e.label for e in Hub().read(of(undecided=True), "en", "test")} == {None}


def test_undecided_rows_are_left_out_where_a_task_says_so(hub_cache):
    written(hub_cache, gold=[-1, 1, 0])
    assert [(e.id, e.first) for e in Hub().read(of(undecided=True), "en", "test")] == [("0", "two"), ("1", "three")]
    assert "pairs@1a1a1a1a/en-set/test-00000-of-00001.parquet:2: it has a label, in a split that begins" in refused()


def test_rows_of_a_shared_file_are_told_apart_by_the_beginning_of_a_column(hub_cache):
    files = of(config="all", rows=("a", "{language}-"), columns=(("first", "a"), ("label", "gold")))
    written(hub_cache, "all/test-00000-of-00001.parquet", a=["en-one", "swahili-two", "en-three"])
    assert [e.first for e in Hub().read(files, "en", "test")] == ["en-one", "en-three"]
    assert [(e.id, e.first) for e in Hub().read(files, "sw", "test")] == [("0", "swahili-two")]
    assert refused(files, "de").endswith("no row of the test split in 'de'")
    prints = {Hub().fingerprint(files, language, "test").digest for language in ("de", "en", "sw")}
    assert len(prints) == 3


def test_joined_sets_are_read_one_after_another_with_ids_of_their_own(hub_cache):
    written(hub_cache)
    both = Files(format="pairs", joined=(FILES, Files(format="pairs", joined=(FILES,))))
    assert [e.id for e in Hub().read(both, "en", "test")] == ["0.0", "0.1", "0.2", "1.0.0", "1.0.1", "1.0.2"]


def test_what_is_identified_is_the_commit_the_files_and_what_is_read_of_them():
    prints = [
        Hub().fingerprint(files, "en", "test").digest
        for files in (
            FILES,
            of(revision=OTHER),
            of(config="x"),
            of(repo="any/pairs"),
            of(labels=(("no", "0"),)),
            of(columns=PAIRS.columns[1:]),
            of(undecided=True),
            of(splits=(("test", "validation"),)),
            of(shape="tagged"),
        )
    ]
    assert len(set(prints)) == len(prints)


def test_the_size_is_the_declared_one_and_no_part_of_the_identity():
    assert Hub().fingerprint(FILES, "en", "train").size == 2_500_000
    assert Hub().fingerprint(FILES, "en", "test").size == 1_000_000
    many = Hub().fingerprint(of(megabytes=(("train", 9.0),)), "en", "train")
    assert (many.size, many.digest) == (9_000_000, Hub().fingerprint(FILES, "en", "train").digest)


def test_a_study_may_name_another_commit(hub_cache):
    written(hub_cache, commit=OTHER)
    named = Hub({"some/pairs": OTHER})
    assert len(named.read(FILES, "en", "test")) == 3
    assert named.fingerprint(FILES, "en", "test") == Hub().fingerprint(of(revision=OTHER), "en", "test")


def test_without_a_commit_nothing_is_read():
    what = "some/pairs: no revision is pinned, expected a commit of 40 hex digits; name it in the study: revisions: "
    assert refused(of(revision="")) == what + "{some/pairs: COMMIT}"
    assert "found 'main', expected a commit" in refused(of(revision="main"))


def test_what_the_hub_lacks_is_said_with_what_it_has():
    assert "no train split in 'de' on the hub; known: en" in refused(split="train", language="de")
    assert "no test split in 'dee' on the hub; did you mean 'de'?" in refused(language="dee")


def test_a_set_that_is_not_on_the_hub_says_how_to_get_it():
    assert refused(Files(format="tags", test="x/test.tsv")).endswith("parquet. A directory may hold them, as x/test.tsv")
    assert refused(Files(format="tags", obtain="Ask the LDC")).endswith("not on the hub as parquet. Ask the LDC")


def test_a_missing_column_is_named_with_the_nearest(hub_cache):
    written(hub_cache)
    files = of(columns=(*PAIRS.columns[:2], ("label", "golden")))
    assert refused(files).endswith("test-00000-of-00001.parquet: no column 'golden'; did you mean 'gold'?")


def test_faults_of_a_row_name_repository_commit_file_and_row(hub_cache):
    written(hub_cache)
    expected = "some/pairs@1a1a1a1a/en-set/test-00000-of-00001.parquet:2: unknown label 'yes'; did you mean 'yess'?"
    assert refused(labels=("no", "yess")) == expected


def test_a_class_without_a_name_is_a_fault(hub_cache):
    written(hub_cache, gold=[0, 1, 2])
    assert ":3: the class 2 has no name; expected 0 to 1 (no, yes)" in refused()


def test_a_damaged_file_is_a_fault(hub_cache):
    path = written(hub_cache)
    path.write_bytes(path.read_bytes()[:-9])
    assert "test-00000-of-00001.parquet: cannot be read as parquet (" in refused()


@pytest.mark.parametrize("there", [(), ("en-set/test-00000-of-00002.parquet",)], ids=["nothing", "half of it"])
def test_what_is_not_in_the_cache_and_cannot_be_fetched_says_how_to_bring_it_there(hub_cache, there):
    for file in there:
        written(hub_cache, file)
    with pytest.raises(SetupError) as caught:
        Hub().read(FILES, "en", "test")
    told = str(caught.value)
    assert told.startswith("en-set/test-*.parquet of some/pairs is not in the cache, and the hub cannot be reached (")
    assert f"hf download some/pairs --repo-type dataset --revision {COMMIT} --include 'en-set/test-*.parquet'" in told
    assert "HF_HOME" in told


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (RevisionNotFoundError, f"some/pairs: the hub has no commit {COMMIT} of this repository"),
        (RepositoryNotFoundError, "some/pairs: the hub has no such repository, or shows it only to those who accepted"),
    ],
)
def test_a_repository_or_a_commit_that_the_hub_lacks_is_named(monkeypatch, error, told):
    def fetch(*_, local_files_only, **__):
        raise FileNotFoundError if local_files_only else error("404", response=SimpleNamespace(headers={}, request=None))

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fetch)
    assert refused().startswith(told)


def test_what_the_cache_lacks_is_fetched_and_only_that(hub_cache, monkeypatch):
    asked = []

    def fetch(repo, *, local_files_only, **wanted):
        asked.append((repo, wanted))
        if local_files_only:
            raise FileNotFoundError
        return written(hub_cache).parents[1]

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fetch)
    assert len(Hub().read(FILES, "en", "test")) == 3
    wanted = {"repo_type": "dataset", "revision": COMMIT, "allow_patterns": ["en-set/test-*.parquet"]}
    assert asked == [("some/pairs", wanted)] * 2


def test_a_commit_without_the_files_names_the_nearest_that_it_has(monkeypatch, tmp_path):
    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda *_, **__: tmp_path)
    listed = SimpleNamespace(list_repo_files=lambda *_, **__: ["README.md", "en-set/tests-0.parquet"])
    monkeypatch.setattr(huggingface_hub, "HfApi", lambda: listed)
    assert refused().endswith(
        "has no file en-set/test-*.parquet, or not all of them; did you mean 'en-set/tests-0.parquet'?"
    )


def test_without_the_extra_it_is_said_how_to_install_it(hub_cache, monkeypatch):
    written(hub_cache)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(SetupError, match=r"pip install 'isthmus\[hub\]'"):
        Hub().read(FILES, "en", "test")


README = """---
configs:
- {config_name: en-set, data_files: [{split: test, path: en-set/test-*}]}
---
"""


def test_the_library_datasets_reads_the_same_rows_of_such_a_repository(hub_cache, tmp_path):
    datasets = pytest.importorskip("datasets", reason="the library datasets is not installed, and nothing else needs it")
    folder = written(hub_cache).parents[1]
    (folder / "README.md").write_text(README, "utf-8")
    loaded = datasets.load_dataset(str(folder), "en-set", split="test", cache_dir=str(tmp_path / "datasets"))
    name = loaded.features["gold"].int2str
    ours = [(e.first, e.second, e.label) for e in Hub().read(FILES, "en", "test")]
    assert [(row["a"], row["b"], name(row["gold"])) for row in loaded] == ours

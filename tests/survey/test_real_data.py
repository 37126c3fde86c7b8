"""Real data are found whole, with the counts their manifest declares, and without a false alarm."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path

import pytest

from isthmus.core.files import read_text
from isthmus.survey.found import Found, Survey
from isthmus.survey.survey import survey

# Sets of the manifest with the tasks that read them; the other sets lie where no task looks.
TASKS = {
    "anli": {"anli", "anli_plus"},
    "bucc2018": {"bucc2018"},
    "commonsenseqa": {"commonsenseqa"},
    "cosmosqa": {"cosmosqa"},
    "hellaswag": {"hellaswag"},
    "lareqa": {"lareqa"},
    "mlqa": {"mlqa"},
    "mnli": {"mnli", "anli_plus"},
    "panx": {"panx"},
    "pawsx": {"pawsx"},
    "qqp": {"qqp"},
    "rte": {"rte"},
    "siqa": {"siqa"},
    "snli": {"snli", "anli_plus"},
    "tatoeba": {"tatoeba"},
    "tydiqa": {"tydiqa"},
    "udpos": {"udpos"},
    "xcopa": {"xcopa", "copa"},
    "xnli": {"xnli", "mnli", "anli_plus"},
    "xquad": {"xquad"},
}
PARTS = {  # of the example file beside them
    "bucc2018/zh-en.dev.en.gz": "bucc2018/zh-en.dev.zh.gz",
    "bucc2018/zh-en.dev.gold": "bucc2018/zh-en.dev.zh.gz",
}
STRIPPED = {
    *(f"pawsx/test-{language}.tsv.gz" for language in ("en", "es", "fr", "ja")),
    "intermediate/commonsenseqa/test_rand_split_no_answers.jsonl.gz",
    "intermediate/conjnli/conj_test.tsv.gz",
    "format-samples/glue-mnli/MNLI/test_matched.tsv",
    "format-samples/glue-mnli/MNLI/test_mismatched.tsv",
    "format-samples/glue-qqp/QQP/test.tsv",
    "format-samples/hellaswag/hellaswag_test.jsonl",
    "format-samples/cosmos_qa/test.jsonl",
}
DOUBLE = "intermediate/squad_v2.0/squad2.json"  # a fixture in which one id stands twice


@pytest.fixture(scope="module")
def manifest(data_dir: Path) -> dict[str, dict[str, str]]:
    """The rows of MANIFEST.tsv by path."""
    file = data_dir / "MANIFEST.tsv"
    if not file.is_file():
        pytest.skip("the data directory has no MANIFEST.tsv to compare with")
    with file.open(encoding="utf-8", newline="") as stream:
        return {row["path"]: row for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)}


@pytest.fixture(scope="module")
def found(data_dir: Path, manifest: dict[str, dict[str, str]]) -> Survey:
    """The survey of the whole directory."""
    return survey(data_dir)


@pytest.fixture(scope="module")
def files(found: Survey) -> dict[str, list[Found]]:
    """What was found, by path; several where a file holds several languages."""
    by_path = defaultdict(list)
    for one in found.files:
        by_path[one.path].append(one)
    return dict(by_path)


def rows(path: Path) -> int:
    """Count the examples of a sample of a raw format: the manifest counts the ends of its lines, headers too."""
    text = read_text(path)
    if path.suffix == ".json":
        return sum(len(p["qas"]) for article in json.loads(text)["data"] for p in article["paragraphs"])
    lines = text.rstrip("\n").count("\n") + 1
    return lines if path.suffix == ".jsonl" else lines - 1


def test_there_is_no_false_alarm(found):
    assert [str(fault) for fault in found.faults] == []
    assert [one.path for one in found.files if one.doubt] == [DOUBLE]


def test_every_count_is_that_of_the_manifest(files, manifest, data_dir):
    expected = {path: int(row["examples"]) for path, row in manifest.items()}
    for path in expected:
        if path.startswith("format-samples/"):
            assert expected[path] == read_text(data_dir / path).count("\n") or path.endswith(".json"), path
            expected[path] = rows(data_dir / path)
    # The manifest has the pairs of BUCC at their own file, which is a part of the sentences' here.
    gold = expected.pop("bucc2018/zh-en.dev.gold")
    assert expected.pop("bucc2018/zh-en.dev.zh.gz") == 0 < gold
    assert files["bucc2018/zh-en.dev.zh.gz"][0].examples > gold
    found = {path: sum(one.examples for one in files[path]) for path in expected}
    assert found == expected


def test_every_set_of_the_manifest_is_told_with_its_tasks(files, manifest):
    for path, row in manifest.items():
        bare = row["set"] in ("bucc2018", "tatoeba") and row["examples"] == "0" and not path.endswith(".zh.gz")
        crossed = row["set"] == "mlqa" and "/" in row["lang"]
        if bare or crossed or path in PARTS:
            assert not files[path][0].uses, path
        elif row["set"] in TASKS:
            tasks = {use.task for one in files[path] for use in one.uses}
            assert set() < tasks <= TASKS[row["set"]], path
            assert {one.language for one in files[path]} == {row["lang"]}, path


def test_the_tasks_there_are_all_listed(found):
    listed = {task.name for task in found.tasks if found.of_task(task.name)}
    assert set().union(*TASKS.values()) <= listed


def test_parts_and_stripped_files_are_told(found, files, manifest):
    for path, whole in PARTS.items():
        assert [one.note for one in files[path]] == [f"part of {whole}"]
    english = [path for path, row in manifest.items() if row["set"].startswith("tatoeba") and row["examples"] == "0"]
    assert english
    assert {files[path][0].form for path in english} == {"part of another file"}
    stripped = {one.path for one in found.files if one.stripped}
    assert stripped == STRIPPED
    assert all(one.stripped == one.examples for one in found.files if one.path in stripped)


def test_raw_text_is_told_by_language(files, manifest):
    text = ("bible", "wikiann-text", "ud-text", "udhr")
    for path, row in manifest.items():
        if row["set"] in text:
            (one,) = files[path]
            assert (one.form, one.language) == ("text", Path(path).name.partition(".")[0]), path


def test_a_submission_and_its_labels_are_no_data_of_a_task(found):
    mock = [one for one in found.files if one.path.startswith("xtreme-mock/")]
    if not mock:
        pytest.skip("the data directory has no xtreme-mock")
    assert not [one.path for one in mock if one.uses or one.form not in ("answers alone", "questions")]
    assert {one.path.split("/")[2] for one in mock if one.form == "questions"} == {"xquad", "mlqa", "tydiqa"}
    assert all(one.examples for one in mock)


def test_only_what_says_something_about_the_data_is_no_data(found):
    assert {one.path for one in found.files if one.form == "not data"} <= {"MANIFEST.tsv", "README.md", "SHA256SUMS"}

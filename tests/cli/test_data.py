"""`isthmus data check` on small directories."""

from __future__ import annotations

import json

import pytest

PAIRS = "A man sleeps.\tNobody is awake.\tneutral\nIt rains.\tIt is dry.\tcontradiction\n"
BARE = "A man sleeps.\tNobody is awake.\nIt rains.\tIt is dry.\n"
TAGGED = "The\tDET\nbridge\tNOUN\n\n"


@pytest.fixture
def data(tmp_path):
    """A function that writes files below a directory and returns it."""

    def data(**files):
        for name, content in files.items():
            file = (
                tmp_path / "data" / name.replace("__", "/").replace("_en", "-en").replace("_de", "-de").replace("_xx", "-xx")
            )
            file = file.with_name(f"{file.name}.tsv")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, "utf-8")
        return tmp_path / "data"

    return data


def words(line):
    return line.split()


def test_tasks_are_told_by_split_and_language_with_what_is_stripped(isthmus, data):
    root = data(xnli__dev_en=PAIRS, xnli__dev_de=PAIRS, xnli__test_xx=BARE, udpos__dev_de=TAGGED * 3)
    told = isthmus("data", "check", str(root))
    assert told.exit_code == 0
    lines = [words(line) for line in told.stdout.splitlines()]
    assert lines[0] == ["data:", str(root)]
    assert ["mnli", "dev", "xnli/dev-en.tsv", "en", "2", "2"] in lines
    assert ["xnli", "dev", "xnli/dev-{language}.tsv", "de", "2,", "en", "2", "4"] in lines
    assert ["test", "xnli/test-{language}.tsv", "xx+", "2", "2", "all"] in lines
    assert ["udpos", "dev", "udpos/dev-{language}.tsv", "de", "3", "3"] in lines
    assert "+ a language that the task does not have officially" in told.stdout
    assert words("xnli dev 13 of 15: ar bg el es fr hi ru sw th tr ur vi zh") in lines
    assert told.stdout.splitlines()[-1] == "4 files of data, no fault"


def test_each_data_directory_has_its_table_without_columns_that_are_empty(isthmus, data):
    root = data(xnli__dev_en=PAIRS, kept__xnli__dev_en=PAIRS, kept__xnli__test_xx=BARE)
    lines = [words(line) for line in isthmus("data", "check", str(root), "--task", "xnli").stdout.splitlines()]
    first, second = lines.index(["data:", str(root)]), lines.index(["data:", f"{root}/kept"])
    headers = ["task", "split", "file", "languages", "examples"]
    assert headers in lines[first:second]
    assert [*headers, "stripped"] in lines[second:]
    assert ["xnli", "dev", "xnli/dev-{language}.tsv", "en", "2", "2"] in lines[second:]


def test_a_fault_is_one_line_however_long_the_row_it_cites(isthmus, data):
    told = isthmus("data", "check", str(data(xnli__dev_en=PAIRS + "x" * 50_000 + "\n")))
    [line] = [line for line in told.stdout.splitlines() if "xxx" in line]
    assert "1 columns, expected 3" in line


def test_every_malformed_line_is_told_and_the_exit_code_is_1(isthmus, data):
    root = data(xnli__dev_en=PAIRS + "one column\n" + PAIRS + "A.\tB.\tneutrl\n")
    told = isthmus("data", "check", str(root))
    assert told.exit_code == 1
    assert f"{root}/xnli/dev-en.tsv:3: 1 columns" in told.stdout
    assert f"{root}/xnli/dev-en.tsv:6: unknown label 'neutrl'; did you mean 'neutral'?" in told.stdout
    assert told.stdout.splitlines()[-1] == "1 file of data, 2 faults"


def test_other_data_are_told_by_folder_with_a_place_for_them(isthmus, data):
    root = data(more__dev_en=PAIRS, more__dev_de=PAIRS)
    told = isthmus("data", "check", str(root))
    (line,) = [words(line) for line in told.stdout.splitlines() if line.strip().startswith("more")]
    assert line == ["more", "pairs", "of", "texts", "(pairs)", "de", "en", "xnli/dev-de.tsv", "...", "2", "4"]


def test_everything_is_written_as_json(isthmus, data, tmp_path):
    root = data(xnli__dev_en=PAIRS + "x\n", more__own_de=TAGGED)
    told = isthmus("data", "check", str(root), "--out", str(tmp_path / "found.json"), "--json")
    assert told.exit_code == 1
    document = json.loads(told.stdout)
    assert document == json.loads((tmp_path / "found.json").read_text("utf-8"))
    assert (document["directory"], document["faults"]) == (str(root), 1)
    files = {one["path"]: one for one in document["files"]}
    one = files["xnli/dev-en.tsv"]
    assert (one["format"], one["language"], one["examples"], one["stripped"]) == ("pairs", "en", 2, 0)
    assert {"task": "xnli", "split": "dev", "data": ".", "layout": "xnli/dev-{language}.tsv", "read": True} in one["tasks"]
    assert [(fault["line"], fault["what"][:9]) for fault in one["faults"]] == [(3, "1 columns")]
    assert files["more/own-de.tsv"]["tasks"] == []


def test_a_file_that_cannot_be_written_is_an_error(isthmus, data, tmp_path):
    told = isthmus("data", "check", str(data(xnli__dev_en=PAIRS)), "--out", str(tmp_path / "no/found.json"))
    assert told.exit_code == 2
    assert "found.json cannot be written (No such file or directory)" in told.stderr


def test_only_the_tasks_asked_for_are_told(isthmus, data):
    root = data(xnli__dev_en=PAIRS + "x\n", udpos__dev_de=TAGGED, more__dev_en=PAIRS)
    told = isthmus("data", "check", str(root), "--task", "udpos")
    assert told.exit_code == 0
    assert told.stdout.splitlines()[-1] == "1 file of data, no fault"
    assert isthmus("data", "check", str(root), "--task", "xnly").exit_code == 2


def test_a_directory_without_data_is_an_error(isthmus, tmp_path):
    told = isthmus("data", "check", str(tmp_path))
    assert told.exit_code == 2
    assert "no file below this directory is data that is known here" in told.stderr
    assert "no such directory" in isthmus("data", "check", str(tmp_path / "gone")).stderr

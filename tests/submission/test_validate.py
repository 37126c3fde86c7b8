"""Broken submissions: each fault is named with its file, its line or id, what was found and what was expected."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from isthmus.core.errors import DataError, UnknownName
from isthmus.submission.layout import VERSIONS


@pytest.mark.parametrize("version", ["xtreme", "xtreme-r"])
def test_a_whole_submission_has_no_fault(version, submission):
    checked = submission(version).check()
    assert checked.faults == ()
    assert checked.notes == ()
    assert checked.absent == {}
    assert set(checked.missing.values()) == {()}


def questions(**changes):
    return json.dumps({"5ab1": "1 banks", "5ab2": "2 banks"} | changes)


BROKEN = {
    # task, content of test-de (None: no such file), sort of fault, line, what is said
    "missing language": ("xnli", None, "missing-language", None, "1 of 15 languages are missing: de; expected test-de.tsv"),
    "too few rows": ("xnli", "neutral\nneutral\n", "wrong-count", None, "2 rows, expected 3 as in"),
    "too many rows": ("pawsx", "0\n1\n1\n1\n", "wrong-count", None, "4 rows, expected 3 as in"),
    "too few sentences": ("panx", "O\nO\nO\nO\n", "wrong-count", None, "1 sentences, expected 2 as in"),
    "token slip": ("panx", "O\nO\nO\nO\n\nO\n", "token-slip", 6, "sentence 2 has 1 tags, expected 2 as in"),
    "bad label": ("xnli", "neutral\nentailmnt\nneutral\n", "bad-label", 2, "'entailmnt'; did you mean 'entailment'?"),
    "label of another case": ("xnli", "neutral\nNeutral\nneutral\n", "bad-label", 2, "did you mean 'neutral'?"),
    "bad tag": ("udpos", "NOUN\nNOUN\nVERB\nNUON\n\nVERB\nNOUN\n", "bad-label", 4, "'NUON'; did you mean 'NOUN'"),
    "words beside tags": ("udpos", "a\tDET\nX\nX\nX\n\nX\nX\n", "bad-label", 1, "expected a tag alone on each line"),
    "byte-order mark": ("xnli", "\ufeffneutral\nneutral\nneutral\n", "byte-order-mark", 1, "which evaluate.py takes for"),
    "byte-order mark of JSON": ("xquad", f"\ufeff{questions()}", "byte-order-mark", 1, "or cannot read"),
    "blank line": ("xnli", "neutral\n\nneutral\n", "blank-line", 2, "a blank line, expected a label"),
    "two blank lines": ("panx", "O\nO\nO\nO\n\n\nO\nO\n", "blank-line", 6, "ends no sentence"),
    "index out of range": ("tatoeba", "1\n3\n0\n", "out-of-range", 2, "there is no row 3, expected 0 to 2"),
    "no index": ("tatoeba", "1\n-1\n0\n", "no-index", 2, "found '-1'"),
    "index with a leading zero": ("tatoeba", "01\n1\n0\n", "no-index", 1, "found '01'"),
    "index of 5,000 digits": ("tatoeba", f"{'1' * 5000}\n1\n0\n", "no-index", 1, "found '1111"),
    "unknown id": ("xquad", questions(**{"5ab3": "three"}), "unknown-id", None, "no id '5ab3'; did you mean '5ab"),
    "missing id": ("mlqa", '{"5ab1": "1 banks"}', "missing-id", None, "no answer to '5ab2', which"),
    "duplicate id": (
        "xquad",
        '{"5ab1": "a", "5ab2": "b", "5ab1": "c"}',
        "duplicate",
        None,
        "'5ab1' stands more than once",
    ),
    "an answer that is no text": (
        "xquad",
        questions(**{"5ab2": ["b"]}),
        "no-text",
        None,
        "'5ab2': expected a string",
    ),
    "not JSON": ("mlqa", '{"q1": "a",\n', "unreadable", 2, "not JSON"),
    "JSON too deep to read": ("mlqa", "[" * 100_000, "unreadable", None, "not JSON"),
    "JSON of another form": ("mlqa", '["a", "b"]', "unreadable", None, "expected a JSON object, an answer by id"),
    "pair twice": ("bucc2018", "de-0001\ten-0007\nde-0001\ten-0007\n", "duplicate", 2, "stands already in line 1"),
    "no pair": ("bucc2018", "de-0001 en-0007\n", "no-pair", 1, "expected `id TAB id`"),
    "sides of a pair exchanged": ("bucc2018", "en-0007\tde-0001\n", "unknown-id", 1, "'en-0007' is no such id"),
    "empty file": ("xnli", "", "unreadable", None, "the file is empty"),
    "blank file": ("panx", "\n\n", "unreadable", None, "nothing but blank lines"),
    "another encoding": ("xnli", "neutral\nneutr\xe4l\n".encode("latin-1"), "unreadable", 2, "not UTF-8 (byte 0xe4)"),
    "UTF-16": ("xnli", "neutral\n".encode("utf-16"), "unreadable", 1, "UTF-16, not UTF-8"),
}
BROKEN_R = {
    "label that is no number": ("xcopa", "tr", '{"label": "1"}\n' * 3, "bad-label", 1, "found '1'"),
    "label that is neither": (
        "xcopa",
        "tr",
        '{"label": 1}\n{"label": 2}\n{"label": 1}\n',
        "bad-label",
        2,
        "; found 2",
    ),
    "row that is no JSON": ("xcopa", "tr", '{"label": 1}\n{label}\nnull\n', "bad-label", 2, "found none"),
    "row too many": ("xcopa", "tr", '{"label": 1}\n' * 4, "wrong-count", None, "4 rows, expected 3"),
    "more than twenty entities": (
        "mewslix",
        "de",
        json.dumps({"m1": [f"Q{n}" for n in range(21)], "m2": []}),
        "too-many",
        None,
        "'m1': 21 ids, expected 20 at most",
    ),
    "entity twice": (
        "mewslix",
        "de",
        '{"m1": ["Q1", "Q2", "Q1"], "m2": []}',
        "duplicate",
        None,
        "'Q1' stands",
    ),
    "name of an entity": ("mewslix", "de", '{"m1": ["Rome"], "m2": []}', "unknown-id", None, "'m1': 'Rome' is no such id"),
    "no list": ("mewslix", "de", '{"m1": "Q1", "m2": []}', "no-list", None, "'m1': expected a list of ids, found 'Q1'"),
    "unknown query": ("lareqa", "de", '{"m1": [], "m2": [], "m": []}', "unknown-id", None, "no id 'm'; did you mean"),
}


@pytest.mark.parametrize(("task", "content", "sort", "line", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_named(task, content, sort, line, said, submission):
    folders = submission("xtreme", task)
    path = folders.path(task, "de")
    if content is None:
        path.unlink()
        path = path.parent
    else:
        folders.write(task, "de", content)
    faults = [fault for fault in folders.check().faults if fault.sort == sort]
    assert [fault.path for fault in faults[:1]] == [path]
    assert faults[0].line == line
    assert said in faults[0].what
    assert str(faults[0]).startswith(f"{path}:{line}: " if line else f"{path}: ")


@pytest.mark.parametrize(("task", "language", "content", "sort", "line", "said"), BROKEN_R.values(), ids=BROKEN_R)
def test_a_broken_file_of_xtreme_r_is_named(task, language, content, sort, line, said, submission):
    folders = submission("xtreme-r", task)
    path = folders.write(task, language, content)
    found = [(f.path, f.line, said in f.what) for f in folders.check().faults if f.sort == sort]
    assert found[0] == (path, line, True)


def test_all_faults_of_a_folder_are_told_together(submission):
    folders = submission("xtreme", "xnli", "panx", "xquad")
    for language in ("de", "fr"):
        folders.path("xnli", language).unlink()
    folders.write("xnli", "sw", "neutral\nnone\nneutral\nneutral\n")
    folders.write("panx", "sw", "O\nO\n\nO\nO\n")
    folders.write("xquad", "th", "{")
    faults = folders.check().faults
    assert [f.sort for f in faults] == ["missing-language", "wrong-count", "bad-label", "token-slip", "unreadable"]
    assert "2 of 15 languages are missing: de, fr" in faults[0].what


def test_many_faults_of_one_sort_are_summed_up(submission):
    folders = submission("xtreme", "xnli")
    folders.write("xnli", "de", "yes\n" * 1000)
    sorts = [(f.sort, f.line) for f in folders.check().faults]
    assert sorts == [("wrong-count", None), *(("bad-label", line) for line in (1, 2, 3, 4))]
    assert "997 more faults" in folders.check().faults[-1].what


def test_after_a_lost_sentence_only_the_first_slip_is_told(submission):
    folders = submission("xtreme", "panx")
    (folders.labels / "panx" / "test-de.tsv").write_text("O\nO\n\nO\n\nO\nO\nO\n\nO\n", "utf-8")
    folders.write("panx", "de", "O\nO\n\nO\nO\nO\n\nO\n")
    assert [(f.sort, f.line) for f in folders.check().faults] == [("wrong-count", None), ("token-slip", 4)]


def test_a_folder_that_is_no_task_and_a_file_that_is_no_language_are_named(submission):
    folders = submission("xtreme", "xnli")
    (folders.predictions / "xnil").mkdir()
    folders.path("xnli", "de").rename(folders.predictions / "xnli" / "test-de.txt")
    faults = {f.sort: f for f in folders.check().faults}
    assert set(faults) == {"unknown-task", "missing-language", "unknown-file"}
    assert "did you mean 'xnli'" in faults["unknown-task"].what
    assert "test-de.txt" in str(faults["unknown-file"])
    assert "'test-de.tsv'" in faults["unknown-file"].what


def test_what_only_the_other_version_has_is_passed_over_and_said(submission):
    folders = replace(submission("xtreme-r", "xquad", "xcopa", "mewslix"), version="xtreme")
    checked = folders.check()
    assert checked.faults == ()
    assert checked.notes == ("mewslix, xcopa: not in xtreme", "xquad: test-ro.json not in xtreme")


def test_hidden_files_are_no_fault(submission):
    folders = submission("xtreme", "xnli")
    (folders.predictions / ".cache").mkdir()
    (folders.predictions / "xnli" / ".DS_Store").write_bytes(b"\0")
    assert folders.check().faults == ()


def test_tasks_that_are_in_one_folder_alone_are_absent_and_why_is_said(submission):
    folders = submission("xtreme", "xnli", "panx")
    (folders.labels / "panx").rename(folders.labels / "udpos")
    checked = folders.check()
    assert checked.faults == ()
    assert list(checked.pairs) == ["xnli"]
    assert (checked.absent["panx"], checked.absent["udpos"]) == ("no labels", "no predictions")
    assert checked.absent["mlqa"] == "no predictions and no labels"


def test_a_task_that_is_asked_for_must_be_there(submission):
    folders = submission("xtreme", "xnli", "panx")
    checked = folders.check("xnli", "mlqa")
    assert [f.sort for f in checked.faults] == ["missing-task"]
    assert "no predictions and no labels of mlqa" in str(checked.faults[0])
    assert checked.absent["panx"] == "not asked for"


def test_a_task_of_no_version_cannot_be_asked_for(submission):
    with pytest.raises(UnknownName, match="unknown task of xtreme 'xnil'; did you mean 'xnli'"):
        submission("xtreme", "xnli").check("xnil")


def test_folders_without_any_task_of_the_version_are_a_fault(submission):
    [fault] = replace(submission("xtreme", "pawsx"), version="xtreme-r").check().faults
    assert "no task of xtreme-r has predictions here" in fault.what
    assert "xnli" in fault.what


def test_a_folder_that_is_not_there_is_an_error(submission, tmp_path):
    with pytest.raises(DataError, match="cannot be listed"):
        replace(submission("xtreme", "xnli"), predictions=tmp_path / "none").check()


def test_a_partial_submission_may_lack_languages_of_either_folder(submission):
    folders = submission("xtreme", "xnli")
    folders.path("xnli", "de").unlink()
    (folders.labels / "xnli" / "test-fr.tsv").unlink()
    checked = folders.check(partial=True)
    assert checked.faults == ()
    assert checked.missing["xnli"] == ("de", "fr")
    assert set(checked.pairs["xnli"]) == set(VERSIONS["xtreme"].languages["xnli"]) - {"de", "fr"}


@pytest.mark.parametrize(
    ("task", "labels", "said"),
    [
        ("xquad", '{"data": [{"paragraphs": [{"qas": [{"id": "q1", "answers": [{"text": ""}]}]}]}]}', "were stripped"),
        ("xquad", '{"data": [{"paragraphs": [{"context": ""}]}]}', "not in SQuAD's layout"),
        ("xquad", '{"data": []}', "were stripped"),
        ("xnli", "neutral\n\n", "a blank line, expected a label"),
        ("bucc2018", "de-1 en-1\n", "expected `id TAB id`"),
    ],
)
def test_a_faulty_file_of_labels_is_named_and_nothing_is_measured_by_it(task, labels, said, submission):
    folders = submission("xtreme", task)
    path = folders.labels / task / folders.path(task, "de").name
    path.write_text(labels, "utf-8")
    [fault] = folders.check().faults
    assert fault.path == path
    assert said in fault.what


@pytest.mark.parametrize(
    ("labels", "said"), [('{"m1": [], "m2": ["Q1"]}', "'m1' has no right candidate"), ("{}", "is empty")]
)
def test_a_query_without_a_right_candidate_is_a_fault_of_the_labels(labels, said, submission):
    folders = submission("xtreme-r", "mewslix")
    (folders.labels / "mewslix" / "test-de.json").write_text(labels, "utf-8")
    assert said in folders.check().faults[0].what


def test_an_excerpt_of_a_retrieval_does_not_tell_which_rows_there_are(submission):
    folders = submission("xtreme", "tatoeba")
    (folders.labels / "tatoeba" / "test-de.tsv").write_text("17\n400\n2\n", "utf-8")
    folders.write("tatoeba", "de", "17\n999\n2\n")
    assert folders.check().faults == ()


def test_one_sentence_may_be_mined_twice_and_none_at_all(submission):
    folders = submission("xtreme", "bucc2018")
    folders.write("bucc2018", "de", "de-0001\ten-0007\nde-0001\ten-0003\n")
    folders.write("bucc2018", "fr", "")
    assert folders.check().faults == ()


def test_windows_line_ends_and_a_missing_last_one_are_no_fault(submission):
    folders = submission("xtreme", "xnli", "panx")
    folders.write("xnli", "de", "neutral\r\nneutral\r\nneutral")
    folders.write("panx", "de", "O\r\nO\r\nO\r\nO\r\n\r\nO\r\nO")
    assert folders.check().faults == ()

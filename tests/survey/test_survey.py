"""What lies in a directory is found with its tasks, counts and faults."""

from __future__ import annotations

import json
import os

import pytest

from isthmus.core.errors import DataError, UnknownName
from isthmus.survey.survey import survey

PAIRS = "A man sleeps.\tNobody is awake.\tneutral\nIt rains.\tIt is dry.\tcontradiction\nTwo eat.\tSome eat.\tentailment\n"
BARE = "A man sleeps.\tNobody is awake.\nIt rains.\tIt is dry.\n"
TAGGED = "The\tDET\nbridge\tNOUN\nstands\tVERB\n\nBirds\tNOUN\nsing\tVERB\n\n"


def by_path(found):
    return {one.path: one for one in found.files}


def test_a_file_of_two_tasks_is_read_once_and_told_with_both(lay):
    found = survey(lay({"xnli/dev-en.tsv": PAIRS, "xnli/test-de.tsv.gz": BARE}), ["xnli", "mnli"])
    one, other = found.files
    assert (one.path, one.language, one.examples, one.stripped) == ("xnli/dev-en.tsv", "en", 3, 0)
    assert {(use.task, use.split, use.data) for use in one.uses} == {("xnli", "dev", ""), ("mnli", "dev", "")}
    assert (other.path, other.language, other.examples, other.stripped) == ("xnli/test-de.tsv.gz", "de", 2, 2)
    assert [file.path for file in found.of_task("mnli")] == ["xnli/dev-en.tsv"]
    assert found.faults == ()


def test_every_malformed_line_of_every_file_is_told(lay):
    files = {
        "xnli/dev-en.tsv": PAIRS + "one column\n" + PAIRS + "A.\tB.\tmaybe\n",
        "udpos/test-de.tsv": TAGGED + "Haus\tNOMEN\n\n",
        "elsewhere/dev-hr.tsv": PAIRS * 3 + "A.\tB.\n",
        "intermediate/hellaswag/hellaswag_val.jsonl": '{"ctx": "A", "endings": ["b.", "c."], "label": 0}\n{"ctx"\n',
    }
    root = lay(files)
    found = survey(root)
    assert {(str(fault.path.relative_to(root)), fault.line) for fault in found.faults} == {
        ("xnli/dev-en.tsv", 4),
        ("xnli/dev-en.tsv", 8),
        ("udpos/test-de.tsv", 8),
        ("elsewhere/dev-hr.tsv", 10),
        ("intermediate/hellaswag/hellaswag_val.jsonl", 2),
    }
    assert by_path(found)["xnli/dev-en.tsv"].examples == 6


def test_faults_of_a_file_are_told_by_line_whichever_was_found_first(lay):
    head = "id,context,question,answer0,answer1,answer2,answer3,label\n"
    root = lay({"cosmosqa/valid.csv": head + '1,c,q,a,b,c,d,1\n2,c,q,a,b,c,d,7\n3,"c,q,a,b,c,d,1\n'})
    assert [fault.line for fault in survey(root).faults] == [3, 4]


def test_a_folder_under_the_name_of_a_data_file_is_a_fault_wherever_what_it_holds_is_read(lay):
    root = lay({"xnli/dev-en.tsv/data": "x", "xnli/dev-de.tsv": PAIRS, "more/notes.d/a": "x"})
    [fault] = survey(root, ["xnli"]).faults
    assert str(fault) == f"{root}/xnli/dev-en.tsv: a folder, expected a file of xnli"


def test_the_other_side_of_a_bitext_and_gold_pairs_are_parts(lay):
    files = {"tatoeba/de-en.de": "Eins\nZwei\n", "tatoeba/de-en.en": "One\nTwo\n"}
    files |= {"bucc2018/de-en.dev.de": "de-1\tEins\n", "bucc2018/de-en.dev.en": "en-1\tOne\n"}
    files |= {"bucc2018/de-en.dev.gold": "de-1\ten-1\n", "laser/t.amh-eng.amh": "A\n", "laser/t.amh-eng.eng": "One\n"}
    found = by_path(survey(lay(files)))
    parts = {path: one.note for path, one in found.items() if one.form == "part of another file"}
    assert parts == {
        "tatoeba/de-en.en": "part of tatoeba/de-en.de",
        "bucc2018/de-en.dev.en": "part of bucc2018/de-en.dev.de",
        "bucc2018/de-en.dev.gold": "part of bucc2018/de-en.dev.de",
        "laser/t.amh-eng.eng": "part of laser/t.amh-eng.amh",
    }
    assert [found[path].examples for path in ("tatoeba/de-en.de", "bucc2018/de-en.dev.de", "laser/t.amh-eng.amh")] == [
        2,
        1,
        1,
    ]


def test_a_file_where_no_task_looks_is_told_with_a_place_for_it(lay):
    (one,) = survey(lay({"more/dev-hr.tsv": PAIRS})).files
    assert (one.uses, one.form, one.format, one.language) == ((), "pairs of texts", "pairs", "hr")
    assert (one.note, one.examples, one.stripped) == ("xnli/dev-hr.tsv", 3, 0)


def test_predictions_under_the_name_of_a_data_file_are_answers_not_faults(lay):
    files = {"predictions/xnli/test-de.tsv": "neutral\nentailment\n", "predictions/udpos/test-de.tsv": "DET\nNOUN\n\nVERB\n"}
    found = survey(lay(files))
    assert [(one.form, one.examples) for one in found.files] == [("answers alone", 2)] * 2
    assert found.faults == ()


def test_a_file_of_several_languages_is_found_once_for_each_that_it_has(lay):
    rows = [
        {"language": language, "sentence1": "A", "sentence2": "B", "gold_label": "neutral"}
        for language in ("de", "de", "fr")
    ]
    found = survey(lay({"XNLI-1.0/xnli.dev.jsonl": "".join(json.dumps(row) + "\n" for row in rows)}), ["xnli"])
    assert [(one.language, one.examples) for one in found.files] == [("de", 2), ("fr", 1)]
    assert found.faults == ()


def test_the_earlier_of_two_layouts_is_read_and_the_other_is_not(lay):
    row = json.dumps({"sentence1": "A", "sentence2": "B", "gold_label": "neutral"}) + "\n"
    found = by_path(survey(lay({"xnli/train-en.tsv": PAIRS, "intermediate/mnli/train.jsonl": row}), ["mnli"]))
    assert {path: one.uses[0].read for path, one in found.items()} == {
        "xnli/train-en.tsv": True,
        "intermediate/mnli/train.jsonl": False,
    }


def test_a_set_in_the_root_is_read_before_the_same_in_a_folder(lay):
    found = by_path(
        survey(lay({"udpos/dev-en.tsv": TAGGED, "xtreme-r/udpos/dev-en.tsv": TAGGED, "old/udpos/dev-en.tsv": TAGGED}))
    )
    assert {path: (one.uses[0].data, one.uses[0].read) for path, one in found.items()} == {
        "udpos/dev-en.tsv": ("", True),
        "xtreme-r/udpos/dev-en.tsv": ("", False),
        "old/udpos/dev-en.tsv": ("old", True),
    }


def test_the_folder_of_one_task_may_be_looked_into(lay):
    (one,) = survey(lay({"xnli/dev-de.tsv": PAIRS}) / "xnli").files
    assert (one.path, one.language, one.uses[0].task, one.uses[0].data) == ("dev-de.tsv", "de", "xnli", "..")


def test_what_a_task_would_object_to_elsewhere_is_a_doubt(lay, squad):
    double = squad("a", "b").replace('"q1"', '"q0"')
    found = by_path(survey(lay({"more/own.json": double, "xquad/xquad.de.json": double})))
    assert (found["more/own.json"].examples, found["more/own.json"].faults) == (2, ())
    assert "stands more than once" in found["more/own.json"].doubt
    assert ["stands more than once" in fault.what for fault in found["xquad/xquad.de.json"].faults] == [True]


@pytest.mark.parametrize(
    ("path", "content", "what"),
    [
        ("xnli/dev-de.tsv", b"", "empty"),
        ("more/dev-de.tsv", b"", "empty"),
        ("xnli/dev-de.tsv.gz", b"\x1f\x8b\x08\x00broken", "damaged"),
        ("more/dev-de.tsv.gz", b"\x1f\x8b\x08\x00broken", "damaged"),
        ("more/own.json.gz", b"not zipped", "damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_fault_wherever_it_lies(lay, path, content, what):
    root = lay({"udpos/dev-en.tsv": TAGGED, path: content})
    (fault,) = survey(root).faults
    assert fault.path == root / path
    assert what in fault.what


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_a_fault(lay):
    root = lay({"udpos/dev-en.tsv": TAGGED, "udpos/dev-de.tsv": TAGGED})
    (root / "udpos/dev-de.tsv").chmod(0)
    (fault,) = survey(root).faults
    assert "Permission denied" in fault.what


def test_links_are_no_trap_and_none_is_passed_over_in_silence(lay):
    root = lay({"udpos/dev-en.tsv": TAGGED})
    (root / "udpos/again").symlink_to(root)
    (root / "udpos/dev-de.tsv").symlink_to(root / "gone.tsv")
    found = survey(root)
    assert by_path(found)["udpos/again"].note == "a link to a folder above it, not followed"
    assert [fault.path.name for fault in found.faults] == ["dev-de.tsv"]


@pytest.mark.parametrize("files", [{}, {"README.md": "No data yet.\n"}, {"udpos/.dev-en.tsv": TAGGED}])
def test_a_directory_without_data_is_an_error(lay, tmp_path, files):
    root = lay(files)
    root.mkdir(exist_ok=True)
    with pytest.raises(DataError, match="no file below this directory is data"):
        survey(root)


def test_a_directory_without_files_of_a_task_is_an_error_that_says_where_they_lie(lay):
    with pytest.raises(DataError, match=r"no file of xnli .* expected xnli/dev-\{language\}.tsv"):
        survey(lay({"udpos/dev-en.tsv": TAGGED}), ["xnli"])


def test_what_is_no_directory_and_what_is_no_task_are_errors(lay):
    root = lay({"udpos/dev-en.tsv": TAGGED})
    with pytest.raises(DataError, match="no such directory"):
        survey(root / "elsewhere")
    with pytest.raises(DataError, match="not a directory"):
        survey(root / "udpos/dev-en.tsv")
    with pytest.raises(UnknownName, match="did you mean 'xnli'"):
        survey(root, ["xnly"])


def test_each_file_is_told_as_it_is_read(lay):
    ticks = []
    survey(lay({"udpos/dev-en.tsv": TAGGED, "README.md": "x"}), tick=lambda *told: ticks.append(told))
    assert ticks == [(0, 2, "README.md"), (1, 2, "udpos/dev-en.tsv")]


def test_raw_text_by_domain_is_found_as_a_task_of_its_own(lay):
    found = survey(lay({"text/en.txt": "one line\ntwo\n", "text/news/en.txt": "one\n", "text/news/de.txt": "eins\n"}))
    used = {one.path: {use.task for use in one.uses} for one in found.files}
    assert used["text/news/de.txt"] >= {"mlm/news"}
    assert not any("/" in name for name in used["text/en.txt"])
    assert {task.name for task in found.tasks} >= {"mlm", "mlm/news"}
    assert [one.path for one in found.of_task("mlm/news")] == ["text/news/de.txt", "text/news/en.txt"]

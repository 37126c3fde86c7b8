"""Tables of pairs below a header: columns by their names, quotes only where a set has them, one language of several."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.sources.example import TextPair
from isthmus.sources.format import load_format
from isthmus.sources.formats.table import read

NLI = ("contradiction", "entailment", "neutral")
MNLI = "index\tgenre\tsentence1\tsentence2\tlabel1\tgold_label\n"
QQP = "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n"
XNLI = "language\tgold_label\tsentence1\tsentence2\n"
cell = st.text(st.characters(codec="utf-8", exclude_characters="\t\n\r\0\ufeff"))


@pytest.mark.parametrize(
    ("content", "pairs"),
    [
        (MNLI + "7\tslate\tRain fell.\tIt was wet.\tneutral\tentailment\n", [("Rain fell.", "It was wet.", "entailment")]),
        ("index\tsentence1\tsentence2\tlabel\n0\tA\tB\tneutral\n", [("A", "B", "neutral")]),
        (QQP + "13\t1\t2\tIs it?\tIt is?\t1\n14\t3\t4\tWho?\t\t0\n", [("Is it?", "It is?", "1"), ("Who?", "", "0")]),
        ("premise\thypo\tlabel\nA\tB\tcontradictory\n", [("A", "B", "contradiction")]),
        ("\ufeffPremise\tHypothesis\tLabel\nA\tB\tneutral\n", [("A", "B", "neutral")]),
    ],
)
def test_pairs_are_read_by_the_names_of_their_columns(written, content, pairs):
    labels = ("0", "1") if "is_duplicate" in content else NLI
    assert read(written(content), labels) == [TextPair(str(i), *pair) for i, pair in enumerate(pairs)]


@pytest.mark.parametrize(
    "content",
    ["id\tquestion1\tquestion2\n0\tA\tB\n", "index\tsentence1\tsentence2\n0\tA\tB\n", "Premise\tHypothesis\nA\tB\n"],
)
def test_a_test_file_without_the_column_has_no_labels(written, content):
    assert read(written(content), NLI) == [TextPair("0", "A", "B", None)]


def test_a_quotation_mark_is_but_a_character(written):
    path = written(MNLI + '0\tx\t"Go," he said.\tHe said "go\tneutral\tneutral\n1\tx\ta "\t""\tneutral\tneutral\n')
    assert [(e.first, e.second) for e in read(path, NLI)] == [('"Go," he said.', 'He said "go'), ('a "', '""')]


def test_question_pairs_are_quoted_and_may_hold_a_line_end(written):
    path = written(QQP + '1\t1\t2\t"What is ""lest""?\n"\tHow so?\t0\n2\t3\t4\ta\tb\t1\n')
    assert [pair.first for pair in read(path, ("0", "1"))] == ['What is "lest"?\n', "a"]


@given(st.lists(st.tuples(cell, cell, st.sampled_from("01")), min_size=1))
def test_whatever_stands_in_cells_is_read_as_it_stands(tmp_path_factory, rows):
    bare = tmp_path_factory.getbasetemp() / "bare.tsv"
    bare.write_text("id\tsentence1\tsentence2\tlabel\n" + "".join("\t".join(("0", *r)) + "\n" for r in rows), "utf-8")
    quoted = tmp_path_factory.getbasetemp() / "quoted.tsv"
    stream = StringIO(newline="")
    csv.writer(stream, delimiter="\t").writerows([("question1", "question2", "is_duplicate"), *rows])
    quoted.write_text(stream.getvalue(), "utf-8", newline="")
    for path in (bare, quoted):
        assert [(e.first, e.second, e.label) for e in read(path, ("0", "1"))] == rows


def test_one_language_of_several_is_read_and_its_ids_count_its_rows(written):
    path = written(XNLI + "de\tneutral\tA\tB\nfr\tentailment\tC\tD\nde\tcontradiction\tE\tF\n")
    examples = load_format("table").examples(path, NLI, "de")
    assert examples == [TextPair("0", "A", "B", "neutral"), TextPair("1", "E", "F", "contradiction")]


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        (
            "id\tquestion\tquestion2\n1\ta\tb\n",
            1,
            "no two texts among the names id, question, question2; expected sentence1",
        ),
        ("a\tb\tneutral\n", 1, "premise and hypo"),
        (QQP, 1, "no row below the header"),
        (QQP + "1\t1\t2\ta\tb\t1\n2\t3\t4\ta\t0\n", 3, "5 columns, expected 6 as in the header"),
        (QQP + "1\t1\t2\ta\tb\t2\n", 2, "unknown label '2'; known: 0, 1"),
        (QQP + "1\t1\t2\ta\tb\t\n", 2, "the label is missing"),
        (QQP + "\n", 2, "a blank line"),
        (QQP + '1\t1\t2\t"a\tb\t0\n', 2, "the quotes of this row do not match"),
        (QQP + '1\t1\t2\t"a\nb"\tb\t0\n2\t3\t4\ta\tb\tno\n', 4, "unknown label 'no'"),
        ("sentence1\tsentence2\tlabel\na\tb\t-\n", 2, "unknown label '-'"),
        ("sentence1\tsentence2\tlabel\na\tb\t1\n\na\tb\t0\n", 3, "a blank line"),
        ("sentence1\tsentence2\tlabel\na\tb\t1\na\tb\t1\tc\n", 3, "4 columns, expected 3 as in the header"),
    ],
)
def test_a_malformed_row_is_refused_by_its_physical_line(written, refused, content, line, what):
    error = refused(read, written(content), ("0", "1"))
    assert error.line == line
    assert what in error.what


def test_a_fault_shows_no_more_than_the_beginning_of_a_long_row(written, refused):
    assert len(refused(read, written(MNLI + "x" * 5000 + "\tb\n"), NLI).what) < 300

"""Every malformed line of a file is told, by the number it has in the file."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.survey.through import MOST, read_through

PAIRS = "A man sleeps.\tNobody is awake.\tneutral\nIt rains.\tIt is dry.\tcontradiction\nTwo eat.\tSome eat.\tentailment\n"
TAGGED = "The\tDET\nbridge\tNOUN\nstands\tVERB\n\nBirds\tNOUN\nsing\tVERB\n\n"
NLI = ("contradiction", "entailment", "neutral")
UPOS = ("DET", "NOUN", "VERB")


@pytest.fixture
def told(lay):
    """A function that reads a file through and returns how many examples there are, and {line: what} of the faults."""

    def told(format_, content, labels=(), name="xnli/dev-en.tsv", **more):
        root = lay({name: content})
        reading = read_through(format_, root / name, labels, **more)
        assert all(fault.path == root / name for fault in reading.faults)
        return len(reading.examples), {fault.line: fault.what for fault in reading.faults}

    return told


def test_a_sound_file_is_read_as_it_is(told):
    assert told("pairs", PAIRS, NLI) == (3, {})


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_file_in_utf_16_is_one_fault_however_many_lines_it_has(encoding, told):
    examples, faults = told("pairs", f"\ufeff{PAIRS}".encode(encoding), NLI)
    assert (examples, list(faults)) == (0, [1])
    assert "UTF-16" in faults[1]


def test_each_bad_row_is_told_and_the_others_are_read(told):
    rows = [*PAIRS.splitlines(), "only one column", *PAIRS.splitlines(), "A.\tB.\tnutral", "A.\tB.\t"]
    examples, faults = told("pairs", "\n".join(rows) + "\n", NLI)
    assert examples == 6
    assert list(faults) == [4, 8, 9]
    assert "1 columns" in faults[4]
    assert "did you mean 'neutral'?" in faults[8]
    assert "label is missing" in faults[9]


@given(st.sets(st.integers(1, 30), max_size=12))
@settings(max_examples=15, deadline=None)
def test_whichever_lines_are_bad_just_those_are_told(tmp_path_factory, bad):
    rows = [json.dumps({"ctx": "A man", "endings": ["sits.", "flies."], "label": 0}) for _ in range(40)]
    file = tmp_path_factory.mktemp("bad") / "hellaswag_val.jsonl"
    file.write_text("\n".join("{" if n in bad else row for n, row in enumerate(rows, 1)) + "\n", "utf-8")
    reading = read_through("hellaswag", file)
    assert {fault.line for fault in reading.faults} == bad
    assert len(reading.examples) == 40 - len(bad)


def test_a_zipped_file_is_told_by_its_own_name_and_lines(lay):
    root = lay({"panx/dev-de.tsv.gz": "Ana\tB-PER\n\nBonn\tB-LOK\n\nUlm\tB-LOC\n\n"})
    (fault,) = read_through("tags", root / "panx/dev-de.tsv.gz", ("B-PER", "B-LOC")).faults
    assert str(fault).startswith(f"{root / 'panx/dev-de.tsv.gz'}:3: unknown tag 'B-LOK'")


def test_a_quoted_row_of_several_lines_is_left_out_whole(told):
    bad = '"It rains\nand rains."\t"It\nis dry."\tmaybe\n'
    examples, faults = told("pairs", PAIRS + bad + PAIRS + "x\n", NLI)
    assert examples == 6
    assert list(faults) == [4, 10]


def test_a_quotation_mark_that_does_not_close_spares_the_rest(told):
    examples, faults = told("pairs", PAIRS + '"never closed\tIt rains.\tneutral\n' + PAIRS, NLI)
    assert examples == 6
    assert list(faults) == [4]


def test_a_sentence_of_one_bad_word_leaves_no_empty_sentence(told):
    examples, faults = told("tags", TAGGED + "Rain\tNUON\n\n" + TAGGED, UPOS)
    assert (examples, list(faults)) == (4, [8])


def test_a_sentence_of_a_treebank_with_a_bad_line_is_told_once(told):
    def sentence(*ids):
        return "".join(f"{i}\tw\tw\tNOUN\t_\t_\t0\troot\t_\t_\n" for i in ids) + "\n"

    content = sentence(1, 2, 3) + sentence(1, 3, 4) + sentence(1, 2) + "1\tonly\n\n" + sentence(1)
    examples, faults = told("conllu", content, name="a.conllu")
    assert (examples, list(faults)) == (3, [6, 12])


def test_a_missing_column_is_told_once_not_for_every_row(told):
    examples, faults = told("table", "sentence1\tsentense2\tlabel\n" + PAIRS)
    assert (examples, list(faults)) == (0, [1])


def test_an_odd_first_line_is_told_not_all_that_differ_from_it(told):
    examples, faults = told("pairs", "A.\tB.\n" + PAIRS * 2, NLI)
    assert examples == 6
    assert list(faults) == [1]
    assert "no line below is like this one" in faults[1]


def test_a_message_that_names_another_line_names_that_of_the_file(told):
    rows = ["a\tFirst.", "b", "c\tThird.", "c\tFourth."]
    examples, faults = told("lines", "\n".join(rows) + "\n", name="text/en.txt")
    assert examples == 2
    assert list(faults) == [2, 4]
    assert faults[4] == "the id 'c' stands already in line 3"


def test_both_sides_of_a_bitext_go_on_after_an_empty_line(lay):
    files = {"tatoeba/de-en.de": "Eins\n\nDrei\nVier\n", "tatoeba/de-en.en": "One\nTwo\n\nFour\n"}
    root = lay(files)
    reading = read_through("bitext", root / "tatoeba/de-en.de")
    assert len(reading.examples) == 2
    assert {(fault.path.name, fault.line) for fault in reading.faults} == {("de-en.de", 2), ("de-en.en", 3)}


def test_sides_of_different_length_are_one_fault(lay):
    root = lay({"tatoeba/de-en.de": "Eins\nZwei\n", "tatoeba/de-en.en": "One\n"})
    reading = read_through("bitext", root / "tatoeba/de-en.de")
    assert [fault.line for fault in reading.faults] == [None]
    assert str(root / "tatoeba/de-en.en") in reading.faults[0].what


def test_sides_with_names_of_their_own_are_told_by_them(lay):
    root = lay({"amh-eng.amh": "A\n\nC\n", "amh-eng.eng": "One\nTwo\nThree\n"})
    files = {"xx-en.xx": root / "amh-eng.amh", "xx-en.en": root / "amh-eng.eng"}
    reading = read_through("bitext", root / "amh-eng.amh", files=files)
    assert len(reading.examples) == 2
    assert [(fault.path, fault.line) for fault in reading.faults] == [(root / "amh-eng.amh", 2)]


def test_an_english_side_that_is_missing_is_told(lay):
    root = lay({"tatoeba/de-en.de": "Eins\n"})
    (fault,) = read_through("bitext", root / "tatoeba/de-en.de").faults
    assert fault.path == root / "tatoeba/de-en.en"


def test_bytes_that_are_no_text_are_told_by_line(told):
    content = PAIRS.encode() + b"caf\xe9\tB.\tneutral\n" + PAIRS.encode() + b"a\0\tB.\tneutral\n"
    examples, faults = told("pairs", content, NLI)
    assert (examples, list(faults)) == (6, [8, 4])
    assert "not UTF-8" in faults[4]


def test_no_more_than_some_faults_are_looked_for(told, lay):
    content = PAIRS * 20 + "x\n" * (MOST + 1)
    examples, faults = told("pairs", content, NLI)
    assert (examples, len(faults)) == (0, MOST)
    reading = read_through("pairs", lay({}) / "xnli/dev-en.tsv", NLI)
    assert reading.more


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "nothing but blank lines"),
        (gzip.compress(PAIRS.encode(), mtime=0)[:-9], "damaged or truncated gzip"),
        (b"no gzip at all", "damaged or truncated gzip"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_fault(lay, content, what):
    name = "xnli/dev-en.tsv" if len(content) < 3 else "xnli/dev-en.tsv.gz"
    root = lay({name: content})
    reading = read_through("pairs", root / name, NLI)
    assert (reading.examples, [fault.line for fault in reading.faults]) == ((), [None])
    assert what in reading.faults[0].what

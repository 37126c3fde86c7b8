"""Tagged sentences: what is read, and every way in which a file can be wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.sources.example import TaggedSentence
from isthmus.sources.formats.tags import read

TAGS = ("NOUN", "VERB", "PUNCT")
word = st.text(st.characters(codec="utf-8", exclude_characters="\t\n\r\0\ufeff"), min_size=1).filter(lambda w: w.strip(" "))
sentences = st.lists(st.lists(st.tuples(word, st.sampled_from(TAGS)), min_size=1), min_size=1)


def test_words_and_tags_are_read_in_order(written):
    path = written("A\tNOUN\nb\tVERB\n\nC\tNOUN\n\n")
    assert read(path, TAGS) == [
        TaggedSentence("0", ("A", "b"), ("NOUN", "VERB")),
        TaggedSentence("1", ("C",), ("NOUN",)),
    ]


def test_a_stripped_file_has_words_and_no_tags(written):
    assert read(written("A\nb\n\nC\n"), TAGS) == [TaggedSentence("0", ("A", "b"), None), TaggedSentence("1", ("C",), None)]


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\n\n\n", "\n \n"])
def test_the_end_of_a_file_may_have_any_number_of_blank_lines(written, end):
    assert len(read(written(f"A\tNOUN\n\nb\tVERB{end}"), TAGS)) == 2


def test_byte_order_mark_and_windows_line_ends_change_nothing(written):
    plain, windows = b"A\tNOUN\n\nb\tVERB\n", b"\xef\xbb\xbfA\tNOUN\r\n\r\nb\tVERB\r\n"
    assert read(written(plain), TAGS) == read(written(windows), TAGS)


def test_without_declared_tags_any_tag_is_read(written):
    assert read(written("A\tanything\n"))[0].tags == ("anything",)


@given(sentences)
def test_what_is_written_is_read_back(tmp_path_factory, sentences):
    path = tmp_path_factory.getbasetemp() / "tags.tsv"
    path.write_text("\n".join("".join(f"{w}\t{t}\n" for w, t in s) for s in sentences), "utf-8", newline="")
    assert [list(zip(e.words, e.tags, strict=True)) for e in read(path, TAGS)] == sentences


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        ("A\tNOUN\nb\n", 2, "the tag of 'b' is missing"),
        ("A\tNOUN\nb\t\n", 2, "the tag of 'b' is missing"),
        ("A\tNOUN\n\tVERB\n", 2, "the word is missing"),
        ("A\tNOUN\n\n\t\n", 3, "the word is missing"),
        ("A\tNOUN\nb\tVERB\tmore\n", 2, "3 columns, expected word TAB tag: ['b', 'VERB', 'more']"),
        ("A\tNOUN\tmore\n", 1, "3 columns"),
        ("A\n\nb\tVERB\n", 3, "'b' has the tag 'VERB', in a file that begins without tags"),
        ("A\tNOUN\n\nb\tVREB\n", 3, "unknown tag 'VREB' of 'b'; did you mean 'VERB'?"),
        ("A\tNOUN\nb\tnoun\n", 2, "unknown tag 'noun'"),
        ("A\tNOUN\nb\t_\n", 2, "unknown tag '_' of 'b'; known: NOUN, PUNCT, VERB"),
        ("A\tNOUN\n\n\nb\tVERB\n", 3, "an empty sentence"),
        ("A\tNOUN\n\n \n\nb\tVERB\n", 3, "an empty sentence"),
        ("\nA\tNOUN\n", 1, "an empty sentence"),
    ],
)
def test_a_malformed_line_is_refused_by_number(written, refused, content, line, what):
    error = refused(read, written(content), TAGS)
    assert error.line == line
    assert what in error.what


@pytest.mark.parametrize("content", ["", "\n\n", b"\xff\xfea\0", b"A\tNOUN\n\xe9\tVERB\n"])
def test_empty_blank_binary_and_latin1_files_are_refused(written, refused, content):
    refused(read, written(content), TAGS)

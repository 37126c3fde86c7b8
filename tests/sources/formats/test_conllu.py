"""CoNLL-U as XTREME prepares it: fused forms, empty nodes, withheld sentences, and every malformed line."""

from __future__ import annotations

from functools import partial

import pytest

from isthmus.sources.example import TaggedSentence
from isthmus.sources.formats.conllu import read

TAGS = ("ADP", "AUX", "DET", "NOUN", "PRON", "PUNCT", "SYM", "VERB")


def row(number, form, tag="_", head="_", others="_"):
    return f"{number}\t{form}\t_\t{tag}\t_\t_\t{head}\t_\t{others}\t_\n"


def treebank(*sentences):
    return "".join("# sent_id = s\n" + "".join(rows) + "\n" for rows in sentences)


PLAIN = (row(1, "She", "PRON", 2), row(2, "runs", "VERB", 0))
FUSED = (
    row(1, "goes", "VERB", 0),
    row("2-3", "zum"),
    row(2, "zu", "ADP", 4),
    row(3, "dem", "DET", 4),
    row(4, "Haus", "NOUN", 1),
)


def tagged(path, language=""):
    return [list(zip(s.words, s.tags, strict=True)) for s in read(path, TAGS, language)]


def test_words_and_tags_are_read_and_comments_are_not(written):
    assert read(written(treebank(PLAIN, PLAIN)), TAGS) == [
        TaggedSentence(id_, ("She", "runs"), ("PRON", "VERB")) for id_ in ("0", "1")
    ]


def test_the_end_of_a_file_needs_no_blank_line(written):
    assert tagged(written(treebank(PLAIN).rstrip("\n"))) == [[("She", "PRON"), ("runs", "VERB")]]


@pytest.mark.parametrize(
    ("words", "language", "tag"),
    [
        ([("zu", "ADP", 4), ("dem", "DET", 4)], "de", "ADP"),  # equally high: ADP before DET
        ([("zu", "DET", 4), ("dem", "ADP", 4)], "de", "ADP"),
        ([("zu", "ADP", 3), ("dem", "DET", 4)], "de", "DET"),  # the higher one, whatever the order
        ([("zu", "PRON", 4), ("dem", "AUX", 4)], "de", "PRON"),
        ([("zu", "PRON", 4), ("dem", "AUX", 4)], "fr", "AUX"),  # French, Spanish and Italian have orders of their own
        ([("zu", "SYM", 4), ("dem", "PUNCT", 4)], "de", "PUNCT"),  # a tag that the order does not know comes last
    ],
)
def test_a_fused_form_has_the_tag_of_its_highest_word(written, words, language, tag):
    inner = [row(i, form, own, head) for i, (form, own, head) in enumerate(words, 2)]
    sentence = (*FUSED[:2], *inner, FUSED[-1])
    assert tagged(written(treebank(sentence)), language) == [[("goes", "VERB"), ("zum", tag), ("Haus", "NOUN")]]


def test_the_enhanced_graph_counts_in_how_high_a_word_is(written):
    lower = row(2, "zu", "ADP", 4, "4:case|1:dep|3:dep|4.1:dep")
    sentence = (*FUSED[:2], lower, *FUSED[3:])
    assert tagged(written(treebank(sentence)))[0][1] == ("zum", "DET")


def test_words_that_depend_on_each_other_in_a_circle_are_read(written):
    circle = (row("1-2", "ab"), row(1, "a", "NOUN", 2, "2:dep"), row(2, "b", "VERB", 1, "1:dep"))
    assert tagged(written(treebank(circle))) == [[("ab", "VERB")]]


def test_empty_nodes_go_and_so_do_zero_width_non_joiners_and_spaces_in_words(written):
    sentence = (row(1, "می\u200cرود", "VERB", 0), row("1.1", "he", "PRON"), row(2, "1 000", "NOUN", 1))
    assert tagged(written(treebank(sentence))) == [[("میرود", "VERB"), ("1000", "NOUN")]]


def test_sentences_that_withhold_their_words_are_dropped_and_the_rows_counted_without_them(written):
    def withheld(*forms):
        return [row(i, form, "NOUN", 0) for i, form in enumerate(forms, 1)]

    path = written(treebank(withheld("_", "_"), withheld("_", "a"), withheld("_", "a", "b"), withheld("c"), PLAIN))
    assert [(s.id, s.words) for s in read(path)] == [("0", ("_", "a", "b")), ("1", ("c",)), ("2", ("She", "runs"))]


@pytest.mark.parametrize(
    ("rows", "line", "what"),
    [
        ((PLAIN[0], "2\truns\tVERB\n"), 3, "3 columns, expected the 10 of CoNLL-U"),
        ((PLAIN[0], row("x", "runs", "VERB")), 3, "the id 'x' is none of CoNLL-U's"),
        ((PLAIN[0], row(3, "runs", "VERB")), 3, "the id 3 where word 2 is expected"),
        ((PLAIN[0], row(1, "runs", "VERB")), 3, "the id 1 where word 2 is expected"),
        ((PLAIN[0], row("3-4", "runs")), 3, "the id 3-4 where word 2 is expected"),
        ((PLAIN[0], row("2-2", "runs")), 3, "the id 2-2 where word 2 is expected"),
        ((PLAIN[0], row(2, "", "VERB")), 3, "the form of word 2 is empty"),
        ((PLAIN[0], row(2, "\u200c", "VERB")), 3, "the form of word 2 is empty"),
        ((PLAIN[0], row(2, "runs", "VREB")), 3, "unknown tag 'VREB' of 'runs'; did you mean 'VERB'?"),
        ((PLAIN[0], row(2, "runs")), 3, "unknown tag '_' of 'runs'"),
        ((*PLAIN, row("3-4", "at"), row(3, "a", "NOUN")), 6, "the multiword token 3-4 does not fit the 3 words"),
        ((row("1-2", "ab"), row("1-2", "ab"), *PLAIN), 6, "the multiword token 1-2 does not fit the 2 words"),
        ((row("1-2", "ab"), "\n", *PLAIN), 3, "the multiword token 1-2 does not fit the 0 words"),
        ((PLAIN[0], f" {PLAIN[1]}"), 3, "the id ' 2' is none of CoNLL-U's"),
    ],
)
def test_a_malformed_line_is_refused_by_number(written, refused, rows, line, what):
    error = refused(read, written(treebank(rows)), TAGS)
    assert error.line == line
    assert what in error.what


def test_a_treebank_that_withholds_everything_is_refused(written, refused):
    error = refused(partial(read, language="ja"), written(treebank([row(1, "_", "NOUN", 0), row(2, "_", "NOUN", 1)])))
    assert "all are withheld" in error.what

"""COPA's XML: the items that its JSON lines have, and every way in which a file can be wrong."""

from __future__ import annotations

import json

import pytest

from isthmus.sources.example import Choice
from isthmus.sources.formats import copa
from isthmus.sources.formats.copa_xml import read

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE copa-corpus SYSTEM "copa.dtd">\n<copa-corpus version="1.0">\n'


BODY = "<p>It &amp; I ran.</p>\n<a1>Fire.</a1>\n<a2>Ice.</a2>"


def item(id_, attributes='asks-for="cause" most-plausible-alternative="2"', body=BODY):
    return f'<item id="{id_}" {attributes}>\n{body}\n</item>\n'


def corpus(*items, head=HEAD):
    return f"{head}{''.join(items)}</copa-corpus>\n"


def test_items_are_read_as_the_json_lines_are(written):
    row = {"premise": "It & I ran.", "choice1": "Fire.", "choice2": "Ice.", "question": "cause", "label": 1}
    assert read(written(corpus(item(1)), "copa.xml")) == copa.read(written(json.dumps(row) + "\n", "copa.jsonl"))


def test_effects_are_asked_for_and_items_numbered_by_row(written):
    effect = item(7, 'asks-for="effect" most-plausible-alternative="1"')
    assert read(written(corpus(item(6), effect), "copa.xml"))[1] == Choice(
        "1", "It & I ran.", "What was the effect?", ("Fire.", "Ice."), 0
    )


def test_a_stripped_file_has_no_labels(written):
    assert [c.label for c in read(written(corpus(item(1, 'asks-for="cause"')), "copa.xml"))] == [None]


@pytest.mark.parametrize(
    ("second", "line", "what"),
    [
        (item(2, 'asks-for="cause" most-plausible-alternative="3"'), 9, "the most-plausible-alternative '3' is neither 1"),
        (item(2, 'asks-for="efect" most-plausible-alternative="1"'), 9, "unknown question 'efect'; did you mean 'effect'?"),
        (item(2, 'most-plausible-alternative="1"'), 9, "the key 'question' is missing"),
        (item(2, 'asks-for="cause"'), 9, "it has no 'most-plausible-alternative'"),
        (item(2, body="<p>It ran.</p><a1>Fire.</a1>"), 9, "the key 'choice2' is missing"),
        (item(2, body="<p> </p><a1>Fire.</a1><a2>Ice.</a2>"), 9, "'premise' is empty"),
        ("<item>", 9, "not XML (mismatched tag)"),
    ],
)
def test_a_malformed_item_is_refused_by_the_line_it_begins_at(written, refused, second, line, what):
    error = refused(read, written(corpus(item(1), second), "copa.xml"))
    assert error.line == line
    assert what in error.what


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (corpus(), "no item in the file"),
        ('{"premise": "It rains."}\n', "not XML"),
        (corpus(item(1), head='<!DOCTYPE c [<!ENTITY a "&b;&b;">]>\n<copa-corpus>\n'), "the entity 'a' is declared"),
    ],
)
def test_what_is_no_such_corpus_is_refused(written, refused, content, what):
    assert what in refused(read, written(content, "copa.xml")).what

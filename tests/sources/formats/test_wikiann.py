"""WikiANN's release: words that bear their language, read as those that do not."""

from __future__ import annotations

import pytest

from isthmus.sources.formats import tags
from isthmus.sources.formats.wikiann import read

TAGS = ("O", "B-PER", "I-PER")


def test_the_language_before_the_first_colon_goes_and_all_else_is_read_as_ever(written):
    released = written("en:Ada\tB-PER\nen::\tO\nen:1:0\tO\n\nzh-min-nan:b\tO\n\n", "en/train")
    prepared = written("Ada\tB-PER\n:\tO\n1:0\tO\n\nb\tO\n", "train-en.tsv")
    assert read(released, TAGS) == tags.read(prepared, TAGS)


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        ("en:Ada\tB-PER\nruns\tO\n", 2, "no language before the word, expected language:word TAB tag: 'runs\\tO'"),
        ("en:Ada\tB-PER\nruns\tO:\n", 2, "no language before the word"),
        ("en:Ada\tB-PER\nen:\tO\n", 2, "the word is missing"),
        ("en:Ada\tB-PER\nen:runs\n", 2, "the tag of 'runs' is missing"),
        ("en:Ada\tB-PRE\n", 1, "unknown tag 'B-PRE' of 'Ada'; did you mean"),
        ("en:Ada\tB-PER\n\n\nen:runs\tO\n", 3, "an empty sentence"),
    ],
)
def test_a_malformed_line_is_refused_by_number(written, refused, content, line, what):
    error = refused(read, written(content), TAGS)
    assert error.line == line
    assert what in error.what

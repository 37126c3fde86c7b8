"""The shelf of formats."""

from __future__ import annotations

from pathlib import Path

import pytest

from isthmus.core.errors import UnknownName
from isthmus.sources.format import FORMATS, Format, load_format


@pytest.mark.parametrize("name", FORMATS.names())
def test_every_file_on_the_shelf_is_a_format(name):
    assert isinstance(load_format(name), Format)


def test_a_format_of_one_file_has_that_part():
    assert load_format("tags").parts(Path("a")) == (Path("a"),)


def test_an_unknown_format_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match="unknown format 'tag'; did you mean 'tags'"):
        load_format("tag")


def test_a_format_is_told_the_language_only_where_it_asks_for_it():
    def read(*given: object) -> list[object]:
        return list(given)

    assert Format(read).examples(Path("a"), ("x",), "de") == [Path("a"), ("x",)]
    assert Format(read, by_language=True).examples(Path("a"), ("x",), "de") == [Path("a"), ("x",), "de"]

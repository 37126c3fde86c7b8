"""The hub, and beside it a directory for what the hub lacks, which may not be there yet."""

from __future__ import annotations

import pytest

from isthmus.core.errors import DataError
from isthmus.sources.directory import Directory
from isthmus.sources.files import ByHand, Files, HubFiles
from isthmus.sources.hub import Hub
from isthmus.sources.overlay import Overlay

ON_HUB = Files(
    format="tags",
    test="names/{language}.tsv",
    hub=HubFiles(
        repo="some/names", revision="0" * 40, shape="tagged", columns=(("words", "tokens"),), languages=("de", "en"),
        megabytes=(("test", 2.0),), examples=(("test", 50),),
    ),
)  # fmt: skip
BY_HAND = Files(
    format="tags",
    train="tags/train.tsv",
    obtain="Ask the tagger",
    by_hand=ByHand(languages=("en",), megabytes=(("train", 3.0),)),
)
TEXT = Files(format="lines", train="text/{language}.txt", by_hand=ByHand(megabytes=(("train", 1.0),)))
HOMELESS = Files(format="tags", train="other/train.tsv")


@pytest.fixture
def overlay(tmp_path):
    return Overlay(Hub(), tmp_path / "local")


@pytest.fixture
def filled(overlay):
    (overlay.folder / "tags").mkdir(parents=True)
    (overlay.folder / "tags/train.tsv").write_text("Ana\tNOUN\n\nsaid\tVERB\n\n", "utf-8")
    return overlay


def test_what_the_hub_has_is_the_hubs(overlay):
    assert overlay.languages(ON_HUB, "test") == ("de", "en")
    assert overlay.fingerprint(ON_HUB, "de", "test") == Hub().fingerprint(ON_HUB, "de", "test")
    assert overlay.fingerprint(ON_HUB, "de", "test").examples == 50


def test_what_is_to_be_had_by_hand_can_be_planned_before_it_is_there(overlay):
    assert overlay.languages(BY_HAND, "train") == ("en",)
    found = overlay.fingerprint(BY_HAND, "en", "train")
    assert (found.size, found.there) == (3_000_000, False)


def test_absent_data_differ_from_other_absent_data_and_from_those_that_come(overlay):
    text = {overlay.fingerprint(TEXT, language, "train").digest for language in ("de", "sw")}
    before = overlay.fingerprint(BY_HAND, "en", "train")
    (overlay.folder / "tags").mkdir(parents=True)
    (overlay.folder / "tags/train.tsv").write_text("Ana\tNOUN\n\n", "utf-8")
    after = overlay.fingerprint(BY_HAND, "en", "train")
    assert len(text | {before.digest, after.digest}) == 4
    assert after.there
    assert after == Directory(overlay.folder).fingerprint(BY_HAND, "en", "train")


def test_what_is_in_the_directory_is_read_from_there(filled):
    assert [example.words for example in filled.read(BY_HAND, "en", "train")] == [("Ana",), ("said",)]
    assert filled.languages(BY_HAND, "train") == ("en",)


def test_reading_what_is_not_there_yet_says_how_to_get_it(overlay):
    with pytest.raises(DataError, match=r"train\.tsv.*not on the hub, and no such file\. Ask the tagger"):
        overlay.read(BY_HAND, "en", "train")


@pytest.mark.parametrize(
    ("files", "language", "split"),
    [(HOMELESS, "en", "train"), (BY_HAND, "de", "train"), (BY_HAND, "en", "dev"), (ON_HUB, "sw", "test")],
)
def test_data_of_which_nobody_knows_how_much_there_are_cannot_be_planned(overlay, files, language, split):
    with pytest.raises(DataError):
        overlay.fingerprint(files, language, split)
    assert language not in overlay.languages(files, split)


def test_raw_text_may_be_in_any_language_and_in_the_domains_that_are_there(overlay):
    assert not overlay.fingerprint(TEXT, "xx", "train").there
    assert overlay.languages(TEXT, "train") == ()
    assert overlay.domains(TEXT, "train") == ()
    (overlay.folder / "text/news").mkdir(parents=True)
    (overlay.folder / "text/news/en.txt").write_text("a line\n", "utf-8")
    assert overlay.domains(TEXT, "train") == ("news",)

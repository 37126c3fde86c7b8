"""Where a file belongs, and where it would."""

from __future__ import annotations

import pytest

from isthmus.sources.files import Files
from isthmus.survey.place import matches, places, suggestion
from isthmus.tasks.task import Task, load_task

KNOWN = places([load_task(name) for name in ("xnli", "mnli", "udpos", "panx", "tatoeba", "squad")])


def task(files: Files) -> Task:
    words = dict.fromkeys(("description", "main", "licence", "citation", "homepage"), "-")
    return Task(name="own", kind="classification", files=files, metrics=(), languages=("en",), **words)


def uses(path, known=KNOWN):
    return {
        (match.place.task.name, match.place.split, match.data, language)
        for match in matches(f"data/{path}", known)
        for language in match.languages
    }


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("xnli/dev-th.tsv", ""),
        ("xnli/dev-th.tsv.gz", ""),
        ("intermediate/xnli/dev-th.tsv", ""),
        ("xtreme-r/xnli/dev-th.tsv", ""),
        ("download/xnli/dev-th.tsv", "download"),
        ("a/b/intermediate/xnli/dev-th.tsv.gz", "a/b"),
    ],
)
def test_a_path_that_ends_in_a_pattern_belongs_to_the_task(path, data):
    assert uses(path) == {("xnli", "dev", data, "th")}


@pytest.mark.parametrize("path", ["xnli/dev-th.tsv.bak", "axnli/dev-th.tsv", "dev-th.tsv", "xnli/more/dev-th.tsv"])
def test_a_path_that_only_looks_like_one_does_not(path):
    assert uses(path) == set()


def test_a_file_of_two_tasks_belongs_to_both():
    assert uses("xnli/dev-en.tsv") == {("xnli", "dev", "", "en"), ("mnli", "dev", "", "en")}


def test_the_language_of_a_pattern_that_names_it_twice_must_be_the_same():
    assert uses("tatoeba/de-en.de") == {("tatoeba", "test", "", "de")}
    assert uses("tatoeba/de-en.en") == set()


def test_the_folder_of_a_task_may_be_the_root_itself():
    (match, *_) = matches("xnli/dev-th.tsv", KNOWN)
    assert (match.place.task.name, match.data) == ("xnli", "..")


def test_further_layouts_and_joined_sets_count_with_their_order():
    joined = Files(
        format="", joined=(Files("pairs", dev="a.tsv", others=(Files("lines", dev="b.tsv"),)), Files("tags", dev="c.tsv"))
    )
    known = places([task(joined)])
    assert [(place.pattern, place.files.format, place.order) for place in known] == [
        ("a.tsv", "pairs", 0),
        ("b.tsv", "lines", 1),
        ("c.tsv", "tags", 0),
    ]
    assert known[0].part == known[1].part != known[2].part


def test_the_longer_of_two_patterns_for_the_same_holds():
    known = places([task(Files("pairs", dev="v1/dev.tsv", others=(Files("pairs", dev="set/v1/dev.tsv"),)))])
    assert uses("set/v1/dev.tsv", known) == {("own", "dev", "", "en")}
    assert uses("other/v1/dev.tsv", known) == {("own", "dev", "other", "en")}


def test_a_file_elsewhere_is_told_where_it_would_be_read():
    assert suggestion("xnli-more/dev-hr.tsv.gz", "pairs", KNOWN) == ("xnli/dev-hr.tsv", "hr")
    assert suggestion("pos-more/test-sn.tsv", "tags", KNOWN, ("NOUN", "VERB")) == ("udpos/test-sn.tsv", "sn")
    assert suggestion("pos-more/test-sn.tsv", "tags", KNOWN, ("B-PER", "O")) == ("panx/test-sn.tsv", "sn")
    assert suggestion("notes/all.tsv", "no such format", KNOWN) == ("", "")

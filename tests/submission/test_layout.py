"""What the versions ask for, as the paper and the official script count it."""

from __future__ import annotations

import pytest

from isthmus.core.errors import UnknownName
from isthmus.submission.layout import FIGURES, VERSIONS, file_name, load_version
from isthmus.tasks.task import METRICS, load_task

XTREME = {"xnli": 15, "pawsx": 7, "panx": 40, "udpos": 33, "bucc2018": 4, "tatoeba": 36, "xquad": 11, "mlqa": 7, "tydiqa": 9}
XTREME_R = {"xnli": 15, "xcopa": 11, "panx": 48, "udpos": 38, "tatoeba": 41, "xquad": 12, "mlqa": 7, "tydiqa": 9}
XTREME_R |= {"mewslix": 11, "lareqa": 11}


@pytest.mark.parametrize(("version", "counts"), [("xtreme", XTREME), ("xtreme-r", XTREME_R)])
def test_a_version_has_its_tasks_in_as_many_languages_as_its_paper_says(version, counts):
    assert {task: len(set(languages)) for task, languages in VERSIONS[version].languages.items()} == counts


@pytest.mark.parametrize("version", VERSIONS)
def test_every_language_of_a_version_is_one_of_its_task(version):
    for task, languages in VERSIONS[version].languages.items():
        assert set(languages) <= set(load_task(task).languages)


def test_the_languages_of_a_task_are_those_of_the_versions_together():
    for task in FIGURES:
        asked = {language for version in VERSIONS.values() for language in version.languages.get(task, ())}
        assert asked == set(load_task(task).languages) - ({"en"} if task in ("xcopa", "tatoeba", "bucc2018") else set())


def test_every_task_of_a_group_is_one_of_the_version_and_each_task_has_its_figures():
    for version in VERSIONS.values():
        assert {task for group in version.groups.values() for task in group} | set(version.optional) == set(
            version.languages
        )
        assert set(version.languages) <= set(FIGURES)
    metrics = {metric.name for figures in FIGURES.values() for metric in (figures.official, figures.beside) if metric}
    assert metrics <= set(METRICS.names())


@pytest.mark.parametrize(
    ("task", "name"),
    [
        ("xnli", "test-sw.tsv"),
        ("udpos", "test-sw.tsv"),
        ("tatoeba", "test-sw.tsv"),
        ("bucc2018", "test-sw.tsv"),
        ("tydiqa", "test-sw.json"),
        ("mewslix", "test-sw.json"),
        ("lareqa", "test-sw.json"),
        ("xcopa", "test-sw.jsonl"),
    ],
)
def test_files_are_named_as_the_official_script_looks_for_them(task, name):
    assert file_name(task, "sw") == name


def test_a_misspelt_version_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'xtreme-r'"):
        load_version("xtreme_r")

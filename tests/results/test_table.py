"""The summary of a study: whole, half finished, partly without labels, in any order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.results.row import Row
from isthmus.results.table import summarise


def row(arm: str, seed: int | None, language: str, value: float | None, **other) -> Row:
    given = {"task": "udpos", "metric": "f1", "split": "test", "n": 10} | other
    main = given["metric"] == "f1"
    return Row("s", arm, seed, language=language, zero_shot=language != "en", main=main, value=value, step="x", **given)


ROWS = [
    row(arm, seed, language, base + seed + bonus)
    for arm, base in (("none", 30.0), ("panx", 33.0))
    for seed in (1, 2)
    for language, bonus in (("en", 50.0), ("de", 10.0), ("sw", 0.0), ("yo", -8.0))
]
MAJORITY = [row("baseline:majority", None, language, 27.0) for language in ("en", "de", "sw", "yo")]
GROUPS = {"seen": ["en", "de"], "low": ["sw", "xx"]}


def summary(rows, planned=None, groups=GROUPS, against="none"):
    return summarise(rows, planned or rows, source="en", groups=groups, against=against)


def the_table(rows, planned=None, **other):
    [table] = summary(rows, planned, **other).tables
    return table


def test_there_is_an_average_over_all_the_source_zero_shot_and_each_group():
    table = the_table(ROWS)
    assert {line.name: line.languages for line in table.averages} == {
        "all": ("en", "de", "sw", "yo"),
        "en": ("en",),
        "zero-shot": ("de", "sw", "yo"),
        "seen": ("en", "de"),
        "low": ("sw",),
        "unseen": ("yo",),
    }
    assert table.headline == "zero-shot"


def test_an_average_has_its_score_and_its_delta_for_every_seed():
    figure = the_table(ROWS).average("low").figures["panx"]
    assert figure.score.by_seed == ((1, 34.0), (2, 35.0))
    assert figure.score.mean == 34.5
    assert figure.delta.by_seed == ((1, 3.0), (2, 3.0))
    assert figure.delta.sd == 0.0


def test_languages_come_in_order_with_the_source_first():
    assert [line.name for line in the_table(ROWS).languages] == ["en", "de", "sw", "yo"]


def test_a_language_says_which_baselines_are_not_beaten():
    lines = {line.name: line.figures["none"].not_beaten for line in the_table(ROWS + MAJORITY).languages}
    assert lines == {"en": (), "de": (), "sw": (), "yo": ("baseline:majority",)}


def test_a_group_that_is_called_unseen_is_left_as_declared():
    assert the_table(ROWS, groups={"unseen": ["sw"]}).average("unseen").languages == ("sw",)


def test_without_groups_nothing_is_unseen():
    assert [line.name for line in the_table(ROWS, groups={}).averages] == ["all", "en", "zero-shot"]


def test_a_group_of_which_a_task_has_no_language_has_no_average():
    assert "low" not in [line.name for line in the_table(ROWS, groups={"low": ["xx"]}).averages]


def test_a_language_that_one_arm_was_trained_on_is_zero_shot_for_no_arm():
    rows = [replace(one, zero_shot=False) if (one.arm, one.language) == ("panx", "de") else one for one in ROWS]
    assert the_table(rows).average("zero-shot").languages == ("sw", "yo")


def test_a_task_without_zero_shot_languages_is_led_by_all():
    assert the_table([one for one in ROWS if one.language == "en"]).headline == "all"


def test_the_main_metric_comes_before_the_others():
    rows = ROWS + [replace(one, metric="accuracy", main=False) for one in ROWS]
    assert [(table.metric, table.main) for table in summary(rows).tables] == [("f1", True), ("accuracy", False)]


def test_tasks_and_arms_come_in_the_order_of_the_plan():
    rows = [row(arm, 1, "en", 1.0, task=task) for task in ("udpos", "panx") for arm in ("zeta", "alpha")]
    tables = summary(rows, against="zeta").tables
    assert [table.task for table in tables] == ["udpos", "panx"]
    assert list(tables[0].seeds) == list(tables[0].average("en").figures) == ["zeta", "alpha"]


def test_the_averages_of_a_half_finished_study_are_over_languages_that_all_arms_under_way_have():
    done = [one for one in ROWS if not (one.arm == "panx" and (one.seed == 2 or one.language == "yo"))]
    found = summary(done, ROWS)
    line = found.tables[0].average("zero-shot")
    assert (line.languages, line.planned) == (("de", "sw"), 3)
    assert line.figures["none"].score.by_seed == ((1, 36.0), (2, 37.0))
    assert line.figures["panx"].delta.by_seed == ((1, 3.0),)
    assert found.tables[0].seeds == {"none": 2, "panx": 2}
    assert (found.planned, found.missing) == (16, 5)


def test_a_language_that_one_arm_lacks_still_has_its_own_line():
    done = [one for one in ROWS if (one.arm, one.language) != ("panx", "yo")]
    line = the_table(done, ROWS).languages[-1]
    assert (line.name, list(line.figures)) == ("yo", ["none"])


def test_a_task_without_any_score_is_waiting():
    planned = [*ROWS, row("none", 1, "de", None, task="tatoeba")]
    assert summary(ROWS, planned).waiting == ("tatoeba",)


def test_a_study_without_any_score_has_no_tables():
    found = summary([], ROWS)
    assert (found.tables, found.waiting, found.missing) == ((), ("udpos",), 16)


def test_a_language_without_labels_is_no_zero_but_named():
    rows = [replace(one, value=None) if one.language == "yo" else one for one in ROWS]
    table = the_table(rows)
    line = table.average("zero-shot")
    assert (line.languages, line.planned) == (("de", "sw"), 2)
    assert line.figures["none"].score.by_seed == ((1, 36.0), (2, 37.0))
    assert table.unlabelled == ("yo",)
    assert "yo" not in [line.name for line in table.languages]
    assert "unseen" not in [line.name for line in table.averages]


def test_a_language_without_labels_is_missing_from_no_metric():
    rows = [replace(one, value=None) if one.language == "yo" else one for one in ROWS]
    rows += [replace(one, metric="accuracy", main=False) for one in ROWS if one.language != "yo"]
    assert [(table.average("all").planned, table.unlabelled) for table in summary(rows).tables] == [(3, ("yo",))] * 2


def test_a_task_without_any_label_has_no_figures():
    table = the_table([replace(one, value=None) for one in ROWS])
    assert [(line.name, line.planned, line.figures) for line in table.averages] == [("all", 0, {})]
    assert table.languages == ()


def test_a_line_says_on_which_splits_and_how_many_examples():
    rows = [replace(one, split="dev", n=4) if one.language == "yo" else one for one in ROWS]
    table = the_table(rows)
    assert (table.average("zero-shot").splits, table.average("zero-shot").examples) == (("dev", "test"), 24)
    assert (table.languages[-1].splits, table.languages[-1].examples) == (("dev",), 4)


def test_a_score_that_was_not_planned_is_our_own_fault():
    with pytest.raises(AssertionError, match="not planned"):
        summary(ROWS, ROWS[1:])


@settings(deadline=None)
@given(st.permutations(ROWS + MAJORITY), st.integers(0, 20))
def test_the_order_of_rows_does_not_matter(rows, number):
    done = rows[:number]
    plan = ROWS + MAJORITY
    assert summary(done, plan) == summary(sorted(done, key=str), plan)

"""What stands in the tables, cell by cell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from isthmus.core.errors import UnknownName
from isthmus.report.grid import grids, notes


def cells(grid, name):
    return dict(zip(grid.headers, next(row for row in grid.rows if row[0] == name), strict=True))


def test_the_source_and_the_headline_have_a_spread_over_seeds_and_groups_have_none(rows, summary):
    [grid] = grids(summary(rows))
    assert cells(grid, "panx") == {
        "": "panx",
        "en": "84.5 ±0.7",
        "zero-shot (3)": "29.7 ±0.7",
        "low (2)": "22.2≤",
        "unseen (1)": "44.5",
        "Δ zero-shot": "+3.0 ±0.0",
        "Δ of each seed": "+3.0 +3.0",
    }


def test_the_arm_compared_with_and_the_baselines_have_no_delta(rows, summary):
    [grid] = grids(summary(rows))
    assert {cells(grid, name)["Δ zero-shot"] for name in ("none", "baseline:majority")} == {""}


def test_a_layer_that_was_chosen_is_told_below_the_table(rows, summary):
    rows = [replace(row, layer=None if row.seed is None else 4, chosen_on="sv") for row in rows]
    [grid] = grids(summary(rows))
    assert grid.notes == ("the layer of each run was chosen on sv: none 4; panx 4",)


def test_a_study_of_one_arm_has_no_columns_of_deltas(rows, summary):
    [grid] = grids(summary([row for row in rows if row.arm == "none"]))
    assert not any(header.startswith("Δ") for header in grid.headers)


def test_a_study_of_one_seed_has_a_dash_for_its_spread(rows, summary):
    [grid] = grids(summary([row for row in rows if row.seed in (1, None)]))
    assert cells(grid, "panx")["en"] == "84.0 ±–"
    assert cells(grid, "panx")["Δ zero-shot"] == "+3.0"
    assert cells(grid, "baseline:majority")["en"] == "27.0"


def test_a_tiny_loss_is_no_minus_zero(rows, summary):
    rows = [replace(row, value=50.0 - (row.arm == "panx") * 0.01) for row in rows if row.seed == 1]
    [grid] = grids(summary(rows))
    assert cells(grid, "panx")["Δ of each seed"] == "+0.0"


def test_languages_stand_below_each_other_with_every_arm_beside(rows, summary):
    _, grid = grids(summary(rows), languages=True)
    assert grid.title == "udpos on test, each language: f1, mean over seeds"
    assert grid.headers == ("", "n", "none", "panx", "baseline:majority")
    assert grid.rows == (
        ("en", "10", "81.5", "84.5", "27.0"),
        ("de", "10", "41.5", "44.5", "27.0"),
        ("sw", "10", "31.5", "34.5", "27.0"),
        ("yo (dev)", "10", " 7.0≤", "10.0≤", "27.0"),
    )


def test_metrics_asked_for_stand_beside_each_other_for_languages_and_below_for_averages(rows, summary):
    drawn = grids(summary(rows), languages=True, metrics=("f1", "accuracy"))
    assert [grid.title for grid in drawn] == [
        "udpos: f1 (also measured: accuracy)",
        "udpos: accuracy (also measured: f1)",
        "udpos on test, each language: f1/accuracy, mean over seeds",
    ]
    assert cells(drawn[2], "de")["none"] == "41.5/46.5"


def test_a_task_that_lacks_a_metric_keeps_its_main_one(rows, summary):
    rows = rows + [replace(row, task="tatoeba", metric="exact", main=True) for row in rows if row.main]
    assert [grid.title for grid in grids(summary(rows), metrics=["accuracy"])] == [
        "udpos: accuracy (also measured: f1)",
        "tatoeba: exact",
    ]


def test_a_metric_that_no_task_has_is_refused_with_the_nearest(rows, summary):
    with pytest.raises(UnknownName, match="'accurcy'; did you mean 'accuracy'"):
        grids(summary(rows), metrics=["accurcy"])


def test_a_half_finished_study_says_how_far_it_is(rows, summary):
    done = [row for row in rows if not (row.arm == "panx" and (row.seed == 2 or row.language == "yo"))]
    found = summary(done, [*rows, replace(rows[0], task="panx")])
    [grid] = grids(found)
    assert cells(grid, "panx")["zero-shot (2 of 3)"] == "39.0* ±–"
    assert grid.notes == ("averages are over what every arm and seed under way has: 2 of 3 languages so far",)
    assert notes(found, [grid])[:2] == [
        "6 of 21 scores are still missing; no score yet: panx",
        "* fewer seeds than planned, so far",
    ]


def test_an_arm_without_any_score_has_dashes(rows, summary):
    [grid] = grids(summary([row for row in rows if row.arm != "panx"], rows))
    assert {cell.strip() for cell in grid.rows[1][1:]} == {"–"}


def test_languages_without_labels_are_named(rows, summary):
    rows = [replace(row, value=None) if row.language == "sw" else row for row in rows if row.main]
    assert grids(summary(rows))[0].notes == ("predictions but no score, for want of labels: sw",)


def test_a_task_without_any_label_says_so_and_shows_no_zero(rows, summary):
    [grid] = grids(summary([replace(row, value=None) for row in rows if row.main]), languages=True)
    assert {cell.strip() for row in grid.rows for cell in row[1:]} == {"–"}
    assert grid.notes == ("predictions but no score, for want of labels: de, en, sw, yo",)


def test_only_signs_that_are_used_are_explained(rows, summary):
    found = summary(rows)
    assert [note[0] for note in notes(found, grids(found))] == ["≤", "±", "Δ"]
    one = summary([row for row in rows if row.arm == "baseline:majority"])
    assert notes(one, grids(one)) == []


def test_a_study_without_any_score_has_no_grids_but_a_note(rows, summary):
    found = summary([], rows)
    assert grids(found, metrics=["f1"]) == []
    assert notes(found, []) == ["20 of 20 scores are still missing; no score yet: udpos"]

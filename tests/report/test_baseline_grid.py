"""The table of baselines: the best is marked in each language, and what is missing is said."""

from __future__ import annotations

from isthmus.report.baseline_grid import baseline_grids, baseline_notes
from isthmus.report.markdown import written
from isthmus.results.row import Row
from isthmus.results.table import summarise

FOUND = {
    ("baseline:majority", None): {"en": 40.0, "de": 30.0, "sw": 30.0},
    ("baseline:overlap", None): {"en": 70.0, "de": 30.0, "sw": 20.0},
    ("baseline:untrained", 1): {"en": 80.0, "de": 20.0, "sw": 10.0},
    ("baseline:untrained", 2): {"en": 70.0, "de": 10.0, "sw": 10.0},
}


def row(arm, seed, language, value):
    return Row("s", arm, seed, "xnli", language, "test", language != "en", "accuracy", True, value, 100, "x")


def summed(found, planned=None):
    rows = [row(*place, language, value) for place, values in found.items() for language, value in values.items()]
    places = planned or rows
    return summarise(rows, places, source="en", groups={}, against=None)


def test_every_language_has_its_scores_with_the_best_marked_and_the_mean_of_the_zero_shot_ones():
    (grid,) = baseline_grids(summed(FOUND))
    assert grid.headers == ("", "n", "majority", "overlap", "untrained")
    assert grid.rows == (
        ("en", "100", "40.0", "70.0", "75.0◆"),
        ("de", "100", "30.0◆", "30.0◆", "15.0"),
        ("sw", "100", "30.0◆", "20.0", "10.0"),
        ("zero-shot (2)", "200", "30.0◆", "25.0", "12.5"),
    )


def test_what_is_not_scored_yet_is_a_dash_and_counted():
    planned = [row(*place, language, 0.0) for place, values in FOUND.items() for language in values]
    summary = summed({("baseline:majority", None): {"en": 40.0}}, planned)
    (grid,) = baseline_grids(summary)
    assert grid.rows[0] == ("en", "100", "40.0◆", "   –", "   –")
    assert grid.rows[1][1:] == ("–", "   –", "   –", "   –")
    notes = baseline_notes(summary, [grid])
    assert notes[0] == "11 of 12 scores are missing"
    assert "– not measured" in notes


def test_languages_without_labels_are_named():
    stripped = [row("baseline:majority", None, "en", 40.0), row("baseline:majority", None, "fr", None)]
    (grid,) = baseline_grids(summarise(stripped, stripped, source="en", groups={}, against=None))
    assert grid.notes == ("predictions but no score, for want of labels: fr",)


def test_the_table_in_markdown_has_the_same_words():
    summary = summed(FOUND)
    drawn = baseline_grids(summary)
    text = written(drawn, baseline_notes(summary, drawn))
    assert "| de | 100 | 30.0◆ | 30.0◆ | 15.0 |" in text
    assert text.endswith("- ◆ the best baseline there: the score to beat\n")

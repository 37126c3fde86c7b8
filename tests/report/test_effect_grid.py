"""What stands in the tables of effects, and in what order."""

from __future__ import annotations

from dataclasses import replace

from isthmus.analysis.paired import Effect
from isthmus.report.effect_grid import effect_grids, effect_notes, probability
from isthmus.study.spec import Study

STUDY = Study.model_validate(
    {
        "study": "s",
        "question": "?",
        "model": {"name": "a/b", "revision": "c"},
        "data": "data",
        "seeds": [1, 2],
        "arms": {"none": [], "panx": [{"task": "panx"}]},
        "targets": [{"task": "udpos"}],
        "source": "en",
        "languages": ["en", "de", "sw"],
        "recipe": {"learning_rate": 1e-5, "epochs": 1, "batch_tokens": 10},
        "groups": {"low": ["sw"]},
    }
)


def effect(language, delta, half, languages=None, **changes):
    low, high = (None, None) if half is None else (delta - half, delta + half)
    values = {
        "arm": "panx",
        "against": "none",
        "task": "udpos",
        "metric": "f1",
        "by_seed": ((1, delta), (2, delta)),
        "n": 1200,
    }
    return Effect(language=language, languages=languages or (language,), delta=delta, low=low, high=high, **values | changes)


EFFECTS = [
    effect("all", 1.0, 2.0, ("en", "de", "sw")),
    effect("en", 0.5, 1.0),
    effect("zero-shot", -4.0, 1.0, ("de", "sw")),
    effect("low", 3.0, None, ("sw",)),
    effect("de", 2.0, 1.0),
    effect("sw", 3.0, None),
]


def test_the_most_telling_effect_comes_first_and_what_has_no_interval_last():
    [grid] = effect_grids(STUDY, EFFECTS)
    assert grid.title == "effects against none"
    assert [row[2] for row in grid.rows] == ["zero-shot (2)", "en", "low (1)"]
    assert grid.rows[0] == ("panx", "udpos: f1", "zero-shot (2)", "-4.0", "[-5.0, -3.0]", "▼", "", "", "-4.0 -4.0", "1,200")
    assert grid.rows[-1][4] == "–"


def test_p_stands_before_and_after_correction():
    [grid] = effect_grids(STUDY, [effect("zero-shot", -4.0, 1.0, ("de", "sw"), p=0.0123, p_holm=0.0246)])
    assert grid.rows[0][6:8] == ("0.012", "0.025")
    assert (probability(0.0004), probability(1.0), probability(None)) == ("<0.001", "1.000", "")


def test_how_many_stay_clear_after_correction_is_said():
    family = [effect("zero-shot", -4.0, 1.0, ("de",), task=task, p=0.03, p_holm=p) for task, p in (("a", 0.04), ("b", 0.06))]
    told = effect_notes(family)
    assert any(note.startswith("with 2 seeds even these may be chance") for note in told)
    many = [replace(one, by_seed=tuple((seed, -4.0) for seed in range(5))) for one in family]
    assert effect_notes(many)[-1] == (
        "p-values corrected by Holm over all 2 headline averages compared with none: "
        "of 2 whose interval excludes 0, 1 stay below 5 %"
    )
    assert not any("Holm" in note for note in effect_notes(family[:1]))


def test_languages_come_on_demand():
    [grid] = effect_grids(STUDY, EFFECTS, languages=True)
    assert [row[2] for row in grid.rows] == ["zero-shot (2)", "de", "en", "low (1)", "sw"]


def test_where_nothing_is_zero_shot_the_average_over_all_is_shown():
    [grid] = effect_grids(STUDY, [effect("all", 1.0, 2.0, ("en", "de"), task="panx")])
    assert [row[2] for row in grid.rows] == ["all (2)"]


def test_each_arm_compared_with_has_a_table_of_its_own():
    drawn = effect_grids(STUDY, [EFFECTS[2], effect("zero-shot", 1.0, 0.5, ("de", "sw"), against="mnli")])
    assert [(grid.title, len(grid.rows)) for grid in drawn] == [("effects against none", 1), ("effects against mnli", 1)]


def test_only_signs_in_use_are_explained():
    plain = effect_notes([EFFECTS[1]])
    assert len(plain) == 1
    assert any(note.startswith("▲ ▼") for note in effect_notes(EFFECTS))
    assert any(note.startswith("–") for note in effect_notes(EFFECTS))
    assert any("one seed" in note for note in effect_notes([effect("en", 1.0, 2.0, by_seed=((1, 1.0),))]))


def test_a_study_without_effects_says_why():
    assert effect_grids(STUDY, []) == []
    [said] = effect_notes([])
    assert "no two arms have been scored" in said
    assert "every arm has stages" in said

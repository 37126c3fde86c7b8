"""What resampling says beside the interval, and what it owns it cannot say."""

from __future__ import annotations

from isthmus.analysis.paired import Effect
from isthmus.report.effect_grid import effect_grids, shown
from isthmus.report.effects import study_effects
from isthmus.report.resampled import Resampled, resampled, resampled_grids, resampled_notes


def checked(seeds: int) -> Resampled:
    by_seed = tuple((seed, 2.0) for seed in range(seeds))
    effect = Effect("nli", "none", "xnli", "accuracy", "zero-shot", 2.0, 1.0, 3.0, by_seed, 90, ("de", "nl"), p=0.0123)
    return Resampled(effect, 1.2, 2.8, 0.0004, 0.25)


def test_every_shown_effect_of_a_study_is_checked_in_the_same_order(finished):
    effects = study_effects(finished.study, finished.plan, finished.store)
    chosen = shown(finished.study, effects)
    found = resampled(finished.plan, finished.store, chosen)
    assert [one.effect for one in found] == chosen
    assert all(one.low <= one.effect.delta <= one.high for one in found)
    plain, again = effect_grids(finished.study, effects), resampled_grids(found)
    assert [[row[:4] for row in grid.rows] for grid in again] == [[row[:4] for row in grid.rows] for grid in plain]


def test_a_line_holds_both_intervals_and_all_p_values():
    [grid] = resampled_grids([checked(3)])
    assert grid.rows == (
        ("nli", "xnli: accuracy", "zero-shot (2)", "+2.0", "[+1.0, +3.0]", "[+1.2, +2.8]", "0.012", "<0.001", "0.250"),
    )


def test_what_few_seeds_cannot_show_is_said():
    assert "no p of seeds is below 0.25" in resampled_notes([checked(3), checked(10)])[-1]
    assert "over examples only" in resampled_notes([checked(1)])[-1]
    assert not any("seeds the bootstrap" in note for note in resampled_notes([checked(10)]))

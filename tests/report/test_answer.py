"""The three sentences: honest about what rises, what falls and what is not known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from isthmus.analysis.paired import Effect
from isthmus.report.answer import answer, not_above
from isthmus.results.table import Summary


@pytest.fixture
def effect():
    def made(arm, task, language, delta, low, high, languages=None, seeds=3):
        by_seed = tuple((seed, delta) for seed in range(seeds))
        return Effect(arm, "none", task, "f1", language, delta, low, high, by_seed, 100, languages or (language,))

    return made


@pytest.fixture
def study(finished):
    return finished.study


@pytest.fixture
def told(rows, summary, study, effect):
    """The answer from effects on the target udpos: (arm, language, delta, low, high)."""

    def say(*effects, seeds=3):
        zero = ("de", "sw", "yo")
        made = [effect(a, "udpos", lang, *n, zero if lang == "zero-shot" else None, seeds) for a, lang, *n in effects]
        return answer(study, summary(rows), made)

    return say


def test_a_clear_gain_is_named_with_its_interval_and_how_many_languages_share_it(told):
    gains, losses, _ = told(
        ("panx", "zero-shot", 4.2, 1.0, 7.4), ("panx", "de", 6.0, 2.0, 9.0), ("panx", "sw", 1.0, -2.0, 4.0)
    )
    assert "`panx` on `udpos` (+4.2\N{NO-BREAK SPACE}[+1.0,\N{NO-BREAK SPACE}+7.4]), clear in 1 of 2 languages" in gains
    assert losses == "Nothing falls clearly, neither the zero-shot average nor any single language."


def test_an_interval_that_holds_zero_is_no_gain(told):
    gains, losses, rest = told(("panx", "zero-shot", 4.2, -0.1, 8.5))
    assert "no arm rises clearly" in gains
    assert "Nothing falls" in losses
    assert "1 of 1 comparison of the zero-shot average is undecided" in rest


def test_a_loss_is_told_and_so_are_languages_that_turn_round(told):
    _, losses, _ = told(
        ("panx", "zero-shot", -5.0, -9.0, -1.0), ("panx", "de", 2.0, 1.0, 3.0), ("panx", "sw", -9.0, -12.0, -6.0)
    )
    assert losses.startswith("The zero-shot average falls clearly for `panx` on `udpos` (−5.0")
    assert "clear in 1 of 2 languages, the other way round in de" in losses


def test_single_languages_are_told_where_no_average_is_clear(told):
    gains, losses, _ = told(
        ("panx", "zero-shot", 0.1, -1.0, 1.2), ("panx", "de", 3.0, 1.0, 5.0), ("panx", "sw", -4.0, -6.0, -2.0)
    )
    assert "rises clearly for no arm; single languages do: `panx` on `udpos` (+3.0" in gains
    assert "falls clearly for no arm, but single languages do: `panx` on `udpos` (−4.0" in losses
    assert losses.endswith("in sw.")


def test_what_is_not_named_is_counted(told):
    gains = told(*((arm, "zero-shot", 5.0, 1.0, 9.0) for arm in "abcde"))[0]
    assert gains.endswith("; 3 more gains.")


def test_one_seed_is_admitted(told):
    assert "choice of test examples only" in told(("panx", "zero-shot", 4.2, 1.0, 7.4), seeds=1)[2]


def test_scores_not_above_their_baselines_are_counted(told, rows, summary):
    weak, judged = not_above(summary(rows))
    assert (weak, judged) == (1, 2)  # `none` reaches 26.7 on average where majority has 27
    assert "1 of 2 scores averaged over zero-shot languages are not above every baseline" in told()[2]


def test_a_gain_that_stays_below_a_baseline_is_told_as_such(rows, summary, study, effect):
    high = [replace(row, value=99.0) if row.arm.startswith("baseline") else row for row in rows]
    gain = effect("panx", "udpos", "zero-shot", 4.2, 1.0, 7.4, ("de", "sw", "yo"))
    assert "yet not above every baseline" in answer(study, summary(high), [gain])[0]
    assert "yet not above" not in answer(study, summary(rows), [gain])[0]


def test_nothing_to_compare_is_said(told):
    assert told()[0] == "Nothing can be compared yet."


def test_a_study_without_a_reference_says_how_to_get_one(study):
    first, second, _ = answer(study, Summary("en", None, (), 4, 4, ("udpos",)), [])
    assert "no arm without stages" in first
    assert "none: []" in second


def test_missing_scores_are_told_in_the_last_sentence(study):
    assert "4 of 4 planned scores are still missing" in answer(study, Summary("en", "none", (), 4, 4, ("udpos",)), [])[2]

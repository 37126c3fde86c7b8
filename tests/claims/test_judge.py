"""Judgements follow the whole interval, the scale of what was published, and the number of comparisons."""

from __future__ import annotations

import pytest

from isthmus.claims.judge import confidence, judge_question
from isthmus.claims.resolve import Question, Unasked


@pytest.fixture
def judged(statement, averages):
    """A function that judges a statement on made scores: {(arm, target): share right}."""

    def judge(truth, pairs=(("nli", "none"),), differs="", rest=(), seeds=(1, 2, 3), rows=400, targets=None, **changes):
        one = statement(**changes)
        found = averages(truth, seeds, rows)
        targets = targets or tuple(dict.fromkeys(task for _, task in truth if task not in rest))
        asked = Question(one, "a paper", pairs, targets, rest, "", differs, ())
        return judge_question(asked, {"": found})

    return judge


def truth(gain, arm="nli", tasks=("x", "y")):
    return {(name, task): 0.5 + (gain if name == arm else 0) for name in ("none", arm) for task in tasks}


@pytest.mark.parametrize(
    ("gain", "expect", "outcome"),
    [
        (0.2, "higher", "supported"),
        (0.2, "lower", "contradicted"),
        (-0.2, "higher", "contradicted"),
        (-0.2, "lower", "supported"),
    ],
)
def test_a_direction_is_read_off_the_interval(judged, gain, expect, outcome):
    found = judged(truth(gain), expect=expect)
    assert found.outcome == outcome
    assert found.low < found.delta < found.high
    assert (found.n, found.seeds, found.source) == (800, 3, "a paper")


@pytest.mark.parametrize(
    ("gain", "expect", "margin", "outcome"),
    [
        (0.0, "not-higher", 10.0, "supported"),
        (-0.2, "not-higher", 1.0, "supported"),
        (0.2, "not-higher", 1.0, "contradicted"),
        (0.2, "none", 1.0, "contradicted"),
        (-0.2, "none", 1.0, "contradicted"),
        (0.0, "none", 10.0, "supported"),
        (0.0, "none", 0.1, "undecided"),
    ],
)
def test_a_margin_is_kept_left_or_open(judged, gain, expect, margin, outcome):
    assert judged(truth(gain), expect=expect, margin=margin).outcome == outcome


def test_a_published_size_of_the_same_scale_is_compared_within_its_tolerance(judged):
    assert judged(truth(0.2), size=20.0, tolerance=15.0).outcome == "supported"
    far = judged(truth(0.2), size=2.0, tolerance=1.0)
    assert far.outcome == "contradicted"
    assert "The direction holds, but the interval lies outside the published +2 ± 1." in far.why
    near = judged(truth(0.2), size=20.0, tolerance=0.1)
    assert near.outcome == "undecided"
    assert "whether the size does is open" in near.why


def test_a_size_of_another_scale_or_against_no_arm_is_told_and_not_compared(judged):
    other = judged(truth(0.2), size=2.0, tolerance=1.0, differs="artificial languages")
    assert other.outcome == "supported"
    assert (
        "Judged on direction only: the published +2 is of another scale than this study (artificial languages)." in other.why
    )
    table = judged(truth(0.2), size=2.0, tolerance=1.0, size_against="a table")
    assert table.outcome == "supported"
    assert "measured against a table, which is no arm of a study" in table.why


def test_some_targets_are_compared_with_the_rest(judged):
    scores = truth(0.3, tasks=("retrieval",)) | truth(0.05, tasks=("x", "y"))
    found = judged(scores, rest=("x", "y"), targets=("retrieval",))
    assert found.delta == pytest.approx(25.0, abs=6)
    assert found.measured == "nli against none; retrieval beyond x, y: higher"


SEVERAL = (("nli", "none"), ("qa", "none"), ("ccg", "none"))


def gains(**by_arm):
    return {(arm, "x"): 0.5 + gain for arm, gain in {"none": 0.0, **by_arm}.items()}


@pytest.mark.parametrize(
    ("by_arm", "holds", "outcome"),
    [
        ({"nli": 0.3, "qa": 0.3, "ccg": 0.3}, "each", "supported"),
        ({"nli": 0.3, "qa": 0.3, "ccg": -0.3}, "each", "contradicted"),
        ({"nli": 0.3, "qa": 0.3, "ccg": 0.0}, "each", "undecided"),
        ({"nli": 0.3, "qa": 0.3, "ccg": -0.3}, "most", "supported"),
        ({"nli": 0.3, "qa": -0.3, "ccg": -0.3}, "most", "contradicted"),
        ({"nli": 0.3, "qa": 0.0, "ccg": 0.0}, "most", "undecided"),
    ],
)
def test_several_comparisons_are_counted(judged, by_arm, holds, outcome):
    found = judged(gains(**by_arm), SEVERAL, holds=holds)
    assert found.outcome == outcome
    assert found.why.startswith("Of 3 comparisons")


def test_of_comparisons_without_a_direction_the_greatest_is_shown_and_not_their_mean(judged):
    """Those of two orders each may stand either way round, so that differences would cancel."""
    pairs = (("nli", "none"), ("none", "qa"))
    found = judged(gains(nli=0.05, qa=0.3), pairs, holds="each", expect="none", margin=1.0)
    assert found.outcome == "contradicted"
    assert found.delta == pytest.approx(-30.0, abs=6)
    assert "The figure is that of none − qa, the greatest of them." in found.why
    alone = judged(gains(qa=0.3) | gains(nli=0.05), pairs[1:], expect="none", margin=1.0)
    assert found.high - found.low > alone.high - alone.low


def test_a_single_comparison_is_judged_as_a_mean_whatever_holds(judged):
    assert "interval lies above 0" in judged(truth(0.2), holds="each").why


def test_the_best_arm_is_judged_on_what_did_not_choose_it(judged):
    scores = gains(nli=0.2, qa=0.0, ccg=0.0, multi=0.3)
    pairs = tuple(("multi", arm) for arm in ("nli", "qa", "ccg"))
    found = judged(scores, pairs, compare="multi-and-best", expect="higher")
    assert found.delta == pytest.approx(10.0, abs=5)
    assert "The best was chosen on the other half of the examples and the other seeds." in found.why
    assert found.measured == "multi against the best of nli, qa, ccg; x: higher"


def test_the_best_arm_of_each_target_may_differ(judged):
    scores = {(arm, task): 0.5 for arm in ("none", "nli", "qa") for task in ("x", "y")}
    scores |= {("nli", "x"): 0.8, ("qa", "y"): 0.8}
    found = judged(scores, (("nli", "none"), ("qa", "none")), compare="best-by-target")
    assert found.delta == pytest.approx(30.0, abs=5)
    assert found.outcome == "supported"


def test_where_a_study_selects_development_data_choose_the_best_arm(statement, averages):
    arms = ("none", "nli", "qa")
    gain = {"none": 0.0, "nli": 0.3, "qa": 0.1}
    test = averages({(arm, task): 0.5 + gain[arm] for arm in arms for task in ("x", "y")}, rows=400)
    dev = averages({(arm, "x"): 0.5 + {"none": 0.0, "nli": 0.1, "qa": 0.4}[arm] for arm in arms}, lot=2)
    asked = Question(statement(compare="best-by-target"), "", (("nli", "none"), ("qa", "none")), ("x", "y"), (), "", "", ())
    plain, chosen = judge_question(asked, {"": test}), judge_question(asked, {"": test}, dev)
    assert plain.delta == pytest.approx(30.0, abs=4)
    assert chosen.delta == pytest.approx((10.0 + 30.0) / 2, abs=4)
    assert "chosen on development data (the other half of the examples of y) and the other seeds" in chosen.why


def test_one_choice_on_several_targets_takes_development_data_of_them_all(statement, averages):
    arms = ("multi", "nli", "qa")
    test = averages(
        {(arm, task): {"multi": 0.9, "nli": 0.8, "qa": 0.5}[arm] for arm in arms for task in ("x", "y")}, rows=400
    )
    dev = averages({(arm, task): {"multi": 0.5, "nli": 0.5, "qa": 0.9}[arm] for arm in arms for task in ("x", "y")}, lot=2)
    asked = Question(
        statement(compare="multi-and-best"), "", (("multi", "nli"), ("multi", "qa")), ("x", "y"), (), "", "", ()
    )
    whole, part = (judge_question(asked, {"": test}, known) for known in (dev, {"x": dev["x"]}))
    assert (whole.delta, part.delta) == (pytest.approx(40.0, abs=4), pytest.approx(10.0, abs=4))
    assert "chosen on development data and" in whole.why
    assert "chosen on the other half of the examples and" in part.why


def test_one_seed_makes_a_verdict_of_low_confidence_and_its_luck_is_told(judged):
    found = judged(truth(0.3), compare="best-by-target", seeds=(1,))
    assert found.confidence == "low: one seed, whose own chance is left out"
    assert "on the same seed, whose luck it keeps" in found.why


def test_what_is_not_measured_is_undecided_and_says_what_is_missing(judged):
    found = judged(truth(0.2), targets=("x", "z"))
    assert (found.outcome, found.delta, found.confidence) == ("undecided", None, "none")
    assert found.why == "Not all of it is measured yet: no score that can be compared on z."


def test_what_is_not_asked_says_why(statement):
    found = judge_question(Unasked(statement(status="hypothesis"), "", "No arm does."), {})
    assert (found.outcome, found.why, found.delta, found.hypothesis) == ("not asked here", "No arm does.", None, True)


@pytest.mark.parametrize(
    ("outcome", "ends", "seeds", "words"),
    [
        ("supported", (4.0, 6.0), 3, "firm: 3 seeds, and the interval ends 4.0 points from the threshold"),
        ("supported", (0.5, 6.0), 3, "moderate: 3 seeds, and the interval ends 0.5 points from the threshold"),
        ("contradicted", (-6.0, -4.0), 2, "moderate: 2 seeds"),
        ("supported", (4.0, 6.0), 1, "low: one seed, whose own chance is left out"),
        ("undecided", (-1.0, 6.0), 9, "none"),
    ],
)
def test_confidence_is_in_words_from_the_interval_and_the_seeds(outcome, ends, seeds, words):
    assert confidence(outcome, "higher", 0.0, ends, seeds) == words


def test_confidence_in_no_effect_is_measured_from_the_margin():
    assert confidence("supported", "none", 2.0, (-0.2, 0.2), 3).startswith("firm")
    assert confidence("supported", "none", 2.0, (-1.9, 1.9), 3).startswith("moderate")

"""What the answer says of a study's own question: by model, by doublings, by share, and how its claims came out."""

from __future__ import annotations

from types import SimpleNamespace

from isthmus.analysis.averages_over_targets import Contrast
from isthmus.analysis.crossed import Estimate
from isthmus.report.by_model import AVERAGE, Bounded, ByModel
from isthmus.report.by_question import by_question

NOTHING = {"orders": (), "surfaces": (), "shares": (), "sizes": (), "judgements": (), "efficiency": None}


def said(**parts) -> list[str]:
    return list(by_question(SimpleNamespace(**NOTHING | parts)))


def surfaced(task: str, scope: str, examples: Estimate | None, languages: Estimate | None) -> SimpleNamespace:
    surface = SimpleNamespace(scope=scope, examples=examples, languages=languages)
    return SimpleNamespace(task=task, model="", surfaces=(surface,))


def test_a_study_without_designs_and_claims_has_nothing_to_add():
    assert said() == []


def test_what_was_found_of_orders_is_told_as_it_stands_and_with_its_model_where_there_are_several():
    one, of_large = (SimpleNamespace(model=model, sentences=("`a` comes last.",)) for model in ("", "large"))
    assert said(orders=(one, of_large)) == ["`a` comes last.", "large: `a` comes last."]


def test_doublings_are_told_on_the_average_that_matters_with_their_intervals():
    examples = Estimate(3.4, 0.5, 30.0, 2, 3, 100)
    [sentence] = said(surfaces=(surfaced("pawsx", "zero-shot", examples, None),))
    low, high = examples.ends()
    assert sentence.endswith(f"`pawsx`, zero-shot: twice the examples +3.4 ({low:+.1f} to {high:+.1f}).")


def test_a_surface_that_tells_nothing_is_not_told():
    assert said(surfaces=(surfaced("pawsx", "zero-shot", None, None), surfaced("xnli", "en", None, None))) == []


def test_the_share_of_a_domain_is_told_by_its_slope_and_left_out_where_scores_are_missing():
    trend = Contrast(-2.0, None, ((1, -2.0),), 10, ("xnli",))
    effects = (SimpleNamespace(targets=("xnli",), trend=trend), SimpleNamespace(targets=("pawsx",), trend=None))
    alone, of_small = (SimpleNamespace(domain="mlm/news", shares={arm: 0.0}) for arm in ("a", "a@small"))
    [sentence] = said(shares=(SimpleNamespace(of=alone, effects=effects),))
    assert sentence == "From none of the text being of `mlm/news` to all of it, scores change by `xnli` −2.0 (no interval)."
    [sentence] = said(shares=(SimpleNamespace(of=of_small, effects=effects),))
    assert "to all of it (small), scores" in sentence


def test_models_are_told_on_the_average_of_targets_with_what_lies_between_the_ends():
    effects = {"small": Bounded(4.0, 1.0, 7.0), "large": Bounded(1.0, -1.0, 3.0)}
    nli = ByModel("nli", AVERAGE, effects, Bounded(-3.0, -5.5, -0.5))
    [sentence] = said(sizes=(ByModel("nli", "xnli", effects, None), nli))
    assert sentence == (
        "On the average of targets, effects by model: `nli` small +4.0 [+1.0, +7.0], large +1.0 [−1.0, +3.0], "
        "large beyond small −3.0 [−5.5, −0.5]."
    )


def test_many_arms_are_told_by_what_lies_between_models_alone():
    effects = {"small": Bounded(4.0, 1.0, 7.0), "large": Bounded(1.0, -1.0, 3.0)}
    arms = tuple(ByModel(f"arm{i}", AVERAGE, effects, Bounded(-3.0, None, None)) for i in range(4))
    [sentence] = said(sizes=arms)
    assert sentence.startswith("On the average of targets, effects on large beyond those on small: `arm0` −3.0; `arm1` −3.0")


def test_verdicts_are_counted():
    outcomes = ("supported", "undecided", "undecided", "not asked here")
    judgements = tuple(SimpleNamespace(outcome=outcome) for outcome in outcomes)
    assert said(judgements=judgements) == ["Of 4 claims: 1 supported, 2 undecided, 1 not asked here."]

"""Claims on times, costs and losses: judged from measurements, by each variant, and not before all of it is measured."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from isthmus.claims.judge_serving import judge_serving
from isthmus.claims.load import load_claims
from isthmus.claims.resolve import Question, Unasked, question
from isthmus.claims.serving import Serving
from isthmus.claims.spec import ClaimFile

ARMS = {"nli": [{"task": "mnli"}]}
TARGETS = [{"task": "xnli"}, {"task": "pawsx"}]
SIZES = {name: {"name": f"org/{name}", "revision": "c"} for name in ("small", "large")}
VARIANTS = {"int8": {"precision": "int8"}, "shallow": {"layers": 2}}


@pytest.fixture
def serving_study(study):
    """A function that returns a study of variants that measures efficiency."""

    def build(arms=ARMS, **changes):
        return study(arms, **({"targets": TARGETS, "variants": VARIANTS, "efficiency": {}} | changes))

    return build


@pytest.fixture
def asked(serving_study, statement):
    """A function that puts a statement to that study, or to another one."""

    def ask(found=None, **changes):
        one = statement(**{"status": "hypothesis", "quantity": "latency", "compare": "stages"} | changes)
        return question(found or serving_study(), one, ClaimFile(title="t", claims=(one,)))

    return ask


@pytest.fixture
def timed(measurements):
    """A function from {(arm, variant): seconds} to measurements of both targets, with noise of 1 % in each round."""

    def build(slower, model="", noise=(), tasks=("xnli", "pawsx"), rounds=24, spread=0.01):
        files = []
        for task in tasks:
            lot = np.random.default_rng([rounds, *task.encode()])
            seconds = {
                place: {"de": list(factor * np.exp(lot.normal(0, spread, rounds)))} for place, factor in slower.items()
            }
            files.append(measurements(seconds, task, model, noise))
        return tuple(files)

    return build


SECONDS = {"": 3.0, "int8": 2.0, "shallow": 1.0}
ALIKE = {(arm, variant): seconds for arm in ("none", "nli") for variant, seconds in SECONDS.items()}
BOTH = ("xnli", "pawsx")
SAME = {"expect": "none", "margin": 5.0, "holds": "each"}


def test_that_times_stay_as_they_were_is_shown_in_each_variant(asked, timed):
    judged = judge_serving(asked(**SAME), Serving(timed(ALIKE), BOTH))
    assert (judged.outcome, judged.unit, judged.n) == ("supported", "%", 24)
    assert judged.why.startswith("Of 3 comparisons 3 support it and 0 contradict it")
    assert judged.measured == "latency: nli against none; xnli, pawsx: none"
    assert judged.confidence == "firm: 24 rounds on one machine"


@pytest.mark.parametrize(("quantity", "delta"), [("latency", 15), ("throughput", -13)])
def test_one_variant_that_is_slower_contradicts_it_and_is_named(asked, timed, quantity, delta):
    slow = {**ALIKE, ("nli", "int8"): 2.3}
    judged = judge_serving(asked(quantity=quantity, **SAME), Serving(timed(slow), BOTH))
    assert judged.outcome == "contradicted"
    assert "The figure is that of nli/int8 − none/int8" in judged.why
    assert judged.delta == pytest.approx(delta, abs=1.5)
    assert judged.low < judged.delta < judged.high


def test_a_margin_ends_where_its_reverse_does(asked, timed):
    slow = dict.fromkeys(ALIKE, 1.0)
    for side in ("nli", "none"):
        seconds = slow | {(side, variant): 1.049 for variant in ("", *VARIANTS)}
        judged = judge_serving(asked(**{**SAME, "holds": "mean"}), Serving(timed(seconds, spread=0.0005), BOTH))
        assert judged.outcome == "supported"
        seconds = slow | {(side, variant): 1.051 for variant in ("", *VARIANTS)}
        judged = judge_serving(asked(**{**SAME, "holds": "mean"}), Serving(timed(seconds, spread=0.0005), BOTH))
        assert judged.outcome == "contradicted"


def test_a_noisy_machine_leaves_it_open_and_is_told(asked, timed):
    judged = judge_serving(asked(**SAME), Serving(timed(ALIKE, noise=["load 4 a core"], spread=0.3), BOTH))
    assert (judged.outcome, judged.confidence) == ("undecided", "none")
    assert judged.why.endswith("The machine was noisy: load 4 a core.")


def test_too_few_rounds_decide_nothing(asked, timed):
    judged = judge_serving(asked(**{**SAME, "holds": "mean"}), Serving(timed(ALIKE, rounds=3), BOTH))
    assert (judged.outcome, judged.low, judged.why) == ("undecided", None, "There is no interval.")


def test_only_the_variants_that_a_claim_names_are_compared(asked, timed):
    slow = {**ALIKE, ("nli", "int8"): 4.0}
    found = asked(changes=["layers"], **SAME)
    assert found.variants == ("shallow",)
    assert judge_serving(found, Serving(timed(slow), BOTH)).outcome == "supported"
    assert asked(**SAME).variants == ("", "int8", "shallow")


def test_the_largest_model_is_compared_with_the_smallest_across_runs(serving_study, asked, timed):
    sizes = serving_study(model=None, models=SIZES).by_model()
    found = asked(sizes, compare="models", holds="each", expect="higher")

    def of(size, factor):
        return timed({(f"{arm}@{size}", variant): factor * own for (arm, variant), own in ALIKE.items()}, size)

    judged = judge_serving(found, Serving(of("small", 1) + of("large", 3), BOTH))
    assert judged.outcome == "supported"
    assert judged.delta == pytest.approx(200, abs=10)
    assert "timed one after the other" in judged.why


def test_nothing_is_decided_before_all_is_measured_nor_asked_of_what_is_not_timed(asked, timed):
    waiting = judge_serving(asked(**SAME), Serving(timed(ALIKE, tasks=("xnli",)), BOTH, ("pawsx",)))
    assert (waiting.outcome, waiting.delta) == ("undecided", None)
    assert waiting.why == "Not all of it is measured yet: no times on pawsx."
    other = judge_serving(asked(**SAME), Serving(timed(ALIKE), ()))
    assert (other.outcome, other.why) == ("not asked here", "The study does not time xnli or pawsx.")
    nothing = judge_serving(asked(**SAME), Serving(timed({("nli", ""): 1.0}), BOTH))
    assert nothing.outcome == "not asked here"


def test_a_claim_on_a_group_is_judged_in_its_languages(serving_study, asked, measurements):
    seconds = list(np.exp(np.random.default_rng(0).normal(0, 0.01, 24)))
    slow = [1.5 * value for value in np.exp(np.random.default_rng(1).normal(0, 0.01, 24))]
    rounds = {("none", ""): {"en": seconds, "sw": seconds}, ("nli", ""): {"en": seconds, "sw": slow}}
    found = asked(serving_study(groups={"low": ["sw"]}), on=["low"], expect="higher")
    judged = judge_serving(found, Serving((measurements(rounds),), ("xnli",), groups={"low": ("sw",)}))
    assert judged.delta == pytest.approx(50, abs=2)


SHARES = {"none": 0.6, "none/int8": 0.5, "none/shallow": 0.4}


def scored(averages, **added):
    truth = {
        (arm + name.removeprefix("none"), task): share + more
        for arm, more in {"none": 0.0, **added}.items()
        for name, share in SHARES.items()
        for task in BOTH
    }
    return {"": averages(truth, rows=1000)}


@pytest.mark.parametrize(("added", "outcome"), [(0.25, "supported"), (0.0, "undecided"), (-0.4, "contradicted")])
def test_the_same_score_for_less_is_judged_by_what_reaches_it(asked, averages, timed, added, outcome):
    found = Serving(timed(ALIKE), BOTH, (), scored(averages, nli=added))
    judged = judge_serving(asked(quantity="cost", expect="lower"), found)
    assert judged.outcome == outcome
    assert (judged.seeds, judged.n, judged.unit) == (3, 2000, "%")
    if added > 0:
        assert judged.delta == pytest.approx(100 * (1 / 3 - 1), abs=2)  # shallow is as good as the full one without
        assert judged.high < 0
    if added < 0:
        assert (judged.delta, judged.low) == (None, None)
        assert judged.why.startswith("Of 2 scores of models without a stage 0 are reached with one")


def test_a_cost_without_scores_is_not_measured_yet(asked, timed):
    judged = judge_serving(asked(quantity="cost", expect="lower"), Serving(timed(ALIKE), BOTH, (), {"": {}}))
    assert (judged.outcome, judged.why.partition(":")[0]) == ("undecided", "Not all of it is measured yet")


def test_a_loss_is_a_difference_of_differences_in_points(serving_study, asked, averages):
    truth = {(arm, task): share for arm, share in SHARES.items() for task in BOTH}
    truth |= {(arm.replace("none", "nli"), task): 0.6 for arm, task in truth}
    found = asked(quantity="loss", expect="higher")
    judged = judge_serving(found, Serving(averages={"": averages(truth, rows=1000)}))
    assert (judged.outcome, judged.unit) == ("supported", "points")
    assert judged.delta == pytest.approx(15, abs=4)  # 10 points by int8, 20 by fewer layers
    by_precision = asked(quantity="loss", expect="higher", changes=["precision"])
    some = judge_serving(by_precision, Serving(averages={"": averages(truth, rows=1000)}))
    assert some.delta == pytest.approx(10, abs=4)


def test_each_loss_is_counted_by_itself(asked, averages):
    truth = {(name, task): share for name, share in SHARES.items() for task in BOTH}
    truth |= {(name.replace("none", "nli"), task): share for (name, task), share in truth.items()}
    truth |= {("nli/int8", task): 0.8 for task in BOTH}
    found = asked(quantity="loss", holds="each", expect="none", margin=5.0)
    judged = judge_serving(found, Serving(averages={"": averages(truth, rows=1000)}))
    assert judged.outcome == "contradicted"
    assert judged.why.startswith("Of 2 comparisons")


def test_a_loss_of_variants_that_are_not_scored_yet_waits(asked, averages):
    truth = {("none", "xnli"): 0.6, ("nli", "xnli"): 0.6}
    judged = judge_serving(asked(quantity="loss", expect="higher"), Serving(averages={"": averages(truth)}))
    assert judged.why == "Not all of it is measured yet: 0 of 2 variants have scores with and without a stage."


@pytest.mark.parametrize(
    ("study_changes", "changes", "reason"),
    [
        ({"efficiency": None}, {}, "Latency is not among the measurements of a study."),
        ({"efficiency": None}, {"quantity": "cost"}, "Cost is not among the measurements of a study."),
        ({"variants": {}}, {"quantity": "loss"}, "The study has no variants of its models."),
        ({}, {"changes": ["heads"]}, "No variant of the study changes heads."),
        ({"arms": {"none": []}}, {}, "No arm has a stage on any task."),
    ],
)
def test_what_a_study_does_not_measure_is_the_reason(serving_study, asked, study_changes, changes, reason):
    arms = study_changes.pop("arms", ARMS)
    found = asked(serving_study({} if arms != ARMS else ARMS, **study_changes), **{"expect": "lower"} | changes)
    assert isinstance(found, Unasked)
    assert found.reason == reason


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"changes": ["heads"]}, "changes and but name variants"),
        ({"but": ["heads"]}, "changes and but name variants"),
        ({"quantity": "latency", "changes": ["exit"], "but": ["exit"]}, "found exit in changes and in but"),
        ({"quantity": "cost", "but": ["exit"]}, "quantity: cost is one mean"),
        ({"quantity": "latency", "changes": ["head"]}, "Input should be"),
        ({"quantity": "latency", "compare": "best-by-target"}, "go with quantity: score; found latency"),
        ({"quantity": "loss", "targets": ["xnli"], "rest": True}, "go with quantity: score; found loss"),
        ({"quantity": "cost", "compare": "models"}, "compares arms of one model"),
        ({"quantity": "cost", "holds": "each"}, "quantity: cost is one mean"),
        ({"quantity": "cost", "expect": "none", "margin": 5.0}, "quantity: cost is one mean"),
    ],
)
def test_what_makes_no_sense_of_serving_is_refused(statement, changes, said):
    with pytest.raises(ValidationError, match=said):
        statement(**changes)


def test_a_study_of_sizes_and_variants_is_asked_every_claim_of_the_question(serving_study):
    variants = {**VARIANTS, "exit": {"exit": 0.9}}
    sizes = serving_study(model=None, models=SIZES, groups={"distant": ["sw"]}, variants=variants).by_model()
    file = load_claims("inference-efficiency")
    assert all(isinstance(question(sizes, one, file), Question) for one in file.claims)
    assert {one.quantity for one in file.claims} == {"latency", "throughput", "cost", "loss"}


@pytest.mark.parametrize(
    ("changes", "variants"),
    [
        ({"but": ["exit"]}, ("", "int8", "shallow")),
        ({"but": ["exit", "precision"]}, ("", "shallow")),
        ({"changes": ["exit"]}, ("exit",)),
        ({"changes": ["layers", "precision"], "but": ["exit"]}, ("int8", "shallow")),
        ({"quantity": "loss", "but": ["layers"], "expect": "higher"}, ("int8", "exit")),
    ],
)
def test_variants_are_those_that_a_statement_means_but_for_those_it_leaves_out(asked, serving_study, changes, variants):
    found = serving_study(variants={**VARIANTS, "exit": {"exit": 0.9}})
    assert asked(found, **changes).variants == variants


def test_a_statement_whose_variants_are_all_left_out_is_not_asked(asked):
    both = asked(quantity="loss", expect="higher", but=["layers", "precision"])
    assert both.reason == "No variant of the study is meant that does not change layers or precision."

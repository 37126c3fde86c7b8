"""Scores by share of text in domain: from a store to effects, a line and a drawing, as far as the study is done."""

from __future__ import annotations

import json
import random
from xml.etree import ElementTree

import pytest

from isthmus.plan.graph import Cell, Plan, in_order
from isthmus.plan.step import Step
from isthmus.report.figures import range_of, shares_figure
from isthmus.report.shares import by_share, called, heading, trend_in_words
from isthmus.results.counts import write_counts
from isthmus.study.spec import Study

RATES = {
    "none": None,
    "alone": {"squad": 1},
    "web": {"squad": 1, "mlm": 1},
    "half": {"squad": 2, "mlm/news": 1, "mlm": 1},
    "news": {"squad": 1, "mlm/news": 1},
}
TRUTH = {"none": 0.3, "alone": 0.4, "web": 0.4, "half": 0.6, "news": 0.8}
TARGETS = ("pawsx", "xnli")


def stages(rates):
    if rates is None:
        return []
    return [{"task": "squad"} if len(rates) == 1 else {"mix": list(rates), "rates": rates, "recipe": {"steps": 9}}]


@pytest.fixture
def study() -> Study:
    keys = {
        "study": "s",
        "question": "?",
        "model": {"name": "org/encoder", "revision": "r"},
        "data": "data",
        "seeds": [1, 2],
        "arms": {name: stages(rates) for name, rates in RATES.items()},
        "targets": [{"task": task} for task in TARGETS],
        "source": "en",
        "languages": "all",
        "recipe": {"learning_rate": 1e-5, "epochs": 1, "batch_tokens": 10},
    }
    return Study.model_validate(keys)


@pytest.fixture
def measured(store):
    """A function that puts scores of the arms named into the store, and returns the plan of all."""

    def measured(arms=tuple(RATES)) -> Plan:
        cells, steps = [], []
        for arm in RATES:
            for seed in (1, 2):
                for task in TARGETS:
                    step = Step("score", {"place": [arm, seed, task]}, name=f"{arm}/seed {seed}/{task}")
                    steps.append(step)
                    cells.append(Cell(arm, seed, task, "de", "test", "accuracy", True, step.id))
                    if arm in arms:
                        commit(store, step, arm if task == "xnli" else "none")
        return Plan(in_order(steps), tuple(cells))

    return measured


def commit(store, step, arm):
    lot = random.Random(step.name)
    hits = [(float(lot.random() < TRUTH[arm]), 1.0) for _ in range(200)]
    value = 100 * sum(hit for hit, _ in hits) / len(hits)
    scratch = store.begin(step.id)
    scores = {"values": {"accuracy": value}, "main": "accuracy", "n": len(hits), "labelled": True}
    (scratch.output / "scores.json").write_text(json.dumps(scores))
    write_counts(scratch.output, {"accuracy": hits})
    store.commit(step.id, scratch, step.payload, step.name, {})


def test_a_share_that_helps_one_target_has_a_slope_there_and_none_elsewhere(study, store, measured):
    [found] = by_share(study, measured(), store)
    assert heading(found) == "squad: share of mlm/news in the raw text, which is 50 % of the steps"
    effects = {called(one): one for one in found.effects}
    assert set(effects) == {"pawsx", "xnli", "mean of 2 targets"}
    assert {one.against for one in found.effects} == {"alone"}
    assert [share for share, _ in effects["xnli"].points] == [0.0, 0.5, 1.0]
    low, high = effects["xnli"].trend.ends()
    assert low > 0
    assert low < 100 * (TRUTH["news"] - TRUTH["web"]) < high
    low, high = effects["pawsx"].trend.ends()
    assert low < 0 < high
    assert effects["mean of 2 targets"].trend.delta == pytest.approx(
        (effects["xnli"].trend.delta + effects["pawsx"].trend.delta) / 2
    )


def test_a_target_judged_with_a_head_that_a_stage_left_is_in_no_mean(study, store, measured):
    pawsx, xnli = study.targets
    kept = study.model_copy(update={"targets": (pawsx, xnli.model_copy(update={"head": "kept"}))})
    [found] = by_share(kept, measured(), store)
    assert [called(one) for one in found.effects] == ["pawsx", "xnli"]


def test_a_study_that_is_half_done_shows_the_shares_it_has(study, store, measured):
    [found] = by_share(study, measured(("none", "alone", "web", "half")), store)
    assert [share for share, _ in found.effects[0].points] == [0.0, 0.5]
    assert trend_in_words(found.effects[0]) == "not every arm has a score yet"


def test_there_is_no_such_section_where_nothing_is_measured_or_no_arms_differ_in_domain(study, store, measured):
    plan = measured(("none",))
    assert by_share(study, plan, store) == ()
    few = {name: study.arms[name] for name in ("none", "alone", "web")}
    assert by_share(study.model_copy(update={"arms": few}), plan, store) == ()


def test_the_drawing_has_a_mark_for_each_share_on_a_rising_line_and_says_it_in_words(study, store, measured):
    [found] = by_share(study, measured(), store)
    xnli = found.effects[TARGETS.index("xnli")]
    drawn = ElementTree.fromstring(shares_figure(xnli, range_of([one for _, one in xnli.points]), 1.0, "share-0"))
    marks = [part for part in drawn.iter("g") if (part.get("class") or "").startswith("mark")]
    assert [mark.get("class") for mark in marks][1:] == ["mark up", "mark up"]
    places = [(float(dot.get("cx")), float(dot.get("cy"))) for dot in drawn.iter("circle")]
    assert places == sorted(places)
    assert [y for _, y in places] == sorted((y for _, y in places), reverse=True)
    [line] = [part for part in drawn.iter("g") if "alone" in (part.get("class") or "")]
    (_, start), (_, end) = (point.split() for point in line[0].get("d")[1:].split("L"))
    assert float(start) > float(end)  # upwards on a page
    words = drawn.find("desc").text
    assert "From 0 to 1: " in words
    assert trend_in_words(xnli) in words

"""Size and spread on the page: from a store to surfaces, sentences and drawings; nothing where arms have no such design."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from isthmus.analysis.crossed import Estimate
from isthmus.analysis.power_law import PowerLaw
from isthmus.analysis.surface import TRAINED
from isthmus.cli.report import evidence_of
from isthmus.plan.graph import Cell, Plan, in_order
from isthmus.plan.step import Step
from isthmus.report.page import render
from isthmus.report.surface_figure import range_of, surface_figure
from isthmus.report.surface_panels import surface_panels
from isthmus.report.surfaces import estimates_of, law_in_words, sentences, surfaced, told
from isthmus.results.counts import write_counts
from isthmus.study.spec import Study

SIZES, SETS = (40, 80, 160), (("en",), ("de", "en"), ("de", "en", "fi", "sw"))
LANGUAGES, EXAMPLES = ("en", "de", "sw", "yo"), 400
NASTY = "mnli<b>"


def arm_of(size: int, languages: tuple[str, ...]) -> str:
    return f"a{size}in{len(languages)}"


@pytest.fixture
def study() -> Study:
    stages = {
        arm_of(size, own): [{"task": "panx", "languages": list(own), "max_examples": size // len(own)}]
        for size in SIZES
        for own in SETS
    }
    keys = {
        "study": "s",
        "question": "?",
        "model": {"name": "org/encoder", "revision": "r"},
        "data": "data",
        "seeds": [1, 2, 3],
        "arms": {"none": [], **stages},
        "targets": [{"task": "xnli"}],
        "source": "en",
        "languages": list(LANGUAGES),
        "groups": {"low-resource": ["sw", "yo"]},
        "recipe": {"learning_rate": 1e-5, "epochs": 1, "batch_tokens": 10},
    }
    return Study.model_validate(keys)


@pytest.fixture
def measured(store):
    """A function that puts scores into the store, all but those of some arms, and returns the plan of all.

    Each doubling of examples gives 8 points; languages that an arm's data are in gain 10 more.
    """

    def measured(study, without=()) -> Plan:
        cells, steps = [], []
        for arm, stages in study.arms.items():
            for seed in study.seeds:
                for language in LANGUAGES:
                    step = Step("score", {"place": [arm, seed, language]}, name=f"{arm}/{seed}/{language}")
                    steps.append(step)
                    cells.append(Cell(arm, seed, "xnli", language, "test", "accuracy", language != "en", step.id))
                    if arm not in without:
                        size = stages[0].max_examples * len(stages[0].languages) if stages else 0
                        own = stages[0].languages if stages else ()
                        skill = 0.3 + (0.08 * (SIZES.index(size) + 1) if size else 0) + 0.1 * (language in own)
                        commit(store, step, skill)
        return Plan(in_order(steps), tuple(cells))

    return measured


def commit(store, step, skill):
    lot = random.Random(step.name)
    hits = [(float((place + 0.5) / EXAMPLES < skill + lot.uniform(-0.05, 0.05)), 1.0) for place in range(EXAMPLES)]
    value = 100 * sum(hit for hit, _ in hits) / len(hits)
    scratch = store.begin(step.id)
    scores = {"values": {"accuracy": value}, "main": "accuracy", "n": len(hits), "labelled": True}
    (scratch.output / "scores.json").write_text(json.dumps(scores))
    write_counts(scratch.output, {"accuracy": hits})
    store.commit(step.id, scratch, step.payload, step.name, {})


@pytest.fixture
def one(study, store, measured):
    [found] = surfaced(study, measured(study), store)
    return found


def test_each_average_has_its_surface_and_the_source_its_own(one):
    scopes = {surface.scope: surface for surface in one.surfaces}
    assert list(scopes) == ["en", "zero-shot", "low-resource", "unseen", "in the training data", "not in the training data"]
    assert scopes["low-resource"].over == ("sw", "yo")
    low, high = scopes["zero-shot"].examples.ends()
    assert low < 8 < high
    assert low > 4
    assert one.trained.value == pytest.approx(10, abs=1)
    assert (one.task, one.metric, one.against, one.heading) == ("xnli", "accuracy", "none", "panx before xnli")


def test_sentences_say_what_is_clear_and_what_the_intervals_leave_out(one):
    said = sentences(one)
    assert said[0].startswith("On en (1 language), a doubling of the examples makes a clear difference, +")
    assert any("less that of languages outside them makes a clear difference, +" in words for words in said)
    assert any("On zero-shot, a saturating power law cannot be told from a straight line" in words for words in said)
    assert said[-1] == "Languages were drawn once, so the intervals do not tell what another draw would change."


def test_there_is_no_surface_before_all_of_it_is_measured_nor_without_such_arms(study, store, measured):
    assert surfaced(study, measured(study, without=("a40in2",)), store) == ()
    few = {name: study.arms[name] for name in ("none", "a40in1", "a80in1")}
    assert surfaced(study.model_copy(update={"arms": few}), measured(study), store) == ()


def test_a_drawing_has_a_line_for_each_number_of_languages_and_says_every_gain(one):
    surface = next(own for own in one.surfaces if own.scope == "zero-shot")
    drawing = surface_figure(surface, range_of(estimates_of([one])), (1, 2, 4), "x")
    parsed = ElementTree.fromstring(drawing)
    groups = [mark.get("class") for mark in parsed.iter("g")]
    assert groups.count("line light c1") == groups.count("line light c2") == groups.count("line light c3") == 1
    assert sum("spot" in own for own in groups) == 9
    titles = [mark.find("title").text for mark in parsed.iter("g") if "spot" in (mark.get("class") or "")]
    assert titles[0].startswith("40 examples in 1 language: +")
    assert titles[0].endswith("a40in1")
    assert [mark.text for mark in parsed.iter("text") if "lang." in (mark.text or "")] == ["1 lang.", "2 lang.", "4 lang."]
    places = [float(circle.get("cy")) for circle in parsed.iter("circle")]
    assert all(8 <= place <= 160 for place in places)


def test_a_number_of_languages_keeps_its_colour_where_a_panel_lacks_another_one(one):
    [(_, panels)] = surface_panels(SimpleNamespace(surfaces=(one,)))
    coloured = {
        scope: {mark.find("text").text: mark.get("class") for mark in ElementTree.fromstring(svg).iter("g") if named(mark)}
        for scope, svg in panels
    }
    whole = {"1 lang.": "line c1", "2 lang.": "line c2", "4 lang.": "line c3"}
    assert coloured["zero-shot"] == whole
    assert coloured[TRAINED] == {words: whole[words] for words in ("2 lang.", "4 lang.")}


def named(mark):
    return (words := mark.find("text")) is not None and (words.text or "").endswith("lang.")


def test_one_interval_that_knows_nothing_does_not_flatten_the_others():
    usual = [Estimate(value, 1.0, 30.0, 2, 3, 100) for value in (-2.0, 4.0, 9.0)]
    low, high = range_of([*usual, Estimate(5.0, 400.0, 1.0, 2, 3, 100)])
    assert low > -20
    assert high < 30


def test_the_page_has_the_section_where_there_are_surfaces_and_only_there(finished, tmp_path, one):
    (tmp_path / "study.yaml").write_text("study: s\n")
    bare = evidence_of(finished, tmp_path / "study.yaml")
    assert 'id="surfaces"' not in render(bare)
    assert "#surfaces" not in render(bare)
    page = render(replace(bare, surfaces=(replace(one, task=NASTY),)))
    assert 'id="surfaces"' in page
    assert 'href="#surfaces"' in page
    assert NASTY not in page
    assert "panx before mnli&lt;b&gt;" in page
    assert "Group low-resource" in page
    assert "In the training data" in page
    assert page.count("<svg") - render(bare).count("<svg") == len(one.surfaces)


def test_a_law_is_told_in_words_with_its_interval_or_without_an_upper_end():
    bend = Estimate(2.0, 0.1, 50.0, 1, 3, 100)
    law = PowerLaw((1, 2, 3), (bend,) * 3, bend, (0.3, 0.5, 0.9), (10.0, 12.0, 14.0))
    assert law_in_words(law) == (
        "the error flattens: it goes with the size to the power of minus 0.5 (0.3 to 0.9), "
        "and no size would bring it below 10.0 to 14.0 points."
    )
    assert "minus 0.3 or more" in law_in_words(replace(law, alpha=(0.3, None, None)))
    assert "cannot be told" in law_in_words(replace(law, bend=replace(bend, value=0.01)))
    assert "flattens, but as no power of the size does" in law_in_words(replace(law, alpha=None, floor=None))
    assert "nothing saturates" in law_in_words(replace(law, bend=replace(bend, value=-2.0)))


def test_an_estimate_without_an_interval_says_so():
    assert told(Estimate(1.0, None, 1.0, 1, 1, 1)) == "+1.0 (no interval)"
    assert told(None) == "–"

"""Gains by what is known of languages: the world's own declarations, the table of natural ones, and few languages."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from isthmus.analysis.paired import Effect
from isthmus.cli.report import evidence_of
from isthmus.report.by_feature import TEXT, best_here, by_feature, features_of, rank_in_words, slope_in_words
from isthmus.report.page import render
from isthmus.report.surface_figure import feature_figure

MANY = "en de nl fi ja fr ru tr"


def effect(language: str, delta: float, half: float | None = 2.0, arm: str = "nli", p: float | None = 0.5) -> Effect:
    low, high = (None, None) if half is None else (delta - half, delta + half)
    return Effect(arm, "none", "xnli", "accuracy", language, delta, low, high, ((1, delta),), 9, (language,), None, p)


@pytest.fixture(scope="module")
def written(invented, tmp_path_factory):
    opened = invented(seeds=(1, 2), languages=MANY)
    file = tmp_path_factory.mktemp("page") / "study.yaml"
    file.write_text("study: s\n")
    return evidence_of(opened, file)


def test_the_world_declares_its_languages_apart_by_kind_of_distance():
    whole = {"en": 0.0, "near": 0.15, "mid": 0.31, "far": 0.54, "lowfar": 0.54, "tongue": 0.4}
    found = features_of(whole, ["en", "near", "mid", "far", "lowfar", "tongue"], "en")
    assert found["distance from en"] == {name: far for name, far in whole.items() if name != "en"}
    assert found["distance in words"]["near"] == pytest.approx(0.45)
    assert found["distance in grammar"]["near"] == 0
    assert found[TEXT] == {"near": 0, "mid": 0, "far": 0, "lowfar": pytest.approx(-3.32, abs=0.01)}
    # what does not vary is no feature, and a language of one's own declares no parts to this page
    assert "another script" not in found
    assert "tongue" not in found["distance in words"]


def test_natural_languages_are_looked_up_and_what_is_not_known_is_left_out():
    found = features_of(None, ["en", "de", "kk", "yo", "zz"], "en")
    assert found["distance from en"].keys() == {"de", "yo"}
    assert found["another family"] == {"de": 0.0, "kk": 1.0, "yo": 1.0}
    assert found["another script"] == {"de": 0.0, "kk": 1.0, "yo": 0.0}
    assert found["resource class"] == {"de": 5.0, "kk": 3.0, "yo": 2.0}
    assert found[TEXT].keys() == {"de", "kk"}  # there is none in Yoruba
    assert features_of(None, ["en", "zz"], "en") == {}
    assert "distance from zz" not in features_of(None, ["de", "kk", "zz"], "zz")


def test_every_arm_and_target_has_its_slopes_where_languages_are_enough(written):
    assert {(one.arm, one.task) for one in written.features} >= {("nli", "xnli"), ("qa", "xquad"), ("nli", "tatoeba")}
    for one in written.features:
        assert "en" not in one.values
        assert one.line.languages == tuple(sorted(one.values))
        assert one.line.low < one.line.slope < one.line.high
        assert one.partial == ()  # seven languages are too few to hold another feature alike


def test_few_languages_give_no_section(finished, tmp_path, written):
    (tmp_path / "study.yaml").write_text("study: s\n")
    few = evidence_of(finished, tmp_path / "study.yaml")
    assert few.features == ()
    assert 'id="features"' not in render(few)
    page = render(written)
    assert 'id="features"' in page
    assert 'href="#features"' in page
    assert page.count("distance from en</td>") == len(written.features)
    assert "The arm that gains most in each language" in page
    assert "So the slope decides" in page  # a rank has no notion of seeds that tilt slopes, see LOG.md


def test_nothing_is_known_of_languages_that_no_one_declares(finished):
    assert by_feature(finished.study, finished.plan, finished.store, {}, []) == ()


def test_a_drawing_has_a_dot_for_each_language_with_its_interval_and_name(written):
    one = next(own for own in written.features if (own.arm, own.task) == ("nli", "xnli"))
    drawing = ElementTree.fromstring(feature_figure(one.effects, one.values, one.line, (-60, 60), "x", one.feature))
    marks = [mark for mark in drawing.iter("g") if (mark.get("class") or "").startswith("mark")]
    assert len(marks) == len(one.values) == 7
    assert {mark.find("text").text for mark in marks} == set(one.values)
    title = marks[0].find("title").text
    assert title.startswith(f"{one.effects[0].language}, ")
    assert title.endswith(")")


def test_names_of_languages_at_one_place_do_not_lie_on_each_other():
    effects = [effect(name, delta) for name, delta in (("aa", 1.0), ("bb", 1.1), ("cc", 0.9), ("dd", 5.0))]
    values = {"aa": 0.5, "bb": 0.5, "cc": 0.51, "dd": 0.9}
    drawing = ElementTree.fromstring(feature_figure(effects, values, None, (-10, 10), "x", "distance"))
    heights = sorted(
        float(mark.find("text").get("y"))
        for mark in drawing.iter("g")
        if "mark" in (mark.get("class") or "") and mark.find("text").text != "dd"
    )
    assert min(b - a for a, b in pairwise(heights)) >= 10


def test_hostile_names_are_escaped():
    drawing = feature_figure([effect("<b>", 1.0), effect("cc", 2.0)], {"<b>": 0.1, "cc": 0.5}, None, (-5, 5), "x", "<i>")
    assert "<b>" not in drawing
    assert "<i>" not in drawing
    ElementTree.fromstring(drawing)


def test_the_best_arm_of_a_language_is_clear_only_beyond_the_number_of_arms():
    rivals = [effect("de", 5.0, arm="nli", p=0.02), effect("de", 3.0, arm="qa", p=0.001)]
    [found] = best_here(rivals)
    assert (found.effect.arm, found.rivals, found.clear) == ("nli", 2, True)
    [found] = best_here([effect("de", 5.0, arm="nli", p=0.03), *rivals[1:]])
    assert not found.clear
    [found] = best_here([effect("de", -1.0, arm="nli", p=0.0001), effect("de", -3.0, arm="qa")])
    assert not found.clear  # least bad is not good
    assert best_here([effect("de", 5.0)]) == ()


def test_slopes_and_ranks_are_told_with_their_intervals(written):
    line = written.features[0].line
    assert slope_in_words(line).startswith("slope ")
    assert " to " in rank_in_words(line)
    assert slope_in_words(None) == "too few languages for a line"

"""Drawings: places follow from numbers, and every drawing says in words what it shows."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as some

from isthmus.analysis.paired import Effect
from isthmus.report.evidence import Gains
from isthmus.report.figures import colour_class, curves_figure, domain_of, gains_figure
from isthmus.report.learning import Curve, Lesson
from isthmus.report.svg import Scale, element, number, span, text, ticks

SVG = "{http://www.w3.org/2000/svg}"


def parsed(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing.replace("<svg", f'<svg xmlns="{SVG[1:-1]}"', 1))


def effect(language: str, delta: float, half: float | None) -> Effect:
    low, high = (None, None) if half is None else (delta - half, delta + half)
    return Effect("nli", "none", "xnli", "accuracy", language, delta, low, high, ((1, delta),), 100, (language,))


@pytest.fixture
def gains() -> Gains:
    return Gains("nli", "xnli", effect("zero-shot", 5, 1), (effect("de", 8, 2), effect("fi", -6, 3), effect("<b>", 1, 4)))


def test_a_language_is_a_row_in_order_below_the_average(gains):
    drawing = parsed(gains_figure(gains, domain_of([gains]), {}, "g"))
    names = [mark.find(f"{SVG}text").text for mark in drawing.iter(f"{SVG}g") if "mark" in mark.get("class", "")]
    assert names == ["zero-shot", "de", "fi", "<b>"]
    rows = [float(dot.get("cy")) for dot in drawing.iter(f"{SVG}circle")]
    assert rows == sorted(set(rows))


def test_dots_lie_in_the_order_of_their_differences_and_signs_are_classes(gains):
    drawing = parsed(gains_figure(gains, domain_of([gains]), {"de": 0.5}, "g"))
    marks = [mark for mark in drawing.iter(f"{SVG}g") if "mark" in mark.get("class", "")]
    assert [mark.get("class") for mark in marks] == ["mark up", "mark up", "mark down", "mark flat"]
    de, fi, other = (float(mark.find(f"{SVG}circle").get("cx")) for mark in marks[1:])
    assert fi < other < de
    assert marks[1].find(f"{SVG}title").text == "de, distance 0.5: +8.0 (+6.0 to +10.0); seeds +8.0; n 100"


def test_an_effect_without_an_interval_is_a_hollow_dot_alone():
    gains = Gains("nli", "xnli", None, (effect("de", 8, None),))
    drawing = parsed(gains_figure(gains, domain_of([gains]), {}, "g"))
    [mark] = [mark for mark in drawing.iter(f"{SVG}g") if "mark" in mark.get("class", "")]
    assert (mark.get("class"), mark.findall(f"{SVG}path")) == ("mark flat", [])


def test_panels_that_share_a_domain_put_equal_differences_at_the_same_place(gains):
    other = Gains("qa", "xnli", None, (effect("de", 8, 30),))
    domain = domain_of([gains, other])
    first, second = (gains_figure(one, domain, {}, "g") for one in (gains, other))
    # the gutter of names differs in width, so the zero line is what places are measured from
    for drawing in (first, second):
        assert re.search(r'class="zero" d="M[\d.]+ ', drawing)
    assert domain[0] < -22 < 38 < domain[1]


def test_a_curve_falls_where_its_losses_fall():
    lesson = Lesson("udpos", (Curve("nli", 1, ((1, 3.0), (50, 1.0), (100, 0.5))),))
    path = next(parsed(curves_figure(lesson, ("none", "nli"), "c")).iter(f"{SVG}g")).find(f"{SVG}path")
    assert path is not None
    [line] = re.findall(
        r'class="line light c1"><title>nli</title><path d="M([^"]+)"', curves_figure(lesson, ("none", "nli"), "c")
    )
    places = [tuple(map(float, point.split())) for point in line.split("L")]
    assert places == sorted(places)
    assert [y for _, y in places] == sorted(y for _, y in places)  # downwards on a screen


def test_colours_begin_anew_with_dashes_and_others_have_none_of_them():
    arms = [f"arm{i}" for i in range(10)]
    assert [colour_class(arm, arms) for arm in ("arm0", "arm7", "arm8", "baseline:bag", "")] == [
        "c0",
        "c7",
        "c0 dashed",
        "other",
        "alone",
    ]


@given(some.floats(-1000, 1000), some.floats(0.01, 1000))
def test_ticks_are_round_few_and_within(low, width):
    found = ticks(low, low + width)
    assert 2 <= len(found) <= 9
    assert all(low - 1e-6 * width <= tick <= low + width + 1e-6 * width for tick in found)
    assert len({round(b - a, 6) for a, b in pairwise(found)}) <= 1


def test_a_scale_keeps_to_its_edges():
    scale = Scale(0, 10, 100, 200)
    assert [scale(value) for value in (-5, 0, 5, 10, 50)] == [100, 100, 150, 200, 200]


def test_a_span_has_room_and_takes_in_zero_where_asked():
    assert span([5.0, 5.0]) == (4.95, 5.05)
    low, high = span([5.0, 9.0], zero=True)
    assert low < 0 < 9 < high


def test_words_and_attributes_are_escaped():
    assert text("<b>", 1, 2) == '<text x="1" y="2">&lt;b&gt;</text>'
    assert element("g", class_='"') == '<g class="&quot;"/>'
    assert number(2.04) == "2"

"""The plots of cost: places follow from numbers, arms are told apart by shape as well as by colour, words are escaped."""

from __future__ import annotations

import re
from math import log10
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as some

from isthmus.analysis.fronts import Point, parted
from isthmus.analysis.latency import Ratio, Timing
from isthmus.report.efficiency import Fronted
from isthmus.report.efficiency_figures import (
    Bar,
    Block,
    bar_range,
    bars_figure,
    cost_range,
    front_figure,
    ratio_bar,
    short,
    words_figure,
)
from isthmus.report.marks import SHAPES, beside, logarithm, powers, seconds, shape
from isthmus.report.spent import Spent
from isthmus.results.measured import Interval

SVG = "{http://www.w3.org/2000/svg}"
ARMS = ("none", "nli", "<qa>")


def parsed(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing.replace("<svg", f'<svg xmlns="{SVG[1:-1]}"', 1))


def groups(drawing: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [one for one in drawing.iter(f"{SVG}g") if name in one.get("class", "").split()]


def words(drawing: ElementTree.Element, name: str) -> list[str]:
    return [one.text or "" for one in drawing.iter(f"{SVG}text") if one.get("class") == name]


@pytest.fixture
def front() -> Fronted:
    points = (
        Point("none@small", 0.002, 60.0),
        Point("none@large", 0.02, 80.0),
        Point("nli@small", 0.002, 75.0),
        Point("nli@large/int8", 0.01, 85.0),
        Point("<qa>@large", 0.02, 70.0),
    )
    staged, plain = parted(points, {"nli@small", "nli@large", "<qa>@large"})
    return Fronted("xnli", "accuracy", "near", ("de", "nl"), ("de", "nl"), points, staged, plain, None, ())


def test_a_point_is_named_by_shape_and_colour_and_what_is_not_best_is_pale(front):
    drawing = parsed(front_figure(front, cost_range([front]), ARMS, "f"))
    marks = {one.find(f"{SVG}title").text.partition(":")[0]: one for one in groups(drawing, "point")}
    assert set(marks) == {point.configuration for point in front.points}
    assert marks["none@small"].find(f"{SVG}circle") is not None
    assert marks["nli@small"].find(f"{SVG}path").get("d") == SHAPES[1]
    assert [marks[name].get("class") for name in ("none@small", "nli@small", "<qa>@large")] == [
        "point c0",
        "point c1",
        "point off c2",
    ]
    assert marks["none@large"].find(f"{SVG}title").text == "none@large: 80.0 at 20 ms"
    assert "another is better" in marks["<qa>@large"].find(f"{SVG}title").text


def test_dearer_lies_further_right_by_the_ratio_of_costs_and_better_lies_higher(front):
    drawing = parsed(front_figure(front, cost_range([front]), ARMS, "f"))
    circles = [one.find(f"{SVG}circle") for one in groups(drawing, "point") if one.find(f"{SVG}circle") is not None]
    (near, low), (far, high) = sorted((float(one.get("cx")), float(one.get("cy"))) for one in circles)
    assert near < far
    assert high < low
    middle = next(one for one in groups(drawing, "point") if "int8" in one.find(f"{SVG}title").text).find(f"{SVG}path")
    x = float(re.match(r"translate\(([\d.]+)", middle.get("transform"))[1])
    assert (x - near) / (far - near) == pytest.approx(log10(5) / log10(10), abs=0.01)


def test_the_two_fronts_are_step_lines_of_their_own_kinds(front):
    drawing = parsed(front_figure(front, cost_range([front]), ARMS, "f"))
    lines = groups(drawing, "front")
    assert [one.get("class") for one in lines] == ["front plain", "front staged"]
    for line in lines:
        path = line.find(f"{SVG}path").get("d")
        assert re.fullmatch(r"M[\d.]+ [\d.]+(H[\d.]+V[\d.]+)*H[\d.]+", path)
    assert words(drawing, "beside") == ["large/int8", "large", "small", "small"]


def test_a_drawing_says_in_words_what_is_best_at_its_cost_and_escapes_names(front):
    text = front_figure(front, cost_range([front]), ARMS, "f")
    assert "none@small 2 ms 60.0, none@large 20 ms 80.0 without" in text
    assert "nli@small 2 ms 75.0, nli@large/int8 10 ms 85.0 with a stage" in text
    assert "<qa>" not in text
    assert "&lt;qa&gt;@large" in text


def test_a_front_without_one_side_is_drawn_with_the_other(front):
    alone = Fronted("xnli", "accuracy", "near", ("de",), ("de",), front.points[:1], (), front.points[:1], None, ())
    drawing = parsed(front_figure(alone, cost_range([alone]), ARMS, "f"))
    assert [one.get("class") for one in groups(drawing, "front")] == ["front plain"]
    assert "none with a stage" in drawing.find(f"{SVG}desc").text


@pytest.mark.parametrize(
    ("configuration", "told"),
    [("nli@small/int8", "small/int8"), ("nli@small", "small"), ("nli/int8", "int8"), ("nli", "full")],
)
def test_a_configuration_is_called_by_model_and_variant_where_its_arm_is_told_by_its_mark(configuration, told):
    assert short(configuration) == told


@pytest.fixture
def blocks() -> list[Block]:
    bars = (Bar("none", -1.0, (-2.0, 0.0), "none: −1"), Bar("nli", -6.0, (-7.0, -5.0), "nli: −6"))
    return [Block("shallow", bars), Block("int8 <b>", (Bar("nli", 0.5, None, "nli & more"),))]


def test_bars_have_a_row_for_each_arm_below_the_heading_of_their_block(blocks):
    text = bars_figure(blocks, bar_range(blocks), ARMS, "t", "points", "b")
    drawing = parsed(text)
    assert words(drawing, "beside") == ["shallow", "int8 <b>"]
    rows = groups(drawing, "point")
    assert [one.find(f"{SVG}title").text for one in rows] == ["none: −1", "nli: −6", "nli & more"]
    assert [len(one.findall(f"{SVG}path[@class='between']")) for one in rows] == [1, 1, 0]
    assert "<b>" not in text


def test_a_band_lies_about_zero_as_wide_as_it_is_told(blocks):
    drawing = parsed(bars_figure(blocks, (-10.0, 10.0), ARMS, "t", "points", "b", (-5.0, 5.0)))
    band = drawing.find(f"{SVG}rect")
    zero = next(float(one.get("d")[1:].split()[0]) for one in drawing.iter(f"{SVG}path") if one.get("class") == "zero")
    left, wide = float(band.get("x")), float(band.get("width"))
    assert left + wide / 2 == pytest.approx(zero, abs=0.2)
    assert parsed(bars_figure(blocks, (-10.0, 10.0), ARMS, "t", "points", "b")).find(f"{SVG}rect") is None


def test_one_interval_that_is_far_wider_than_the_others_does_not_stretch_the_range():
    usual = [Bar("none", 0.0, (-1.0, 1.0), "") for _ in range(5)]
    low, high = bar_range([Block("a", (*usual, Bar("nli", 0.0, (-500.0, 500.0), "")))])
    assert -10 < low < -1
    assert 1 < high < 10


def test_a_range_reaches_as_far_as_it_is_asked_to():
    low, high = bar_range([Block("a", (Bar("none", 0.0, (-0.1, 0.1), ""),))], least=6.0)
    assert low <= -6
    assert high >= 6


def test_a_ratio_is_drawn_in_per_cent_and_told_with_its_outcome():
    bar = ratio_bar(
        Timing("nli@small/int8", "none@small/int8", "int8", "xnli", "latency", "all", ("de",), Ratio(0.1, 0.001, 9, 20))
    )
    assert (bar.arm, round(bar.value, 1)) == ("nli", 10.5)
    assert bar.words.startswith("nli@small/int8: +10.5 % (+10.3 to +10.8), different")
    nothing = ratio_bar(Timing("nli", "none", "", "xnli", "latency", "all", ("de",), Ratio(0.1, None, 0, 3)))
    assert (nothing.ends, "no interval" in nothing.words) == (None, True)


def spent(configuration: str, language: str, sub_words: float, p50: float) -> Spent:
    one = Interval(p50, p50, p50)
    return Spent("xnli", configuration, language, (1,), one, one, one, one, one, sub_words, 20.0, 1e6, None, 1, 1, 1, 1.0)


def test_latency_over_words_has_a_mark_for_each_language_and_a_line_for_each_model():
    lines = [spent(f"none@{model}", name, at, at * cost) for model, cost in (("s", 0.001), ("l", 0.01))
             for name, at in (("en", 1.2), ("de", 1.5), ("ja", 9.0))]  # fmt: skip
    drawing = parsed(words_figure(lines, ("s", "l"), "t", "w"))
    assert len(groups(drawing, "point")) == 6
    assert [one.get("class") for one in groups(drawing, "line")] == ["line light c0", "line light c1"]
    assert {"en", "de", "ja"} <= set(words(drawing, "beside"))
    assert groups(drawing, "point")[0].find(f"{SVG}title").text == "en, s: 1.20 sub-words per word, 1.2 ms"


def test_a_single_language_has_a_mark_and_no_line():
    drawing = parsed(words_figure([spent("none", "en", 1.2, 0.001)], ("",), "t", "w"))
    assert (len(groups(drawing, "point")), groups(drawing, "line")) == (1, [])


def test_eight_shapes_differ_and_a_ninth_in_the_first_colour_has_another():
    drawn = [shape(i, 0, 0) for i in range(9)]
    assert len(set(drawn[:8])) == 8
    assert drawn[8] == shape(1, 0, 0) != drawn[0]


@given(some.floats(1e-6, 1e3), some.floats(1.02, 1e5))
def test_ticks_of_a_logarithmic_axis_are_few_round_and_within(low, ratio):
    found = powers(low, low * ratio)
    assert 1 <= len(found) <= 7
    assert found == sorted(set(found))
    assert all(low * 0.999999 <= value <= low * ratio * 1.000001 for value in found)


def test_a_logarithmic_scale_puts_equal_ratios_at_equal_distances():
    scale = logarithm(1, 100, 0, 100)
    assert scale(log10(10)) == pytest.approx(50)
    assert 0 < scale(0) < scale(2) < 100


def test_words_beside_marks_hide_neither_a_mark_nor_each_other_nor_leave_the_plot():
    places = [(50.0, 50.0), (52.0, 51.0), (54.0, 50.0), (95.0, 95.0)]
    drawn = [parsed_text(one) for one in beside([("small/int8", *place) for place in places], places, (0, 0, 200, 100))]
    assert 0 < len(drawn) <= len(places)
    boxes = [(x, y - 10, x + 64, y + 2) for x, y in drawn]
    assert all(left >= 0 and top >= 0 and right <= 200 and low <= 100 for left, top, right, low in boxes)
    for i, one in enumerate(boxes):
        for other in boxes[i + 1 :]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def parsed_text(drawn: str) -> tuple[float, float]:
    found = ElementTree.fromstring(drawn)
    return float(found.get("x")), float(found.get("y"))


def test_words_without_any_room_are_left_out():
    assert beside([("a very long name", 5.0, 5.0)], [(5.0, 5.0)], (0, 0, 20, 10)) == []


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.00085, "850 µs"), (0.0042, "4.2 ms"), (1.3, "1.3 s"), (0.9999, "1 s"), (1234.0, "1,234 s"), (4e-9, "0.004 µs")],
)
def test_times_are_told_in_the_unit_that_fits(value, told):
    assert seconds(value) == told

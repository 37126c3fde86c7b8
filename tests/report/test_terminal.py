"""Tables on the terminal: whole where there is room, in parts where there is not, plain in a file."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from isthmus.report.terminal import show


def printed(summary, width=100, terminal=True, colour=None, **options) -> str:
    stream = io.StringIO()
    show(summary, Console(file=stream, width=width, force_terminal=terminal, color_system=colour), **options)
    return stream.getvalue()


def test_a_table_fits_a_hundred_columns_with_one_line_an_arm(rows, summary):
    lines = printed(summary(rows)).splitlines()
    assert max(map(len, lines)) <= 100
    [line] = [line for line in lines if line.startswith("panx")]
    assert line.split() == ["panx", "84.5", "±0.7", "29.7", "±0.7", "22.2≤", "44.5", "+3.0", "±0.0", "+3.0", "+3.0"]


def test_decimal_points_stand_in_line(rows, summary):
    text = printed(summary(rows), languages=True)
    lines = [line for line in text.splitlines() if re.match(r"(en|de|sw|yo \(dev\)) +10 ", line)]
    assert len(lines) == 4
    assert len({tuple(m.start() for m in re.finditer(r"\.", line)) for line in lines}) == 1


@pytest.mark.parametrize("width", [60, 40, 20, 1])
def test_a_narrow_terminal_gets_every_figure_in_parts(rows, summary, width):
    text = printed(summary(rows), width=width, languages=True)
    assert max(map(len, text.splitlines())) <= width
    if width >= 40:
        assert text.count("panx ") > 1
        assert all(figure in text for figure in ("84.5", "29.7", "22.2≤", "44.5", "+3.0 +3.0"))


def test_many_arms_are_shown_in_parts_with_the_languages_repeated(rows, summary):
    rows = [replace(row, arm=f"arm{i}") for i in range(20) for row in rows if row.arm == "none"]
    text = printed(summary(rows), width=60, languages=True)
    assert len(re.findall(r"^yo \(dev\)", text, flags=re.M)) == 3


def test_a_file_gets_whole_lines_without_colour(rows, summary):
    rows = [replace(row, arm=f"arm{i}") for i in range(20) for row in rows if row.arm == "none"]
    text = printed(summary(rows), width=60, terminal=False, colour="truecolor", languages=True)
    assert len(re.findall(r"^yo \(dev\)", text, flags=re.M)) == 1
    assert "\x1b" not in text


def test_what_beats_no_baseline_is_marked_by_a_sign_and_not_by_colour_alone(rows, summary):
    text = printed(summary(rows))
    assert "22.2≤" in text
    assert "≤ not above every baseline" in text


def test_baselines_stand_apart(rows, summary):
    lines = [line.strip() for line in printed(summary(rows)).splitlines()]
    assert lines[next(i for i, line in enumerate(lines) if line.startswith("baseline")) - 1] == ""


def test_a_study_without_any_score_says_so(rows, summary):
    assert printed(summary([], rows)) == "20 of 20 scores are still missing; no score yet: udpos\n"

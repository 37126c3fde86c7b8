"""What a person sees of a run."""

from __future__ import annotations

import io
import time
from collections import Counter

import pytest
from rich.console import Console

from isthmus.execution.board import Board, Lines, Silent, details, display_for, matrix, picture, summary
from isthmus.execution.context import Progress
from isthmus.execution.filling import Filling
from isthmus.execution.outcome import Outcome, Report, State
from isthmus.execution.tally import Running, Tally
from isthmus.plan.step import Cost, Step

LONG, SHORT = (Step("train", {"n": n}, {}, n, Cost(flops=flops)) for n, flops in (("long", 90.0), ("short", 10.0)))


@pytest.fixture
def now(monkeypatch):
    """A clock that stands until it is set."""
    clock = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    return clock


def test_time_left_follows_the_operations_and_not_the_number_of_steps(now):
    tally = Tally(total=2, cached=0, flops=100.0, started=now[0])
    assert tally.seconds_left is None
    now[0] += 10
    tally.end(SHORT, State.DONE)
    assert tally.seconds_left == pytest.approx(90)
    tally.running[LONG.id] = Running(LONG)
    tally.running[LONG.id].note(Progress(45, 90))
    assert tally.share == pytest.approx(0.55)


def test_time_left_counts_steps_where_no_operations_are_known(now):
    tally = Tally(total=4, cached=0, flops=0.0, started=now[0])
    now[0] += 10
    tally.end(Step("score", {}, {}, "free"), State.DONE)
    assert tally.seconds_left == pytest.approx(30)


def test_a_resumed_step_is_as_fast_as_since_it_resumed(now):
    live = Running(LONG)
    live.note(Progress(900, 1000))
    assert live.seconds_left is None
    now[0] += 10
    live.note(Progress(910, 1000))
    assert live.seconds_left == pytest.approx(90)
    live.note(Progress(0, 50, phase="development"))
    assert live.seconds_left is None


def test_a_running_step_tells_phase_count_speed_loss_and_time_left(now):
    live = Running(LONG)
    live.note(Progress(0, 2000, phase="training"))
    now[0] += 10
    live.note(Progress(1000, 2000, "steps", 5321.4, 1.2345, "training"))
    assert details(live) == "training, 1,000/2,000 steps, 5,321 tokens/s, loss 1.234, 0:00:10 left"


def test_the_summary_counts_what_ended_and_how(now):
    tally = Tally(total=3, cached=7, flops=0.0, started=now[0], elsewhere=1)
    tally.end(SHORT, State.FAILED)
    now[0] += 65
    assert summary(tally) == "1/3 steps, 1 failed, 7 cached, 1 held by another run, 0:01:05 elapsed, 0:02:10 left"


def table_of(**done):
    """The board's table of three arms and two targets, six scores a place but for one arm that has no second target."""
    planned = Counter({(arm, task): 6 for arm in ("none", "nli", "majority") for task in ("pos", "ner")})
    del planned["majority", "ner"]
    return Filling(planned, Counter({tuple(place.split("_")): number for place, number in done.items()}))


def lines_of(drawn, width=60):
    stream = io.StringIO()
    Console(file=stream, width=width).print(drawn)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def test_the_table_has_a_row_an_arm_and_a_column_a_target_each_place_as_full_as_its_scores():
    assert lines_of(matrix(table_of(none_pos=6, none_ner=3, nli_pos=1))) == [
        "          pos     ner",
        "none      ■■■■■■  ■■■···",
        "nli       ■·····  ······",
        "majority  ······",
    ]


@pytest.mark.parametrize(
    ("planned", "done", "shown"), [(7, 6, "■■■■■·"), (7, 7, "■■■■■■"), (1000, 999, "■■■■■·"), (4, 1, "■·····")]
)
def test_a_place_is_full_only_with_its_last_score(planned, done, shown):
    place = ("none", "pos")
    assert lines_of(matrix(Filling(Counter({place: planned}), Counter({place: done}))))[1] == f"none  {shown}"


def test_an_arm_whose_name_looks_like_markup_is_shown_as_it_is():
    place = ("[bold]nli", "[red]")
    assert lines_of(matrix(Filling(Counter({place: 1})))) == ["           [red]", "[bold]nli  ······"]


def test_the_board_shows_the_table_above_the_run_where_there_is_more_than_one_place():
    tally = Tally(total=3, cached=0, flops=0.0, filling=table_of(none_pos=6))
    lines = lines_of(picture(tally), 100)
    assert lines[:2] == ["          pos     ner", "none      ■■■■■■  ······"]
    assert "0/3 steps" in lines[4]
    for alone in (Filling(), Filling(Counter({("none", "pos"): 6}))):
        assert "0/3 steps" in lines_of(picture(Tally(total=3, cached=0, flops=0.0, filling=alone)), 100)[0]


def test_a_pipe_gets_one_line_in_ten_seconds_and_milestones_at_once(now):
    stream = io.StringIO()
    show = display_for(Console(file=stream, width=40), silent=False)
    assert isinstance(show, Lines)
    tally = Tally(total=3, cached=0, flops=0.0)
    for _ in range(30):
        show.update(tally)
        now[0] += 1
    show.say("failed: [bold] a step " + "with a long name " * 5)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 4
    assert lines[-1].startswith("failed: [bold] a step")


def test_a_terminal_gets_a_board_that_goes_away_and_lines_that_stay():
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=120)
    show = display_for(console, silent=False)
    assert isinstance(show, Board)
    tally = Tally(total=3, cached=0, flops=0.0)
    tally.running[LONG.id] = Running(LONG)
    show.update(tally)
    show.say("failed: x")
    show.close()
    shown = stream.getvalue()
    assert "0/3 steps" in shown
    assert "long" in shown
    assert "failed: x" in shown
    assert shown.rstrip().endswith("\x1b[2K")  # the board is wiped, the cursor is back


def test_json_gets_no_display(capsys):
    show = display_for(Console(), silent=True)
    assert isinstance(show, Silent)
    show.update(Tally(total=1, cached=0, flops=0.0))
    show.say("x")
    show.close()
    assert capsys.readouterr().out == ""


def test_a_report_is_fine_only_if_everything_is_in_the_store():
    def report(*states):
        return Report(tuple(Outcome(f"{i}", "n", state) for i, state in enumerate(states)), 1.0)

    assert report(State.DONE, State.CACHED, State.SHARED).fine
    for state in (State.FAILED, State.STOPPED, State.NOT_RUN):
        assert not report(State.DONE, state).fine
    assert report(State.FAILED, State.DONE, State.DONE).counts() == {State.DONE: 2, State.FAILED: 1}

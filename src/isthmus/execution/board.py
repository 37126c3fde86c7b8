"""What a person sees of a run: a live board on a terminal, now and then a line elsewhere, nothing where JSON is wanted."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Protocol

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from isthmus.execution.filling import Filling, Place
from isthmus.execution.tally import Running, Tally

REDRAW_EVERY = 0.25  # seconds
LINE_EVERY = 10.0  # seconds
BAR = 24  # characters
PLACE = 6  # characters of one arm and target


class Display(Protocol):
    """Shows a run; called by the executor a few times a second, and closed at the end whatever happened."""

    def update(self, tally: Tally) -> None:
        """Show how far the run is, if it is time to."""
        ...

    def say(self, line: str) -> None:
        """Show one line that stays: a failure, a long step that is done, a stop."""
        ...

    def close(self) -> None:
        """Leave the terminal as it was."""
        ...


class Silent:
    """Shows nothing."""

    def update(self, tally: Tally) -> None:
        """Show nothing."""

    def say(self, line: str) -> None:
        """Say nothing."""

    def close(self) -> None:
        """Have nothing to leave."""


class Lines:
    """Plain lines for logs and pipes: milestones at once, the state of the run every ten seconds at most."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.last = float("-inf")

    def update(self, tally: Tally) -> None:
        """Print one line where the last is old enough."""
        if time.monotonic() - self.last >= LINE_EVERY:
            self.last = time.monotonic()
            parts = [summary(tally), *(f"{live.step.name} {details(live)}".rstrip() for live in tally.running.values())]
            self.say("; ".join(parts))

    def say(self, line: str) -> None:
        """Print a line at once, never wrapped."""
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def close(self) -> None:
        """Have nothing to leave."""


class Board:
    """A live board: the study's table filling in, the whole run in one bar, and a line for each running step."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.live = Live(console=console, auto_refresh=False, transient=True)
        self.last = float("-inf")

    def update(self, tally: Tally) -> None:
        """Redraw the board four times a second at most."""
        if time.monotonic() - self.last >= REDRAW_EVERY:
            self.last = time.monotonic()
            self.live.start()
            self.live.update(picture(tally), refresh=True)

    def say(self, line: str) -> None:
        """Print a line above the board."""
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def close(self) -> None:
        """Remove the board; the lines stay."""
        self.live.stop()


def display_for(console: Console, *, silent: bool) -> Display:
    """Return the display that fits: none, a board on a terminal, lines elsewhere."""
    if silent:
        return Silent()
    return Board(console) if console.is_terminal else Lines(console)


def picture(tally: Tally) -> Group:
    """Return the board of one moment."""
    steps = Table.grid(padding=(0, 1))
    for live in tally.running.values():
        bar = ProgressBar(total=1.0, completed=live.share, width=BAR)
        steps.add_row(Text(live.step.name, no_wrap=True, overflow="ellipsis"), bar, Text(details(live), no_wrap=True))
    whole = Table.grid(padding=(0, 1))
    whole.add_row(ProgressBar(total=1.0, completed=tally.share, width=BAR), Text(summary(tally), style="bold"))
    return Group(matrix(tally.filling), whole, steps) if len(tally.filling.planned) > 1 else Group(whole, steps)


def matrix(filling: Filling) -> Table:
    """Return arms by targets, each place as full as the share of its scores that are there."""
    drawn = Table.grid(padding=(0, 2))
    drawn.add_row("", *(Text(target, style="bold") for target in filling.targets))
    for arm in filling.arms:
        drawn.add_row(Text(arm, style="bold"), *(_place(filling, (arm, target)) for target in filling.targets))
    return drawn


def _place(filling: Filling, place: Place) -> Text:
    planned, done = filling.planned[place], filling.done[place]
    if not planned:
        return Text("")
    full = done * PLACE // planned
    return Text("■" * full + "·" * (PLACE - full), style="green" if done == planned else "")


def summary(tally: Tally) -> str:
    """Return the state of the run in one line."""
    parts = [f"{tally.ended.total()}/{tally.total} steps"]
    parts += [f"{number} {state}" for state, number in tally.ended.items() if state != "done"]
    parts += [f"{tally.cached} cached"] if tally.cached else []
    parts += [f"{tally.elsewhere} held by another run"] if tally.elsewhere else []
    parts.append(f"{clock(tally.elapsed)} elapsed")
    if tally.stopping:
        parts.append("stopping: steps save what they have (Ctrl-C again: at once)")
    elif tally.seconds_left is not None:
        parts.append(f"{clock(tally.seconds_left)} left")
    return ", ".join(parts)


def details(live: Running) -> str:
    """Return what a running step last reported: phase, count, speed, loss and time left."""
    if (progress := live.latest) is None:
        return ""
    parts = [progress.phase] if progress.phase else []
    parts.append(f"{progress.done:,.0f}/{progress.total:,.0f} {progress.unit}")
    parts += [f"{progress.tokens_per_second:,.0f} tokens/s"] if progress.tokens_per_second is not None else []
    parts += [f"loss {progress.loss:.3f}"] if progress.loss is not None else []
    parts += [f"{clock(live.seconds_left)} left"] if live.seconds_left is not None else []
    return ", ".join(parts)


def clock(seconds: float) -> str:
    """Return seconds as h:mm:ss."""
    return str(timedelta(seconds=round(seconds)))

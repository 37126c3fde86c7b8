"""How a run ended, step by step."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class State(StrEnum):
    """What became of one step in one run."""

    DONE = "done"
    CACHED = "cached"  # in the store already, or needed by nothing that had to run
    SHARED = "shared"  # another run on the same store did it meanwhile
    FAILED = "failed"
    STOPPED = "stopped"  # begun and stopped on request; resumes from its checkpoint
    NOT_RUN = "not run"


FINE = frozenset({State.DONE, State.CACHED, State.SHARED})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one step; ``because`` is the id of the failed step that kept it from running."""

    step: str
    name: str
    state: State
    seconds: float = 0.0
    message: str = ""
    log: Path | None = None
    because: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One outcome for each step of the plan, in the plan's order, and how long the run took."""

    outcomes: tuple[Outcome, ...]
    seconds: float

    @property
    def fine(self) -> bool:
        """Whether everything asked for is in the store."""
        return all(outcome.state in FINE for outcome in self.outcomes)

    def counts(self) -> dict[State, int]:
        """Return how many steps ended in each state that occurred, in the order of ``State``."""
        found = Counter(outcome.state for outcome in self.outcomes)
        return {state: found[state] for state in State if found[state]}

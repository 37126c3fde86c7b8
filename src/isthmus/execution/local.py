"""The executor of one machine: independent steps side by side in long-lived worker processes that share one store."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType, TracebackType

from isthmus.execution.board import Display
from isthmus.execution.context import Progress
from isthmus.execution.filling import filling_of
from isthmus.execution.outcome import Outcome, Report, State
from isthmus.execution.pool import Pool
from isthmus.execution.schedule import Schedule
from isthmus.execution.tally import Running, Tally
from isthmus.execution.worker import Answer
from isthmus.plan.graph import Plan
from isthmus.plan.step import Step
from isthmus.store.lease import held
from isthmus.store.store import Store

PRELOAD = (
    "torch",
    "transformers.modeling_utils",
    "transformers.models.auto.modeling_auto",
    "transformers.models.auto.tokenization_auto",
    "safetensors.torch",
    "accelerate",
    "isthmus.execution.worker",
)
TICK = 0.2  # seconds between two looks at signals and at the display
LOOK_EVERY = 0.5  # seconds between two looks at what other runs hold
PATIENCE = 60.0  # seconds that running steps have to save what they have after a stop was asked for
LONG = 10.0  # seconds from which a step is worth a line when it is done
ENDS = {"done": State.DONE, "shared": State.SHARED, "failed": State.FAILED, "stopped": State.STOPPED}


@dataclass(frozen=True)
class LocalExecutor:
    """Runs plans with the actions of one package, in workers forked after the modules of ``preload`` were imported."""

    actions: str = "isthmus.execution.actions"
    preload: Sequence[str] = PRELOAD

    def run(self, plan: Plan, store: Store, *, jobs: int | None = None, threads: int | None = None, show: Display) -> Report:
        """Run what is needed of a plan and absent from the store, and say what became of every step.

        ``jobs`` workers (default: one a core) of ``threads`` threads (default: the cores shared out). A failed step stops
        only what hangs on it. SIGINT or SIGTERM lets the running steps save what they have, a second one does not.
        Raises SetupError when the store cannot be written; every other fault is the outcome of a step.
        """
        store.prepare()
        jobs = jobs or cores()
        pool = Pool(jobs, threads or max(1, cores() // jobs), self.preload, store, self.actions)
        with StopRequests() as stops:
            return Run(plan, store, pool, stops, show).report()


EXECUTOR = LocalExecutor()


def cores() -> int:
    """Return the number of cores this process may use."""
    return len(os.sched_getaffinity(0))


class StopRequests:
    """Counts SIGINT and SIGTERM instead of dying of them, as long as it is entered; from the main thread only."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> StopRequests:
        self._kept = {number: signal.signal(number, self._note) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for number, handler in self._kept.items():
            signal.signal(number, handler)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1


class Run:
    """One run of one plan."""

    def __init__(self, plan: Plan, store: Store, pool: Pool, stops: StopRequests, show: Display) -> None:
        self.plan, self.store, self.pool, self.stops, self.show = plan, store, pool, stops, show
        present = {step.id for step in plan if store.has(step.id)}
        self.schedule = Schedule(plan, present)
        todo = self.schedule.needed
        self.tally = Tally(
            len(todo),
            len(plan) - len(todo),
            sum(plan.steps[id_].cost.flops for id_ in todo),
            filling=filling_of(plan, present.__contains__),
        )
        self.outcomes: dict[str, Outcome] = {}
        self.looked = 0.0
        self.stop_by: float | None = None

    def report(self) -> Report:
        """Run to the end and return the outcome of every step."""
        try:
            while self.schedule.running or not (self.schedule.over or self.stop_by is not None):
                self.show.update(self.tally)
                self._mind_stops()
                if self.stop_by is None:
                    self._hand_out()
                for step, message in self.pool.listen(TICK):
                    self._take_in(step, message)
                self._look_elsewhere()
        finally:
            self.pool.close()
            self.show.close()
        outcomes = tuple(self.outcomes.get(step.id) or self._left_out(step) for step in self.plan)
        return Report(outcomes, self.tally.elapsed)

    def _hand_out(self) -> None:
        while self.schedule.ready and (hand := self.pool.idle()):
            step = self.schedule.take(hand.warm)
            if step is None:  # what is ready waits until nothing else runs
                break
            self.tally.running[step.id] = Running(step)
            self.pool.give(hand, step)

    def _take_in(self, step: Step, message: Progress | Answer) -> None:
        if isinstance(message, Progress):
            self.tally.running[step.id].note(message)
        elif message.end == "busy":
            self.schedule.put_aside(step.id)
            del self.tally.running[step.id]
        elif message.end in ("done", "shared"):
            self.schedule.finish(step.id)
            self._end(step, ENDS[message.end], message.seconds)
        elif self.stop_by is not None and self.stops.count > 1:
            self.schedule.fail(step.id)
            self._end(step, State.STOPPED, message.seconds, "killed on request; resumes from its last checkpoint")
        else:
            self.schedule.fail(step.id)
            self._end(step, ENDS[message.end], message.seconds, message.message)

    def _look_elsewhere(self) -> None:
        """See whether other runs have finished, or let go, the steps that they held."""
        now = time.monotonic()
        if now - self.looked >= LOOK_EVERY:
            self.looked = now
            for id_ in list(self.schedule.aside):
                if self.store.has(id_):
                    self.schedule.finish(id_)
                    self._end(self.plan.steps[id_], State.SHARED)
                elif held(self.store.root, id_) is None:
                    self.schedule.take_back(id_)
        self.tally.elsewhere = len(self.schedule.aside)

    def _mind_stops(self) -> None:
        """Pass the first request to stop on to the workers; end them at the second, or when their time is up."""
        if self.stops.count and self.stop_by is None:
            self.stop_by = time.monotonic() + PATIENCE
            self.tally.stopping = True
            self.pool.ask_to_stop()
            self.show.say("stopping: running steps save what they have (Ctrl-C again ends them at once)")
        elif self.stop_by is not None and (self.stops.count > 1 or time.monotonic() > self.stop_by):
            self.stops.count = max(self.stops.count, 2)
            self.pool.kill()

    def _end(self, step: Step, state: State, seconds: float = 0.0, message: str = "") -> None:
        log = self.store.log_path(step.id)
        outcome = Outcome(step.id, step.name, state, seconds, message, log if log.exists() else None)
        self.outcomes[step.id] = outcome
        self.tally.end(step, state)
        if state is State.FAILED:
            self.show.say(f"failed: {step.name}: {message}{f' (log: {log})' if outcome.log else ''}")
        elif state is State.DONE and seconds >= LONG:
            self.show.say(f"done: {step.name} ({seconds:.0f} s)")

    def _left_out(self, step: Step) -> Outcome:
        """Return the outcome of a step that was not begun."""
        if step.id not in self.schedule.needed:
            return Outcome(step.id, step.name, State.CACHED)
        if (root := self.schedule.barred.get(step.id)) and self.outcomes[root].state is State.FAILED:
            return Outcome(
                step.id, step.name, State.NOT_RUN, message=f"needs {self.plan.steps[root].name}, which failed", because=root
            )
        return Outcome(step.id, step.name, State.NOT_RUN, message="the run was stopped before it")

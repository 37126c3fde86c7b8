"""The workers as their executor sees them: started when needed, handed steps, listened to, asked to stop, ended."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess

from isthmus.execution.context import Progress
from isthmus.execution.worker import THREAD_LIMITS, Answer, serve
from isthmus.plan.step import Step
from isthmus.store.store import Store

WARM = 4  # artifacts a worker is taken to have in hand still
LAST_WORD = 2.0  # seconds a worker has to go by itself when its line is cut


@dataclass(eq=False)
class Hand:
    """One worker process: the step it runs, if any, since when, and the artifacts it had in hand, latest first."""

    process: ForkServerProcess
    connection: Connection
    step: Step | None = None
    since: float = 0.0
    warm: tuple[str, ...] = ()


class Pool:
    """At most ``jobs`` workers, forked from a server that has imported the heavy libraries once."""

    def __init__(self, jobs: int, threads: int, preload: Sequence[str], store: Store, actions: str) -> None:
        self.jobs, self.threads, self.preload = jobs, threads, preload
        self.store, self.actions = store, actions
        self.hands: list[Hand] = []
        self._context = multiprocessing.get_context("forkserver")

    def idle(self) -> Hand | None:
        """Return a worker without a step, a new one where the limit allows it, else None."""
        for hand in self.hands:
            if hand.step is None:
                return hand
        return self._start() if len(self.hands) < self.jobs else None

    def give(self, hand: Hand, step: Step) -> None:
        """Hand a step to an idle worker."""
        hand.step, hand.since = step, time.monotonic()
        hand.warm = tuple(dict.fromkeys([step.id, *step.inputs.values(), *hand.warm]))[:WARM]
        with suppress(OSError):  # it has just died: `listen` will tell
            hand.connection.send(step)

    def listen(self, timeout: float) -> Iterator[tuple[Step, Progress | Answer]]:
        """Yield what the workers say within ``timeout`` seconds; for a worker that died, that its step failed."""
        lines = {line: hand for hand in self.hands for line in (hand.connection, hand.process.sentinel)}
        for hand in dict.fromkeys(lines[line] for line in wait(list(lines), timeout)):  # type: ignore[index]
            message, step = self._hear(hand), hand.step
            if message is None or step is None:
                continue
            if isinstance(message, Answer):
                hand.step = None
            yield step, message

    def ask_to_stop(self) -> None:
        """Ask every worker to save what it has and to end its step."""
        for hand in self.hands:
            with suppress(OSError):
                hand.connection.send(None)

    def kill(self) -> None:
        """End all workers at once, whatever they do; their steps resume from the last checkpoint in another run."""
        for hand in self.hands:
            hand.process.kill()

    def close(self) -> None:
        """End all workers."""
        for hand in self.hands:
            hand.connection.close()
        for hand in self.hands:
            hand.process.join(LAST_WORD)
            if hand.process.exitcode is None:
                hand.process.kill()
                hand.process.join()
        self.hands.clear()

    def _start(self) -> Hand:
        if not self.hands:
            start_server(self.preload, self.threads)
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=serve, args=(theirs, self.store, self.actions, self.threads))
        process.start()
        theirs.close()
        self.hands.append(Hand(process, ours))
        return self.hands[-1]

    def _hear(self, hand: Hand) -> Progress | Answer | None:
        """Return a worker's next message; a dead worker is dropped, and its message is how it died."""
        try:
            if hand.connection.poll() or hand.process.exitcode is None:
                message: Progress | Answer = hand.connection.recv()
                return message
        except (EOFError, OSError):
            pass
        self.hands.remove(hand)
        hand.connection.close()
        hand.process.join(LAST_WORD)
        return Answer("failed", time.monotonic() - hand.since, death(hand.process.exitcode))


def death(exit_code: int | None) -> str:
    """Say how a worker process ended that should not have ended."""
    if exit_code is None or exit_code >= 0:
        return f"the worker process ended (exit status {'unknown' if exit_code is None else exit_code})"
    number = -exit_code
    cause = "out of memory?" if number == signal.SIGKILL else signal.strsignal(number)
    return f"the worker process was killed (signal {number}; {cause})"


def start_server(preload: Sequence[str], threads: int) -> None:
    """Start the process that workers are forked from, unless it runs; it goes when this process does.

    It inherits that Ctrl-C and SIGTERM are ignored, also while it still imports, and the limits on threads, which OpenMP
    reads when it is loaded. Idle OpenMP threads sleep instead of spinning: the cores belong to all jobs.
    """
    multiprocessing.get_context("forkserver").set_forkserver_preload(list(preload))
    kept = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with environment({**dict.fromkeys(THREAD_LIMITS, str(threads)), "OMP_WAIT_POLICY": "PASSIVE"}):
            forkserver.ensure_running()
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


@contextmanager
def environment(changes: Mapping[str, str]) -> Iterator[None]:
    """Change environment variables for the processes started in this block."""
    kept = {key: os.environ.get(key) for key in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for key, value in kept.items():
            if value is None:
                del os.environ[key]
            else:
                os.environ[key] = value

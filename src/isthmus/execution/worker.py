"""The inside of a worker process: it runs the steps it is handed, one after another, until its executor is gone."""

from __future__ import annotations

import faulthandler
import importlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from typing import Literal

from isthmus.core.errors import IsthmusError, LeaseLost, Stopped
from isthmus.execution.context import Context, Progress
from isthmus.execution.provenance import Stopwatch
from isthmus.plan.step import Step
from isthmus.store.faults import FULL
from isthmus.store.lease import Lease, acquire
from isthmus.store.store import Store

REPORT_EVERY = 0.25  # seconds between two reports of progress
THREAD_LIMITS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Answer:
    """How a worker's step ended; ``busy``: another run holds it, ``shared``: another run has finished it meanwhile."""

    end: Literal["done", "shared", "busy", "stopped", "failed"]
    seconds: float = 0.0
    message: str = ""


def serve(connection: Connection, store: Store, actions: str, threads: int) -> None:
    """Answer every Step that comes in with Progress and one Answer; a None asks to stop, the end of the line ends all."""
    # Ctrl-C reaches the whole process group: only the executor acts on it, and tells the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    faulthandler.enable()
    limit_threads(threads)
    steps: SimpleQueue[Step] = SimpleQueue()
    worker = Worker(connection, store, actions, threads)
    Thread(target=_listen, args=(connection, steps, worker.stop), daemon=True).start()
    while True:
        answer = worker.answer(steps.get())
        with suppress(OSError):  # the executor is gone: _listen ends this process
            connection.send(answer)


def limit_threads(threads: int) -> None:
    """Give this process that many threads, in libraries already loaded and in those still to come."""
    os.environ.update(dict.fromkeys(THREAD_LIMITS, str(threads)))
    if (torch := sys.modules.get("torch")) is not None:
        torch.set_num_threads(threads)


def _listen(connection: Connection, steps: SimpleQueue[Step], stop: Event) -> None:
    try:
        while True:
            message = connection.recv()
            if message is None:
                stop.set()
            else:
                steps.put(message)
    except (EOFError, OSError):
        os._exit(0)  # at once, whatever the step is doing: the store bears it, and nobody is left to hear the answer


@dataclass
class Worker:
    """What one worker process keeps from step to step; ``verified`` are artifacts it has compared with their manifests."""

    connection: Connection
    store: Store
    actions: str
    threads: int
    stop: Event = field(default_factory=Event)
    verified: dict[str, Path] = field(default_factory=dict)

    def answer(self, step: Step) -> Answer:
        """Run one step under its lease, unless another run holds it or has done it, and say how it ended."""
        watch = Stopwatch()
        try:
            lease = acquire(self.store.root, step.id)
            if lease is None:
                return Answer("busy")
            with lease:
                if self.store.has(step.id):  # whoever had the lease before may have finished it
                    return Answer("shared")
                with logged(self.store.log_path(step.id), step.name):
                    self._run(step, lease, watch)
        except LeaseLost:  # its new owner goes on with it
            return Answer("busy")
        except Stopped as stop:
            return Answer("stopped", watch.seconds, one_line(stop))
        except Exception as error:  # the log has its traceback, the executor its message
            return Answer("failed", watch.seconds, one_line(error))
        return Answer("done", watch.seconds)

    def _run(self, step: Step, lease: Lease, watch: Stopwatch) -> None:
        inputs = {role: self._verified(id_) for role, id_ in step.inputs.items()}
        scratch = self.store.begin(step.id)
        action = importlib.import_module(f"{self.actions}.{step.kind}")

        def stopping() -> bool:
            return self.stop.is_set() or lease.lost

        try:
            action.run(Context(step, inputs, scratch.output, scratch.work, Reporter(self.connection), stopping))
        finally:
            lease.check()  # stopped or failed with a lost lease is no failure: another process is at it
        self.store.commit(step.id, scratch, step.payload, step.name, watch.provenance(self.threads))

    def _verified(self, id_: str) -> Path:
        if id_ not in self.verified:
            self.verified[id_] = self.store.open(id_)
        return self.verified[id_]


@dataclass
class Reporter:
    """Passes progress on to the executor, a few times a second at most."""

    connection: Connection
    last: float = 0.0

    def __call__(self, progress: Progress) -> None:
        """Send one report unless the last one is too young."""
        now = time.monotonic()
        if now - self.last >= REPORT_EVERY:
            self.last = now
            with suppress(OSError):
                self.connection.send(progress)


@contextmanager
def logged(path: Path, name: str) -> Iterator[None]:
    """Send all that the process prints, C libraries included, to the end of a log; an error leaves its traceback there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = os.dup(1), os.dup(2)
    try:
        with path.open("ab") as log:
            log.write(f"=== {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC  {name}\n".encode())
            log.flush()
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        try:
            yield
        except Exception as error:
            with suppress(OSError):  # a full disk must not hide the error
                print(error if isinstance(error, Stopped) else traceback.format_exc(), file=sys.stderr)
            raise
    finally:
        with suppress(OSError):
            sys.stdout.flush()
        for old, fd in zip(kept, (1, 2), strict=True):
            os.dup2(old, fd)
            os.close(old)


def one_line(error: Exception) -> str:
    """Return an error in one line: our own as they are, lack of memory or disk in plain words, the rest with their kind."""
    said = " ".join(str(error).split())
    if isinstance(error, IsthmusError):
        return said
    kind = type(error).__name__
    if isinstance(error, MemoryError):
        kind = "out of memory"
    elif getattr(error, "errno", None) in FULL or any(os.strerror(number) in said for number in FULL):
        # safetensors passes the system's words on, not its number
        kind = "the disk is full"
    return f"{kind}: {said}" if said else kind

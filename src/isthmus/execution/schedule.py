"""Which step may run next: the bookkeeping of one run as a pure state machine, without processes, clocks or files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from heapq import heappop, heappush

from isthmus.plan.graph import Plan
from isthmus.plan.step import Step

EXCLUSIVE = frozenset({"bench"})  # kinds of steps that measure time: whatever ran beside them would be measured with them
Rank = tuple[bool, float, int]


def needed(plan: Plan, present: Collection[str]) -> set[str]:
    """Return the steps that have to run: absent, and wanted for themselves or by a step that has to run.

    What the cells name and what no step takes as an input is wanted for itself. An absent step whose consumers are all
    present is not needed, so that a finished study runs nothing after its encoders were collected as garbage.
    """
    wanted = {cell.step for cell in plan.cells} | {id_ for id_, users in plan.consumers().items() if not users}
    found: set[str] = set()
    for step in reversed(list(plan)):
        if step.id in wanted and step.id not in present:
            found.add(step.id)
            wanted.update(step.inputs.values())
    return found


class Schedule:
    """Every needed step is in exactly one of waiting, ready, running, aside, done, failed or barred.

    ``aside`` are ready steps that another run is working on; ``barred`` maps a step that cannot run to the failed one it
    hangs on. A step of an exclusive kind is begun when nothing runs, here or in another run of these steps, and nothing else
    is ready; nothing is begun beside it.
    """

    def __init__(self, plan: Plan, present: Collection[str]) -> None:
        self.plan = plan
        self.needed = needed(plan, present)
        self.consumers = {id_: sorted(set(users) & self.needed) for id_, users in plan.consumers().items()}
        self.waiting = {id_: set(plan.steps[id_].inputs.values()) & self.needed for id_ in self.needed}
        self.ready: set[str] = set()
        self.running: set[str] = set()
        self.aside: set[str] = set()
        self.done: set[str] = set()
        self.failed: set[str] = set()
        self.barred: dict[str, str] = {}
        self._rank = self._ranks()
        self._queue: list[tuple[Rank, str]] = []
        for id_ in [id_ for id_, inputs in self.waiting.items() if not inputs]:
            del self.waiting[id_]
            self._make_ready(id_)

    def _ranks(self) -> dict[str, Rank]:
        """Return a sort key for each needed step: exclusive ones last, the longest way to the end of the plan first."""
        way: dict[str, float] = {}
        for step in reversed(list(self.plan)):
            if step.id in self.needed:
                way[step.id] = step.cost.flops + max((way[user] for user in self.consumers[step.id]), default=0.0)
        return {id_: (self._exclusive(id_), -way[id_], place) for place, id_ in enumerate(self.plan.steps) if id_ in way}

    def _make_ready(self, id_: str) -> None:
        self.ready.add(id_)
        heappush(self._queue, (self._rank[id_], id_))

    @property
    def over(self) -> bool:
        """Whether nothing runs and nothing can be begun any more."""
        return not (self.ready or self.running or self.aside)

    def take(self, warm: Sequence[str] = ()) -> Step | None:
        """Move one ready step to running and return it; None where none may be begun now.

        ``warm`` are artifacts the worker has just had in hand, latest first: a step that takes one of them goes before
        the step with the longest way to the end.
        """
        if any(self._exclusive(id_) for id_ in self.running):
            return None
        for artifact in warm:
            if near := [id_ for id_ in self.consumers[artifact] if id_ in self.ready and not self._exclusive(id_)]:
                return self._begin(min(near, key=self._rank.__getitem__))
        while self._queue:
            (last, _, _), id_ = self._queue[0]
            if id_ in self.ready and last and (self.running or self.aside):
                return None
            heappop(self._queue)
            if id_ in self.ready:  # a warm worker may have taken it out of turn
                return self._begin(id_)
        return None

    def _exclusive(self, id_: str) -> bool:
        return self.plan.steps[id_].kind in EXCLUSIVE

    def _begin(self, id_: str) -> Step:
        self.ready.remove(id_)
        self.running.add(id_)
        return self.plan.steps[id_]

    def put_aside(self, id_: str) -> None:
        """Note that another run holds a step this one wanted to run."""
        self.running.remove(id_)
        self.aside.add(id_)

    def take_back(self, id_: str) -> None:
        """Make a step ready again that another run let go without finishing it."""
        self.aside.remove(id_)
        self._make_ready(id_)

    def finish(self, id_: str) -> None:
        """Note that a step is in the store, whoever did it; its consumers may become ready."""
        (self.running if id_ in self.running else self.aside).remove(id_)
        self.done.add(id_)
        for user in self.consumers[id_]:
            if user in self.waiting:
                self.waiting[user].remove(id_)
                if not self.waiting[user]:
                    del self.waiting[user]
                    self._make_ready(user)

    def fail(self, id_: str) -> None:
        """Note that a step failed or stopped; everything that hangs on it is barred, and nothing else."""
        self.running.remove(id_)
        self.failed.add(id_)
        below = [id_]
        while below:
            for user in self.consumers[below.pop()]:
                if user in self.waiting:
                    del self.waiting[user]
                    self.barred[user] = id_
                    below.append(user)

"""Which head of the stage before a training run or a target takes over, where a study asks for that (jiant's task maps)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isthmus.core.errors import StudyError
from isthmus.plan.resolve import Member
from isthmus.study.spec import Stage
from isthmus.tasks.task import RAW, Task, load_kind


@dataclass(frozen=True, slots=True)
class Left:
    """A head that a stage leaves behind: its task, the languages it was trained in, and its stream (empty: not of a mix).

    ``step`` is the id of the training run whose artifact holds it.
    """

    task: Task
    languages: tuple[str, ...]
    stream: str
    step: str


def heads_left(stage: Stage, members: Sequence[Member], step: str) -> tuple[Left, ...]:
    """Return the heads that a stage leaves behind in a training run; raw text leaves none that a task could use."""
    return tuple(
        Left(member.task, tuple(data.language for data in member.data), member.task.name if stage.mix else "", step)
        for member in members
        if member.task.kind not in RAW
    )


def head_for(heads: Sequence[Left], task: Task, train: str | None, key: str) -> Left | None:
    """Return the head of the training set's task, else of the task itself, else the only one of the same kind and labels.

    ``train`` names another training set than the task's own. None where there is no such head; raises StudyError at ``key``
    where several would do.
    """
    fitting = [left for left in heads if _fits(left.task, task)]
    for name in (train or task.train_on, task.name):
        if own := [left for left in fitting if left.task.name == name]:
            return own[0]
    if len(fitting) > 1:
        names = " or ".join(repr(left.task.name) for left in fitting)
        raise StudyError(f"the head of {names} would do for {task.name}; only one in the stage may", key=key)
    return fitting[0] if fitting else None


def head_kept(stages: Sequence[Sequence[Left]], task: Task, key: str) -> Left | None:
    """Return the head that the latest of an arm's stages on a task left, whatever came after; None without such a stage.

    A stage on the training set's task goes before one on another task of the same kind and labels. Raises StudyError at
    ``key`` where several heads of one mix would do.
    """
    latest = [left for heads in reversed(stages) for left in heads if _fits(left.task, task)]
    for name in (task.train_on, task.name):
        if own := [left for left in latest if left.task.name == name]:
            return own[0]
    return next((left for heads in reversed(stages) if (left := head_for(heads, task, None, key))), None)


def _fits(trained: Task, task: Task) -> bool:
    """Return whether a head trained on one task answers another: the same kind, and the same labels where it has any."""
    if trained.kind != task.kind:
        return False
    # An open set of labels is that of a training set, so nobody else's.
    known = bool(task.labels) or not load_kind(task.kind).labelled
    return trained.name == task.name or (known and set(trained.labels) == set(task.labels))

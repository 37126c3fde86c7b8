"""The plan of a study: its steps in an order in which every input comes first, and the cells they fill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from isthmus.plan.step import Step


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of the study's table and the score step that fills it.

    ``arm`` is an arm of the study or ``baseline:NAME``; ``seed`` is None where no seed plays a part; ``split`` is the split
    used; ``main`` is the key of the task's official figure; ``zero_shot`` says that the language gave no training data;
    ``variant`` is the cheaper form of the model that is scored, empty for the model itself.
    """

    arm: str
    seed: int | None
    task: str
    language: str
    split: str
    main: str
    zero_shot: bool
    step: str
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Bench:
    """One target and model of the study whose arms and variants are timed side by side, and the step that does it."""

    task: str
    model: str
    step: str


@dataclass(frozen=True)
class Plan:
    """Steps by id, inputs first, and the cells of the study.

    ``choices`` are scores on development data that arms are chosen by, ``variants`` those of cheaper forms of the models;
    neither are cells of the table. ``benches`` measure what models and variants cost, and ``left_out`` says which variants
    a target lacks. ``notes`` say what could not be planned as asked and is done in another way, ``absent`` which data are
    still to be had.
    """

    steps: Mapping[str, Step]
    cells: tuple[Cell, ...]
    choices: tuple[Cell, ...] = ()
    variants: tuple[Cell, ...] = ()
    benches: tuple[Bench, ...] = ()
    notes: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps.values())

    def __len__(self) -> int:
        return len(self.steps)

    def consumers(self) -> dict[str, list[str]]:
        """Return {id: ids of the steps that take it as an input}."""
        found: dict[str, list[str]] = {id_: [] for id_ in self.steps}
        for step in self:
            for needed in step.inputs.values():
                found[needed].append(step.id)
        return found


def in_order(steps: Iterable[Step]) -> dict[str, Step]:
    """Return steps by id, asserting that every input stands before its consumer; equal ids are one step."""
    ordered: dict[str, Step] = {}
    for step in steps:
        missing = [id_ for id_ in step.inputs.values() if id_ not in ordered]
        assert not missing, f"{step.name}: inputs {missing} are not in the plan before it"
        ordered.setdefault(step.id, step)
    return ordered

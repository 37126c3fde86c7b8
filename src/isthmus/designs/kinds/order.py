"""Tasks as stages one after another, in all orders or in a balanced choice of them, judged after every stage."""

from __future__ import annotations

from itertools import permutations
from math import factorial
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Tag

from isthmus.core.errors import StudyError, nearest
from isthmus.core.seeds import stream
from isthmus.designs.design import Design, Facts, Made, TwoTasks, reference
from isthmus.designs.orders import sample, unbalanced, williams
from isthmus.study.rates import is_text
from isthmus.study.record import Count, Many, Record, Seed, Some
from isthmus.study.spec import Stage, Study

MOST = 720  # orders; more arms than anybody runs


def _word(value: Any) -> Any:
    if value not in ("all", "williams"):
        what = f"found {value!r}, expected all, williams, how many to draw, or a list of orders"
        raise ValueError(f"{what}; {nearest(value, ('all', 'williams'))}")
    return value


Orders = Annotated[
    Annotated[Literal["all", "williams"], BeforeValidator(_word), Tag("|word")]
    | Annotated[Count, Tag("|number")]
    | Annotated[Some[Many[str]], Tag("|list")],
    Discriminator(lambda value: {str: "|word", list: "|list", tuple: "|list"}.get(type(value), "|number")),
]


class Order(Record):
    """``orders`` of the ``tasks``: ``all``, ``williams``, a number of them drawn with ``seed``, or a list of orders.

    A Williams design has each task at each place, and right after each other one, equally often: k orders of k tasks where k
    is even, 2 k where it is odd. With ``prefixes`` the first stages of an order by themselves are arms too, so that every
    target is judged after every stage: that trains no stage again, but each target once more.
    """

    tasks: TwoTasks
    orders: Orders
    seed: Seed | None = None
    prefixes: bool = True


def make(settings: Order, study: Study, facts: Facts) -> Made:
    """Return an arm an order, called after its stages (``mnli.squad``), and arms of its first stages before it."""
    stages = {stage.name: stage for stage in settings.tasks}
    orders = _orders(settings, list(stages))
    arms = reference(study)
    whole = {".".join(order) for order in orders}
    for order in orders:
        for length in range(1 if settings.prefixes else len(order), len(order) + 1):
            arms[".".join(order[:length])] = tuple(stages[name] for name in order[:length])
    possible = factorial(len(stages))
    notes = [f"{len(orders):,} of the {possible:,} orders of {len(stages)} tasks"]
    if settings.prefixes:
        early = sum(1 for name, made in arms.items() if made and name not in whole)
        trained = sum(1 for target in study.targets if facts.trained_on(target))
        runs = early * trained * len(study.seeds)
        notes.append(
            f"{early:,} arms of their first stages train no stage again, but targets: {runs:,} training runs at most"
        )
    uneven = unbalanced(orders)
    hint = f"; williams has {len(williams(len(stages)))} even orders" if uneven else ""
    warnings = [f"the orders are unbalanced: {'; '.join(uneven)}{hint}"] if uneven else []
    return Made(arms, tuple(notes), (*warnings, *_unjudged(settings.tasks, study, facts)))


def _orders(settings: Order, names: list[str]) -> list[tuple[str, ...]]:
    """Return the orders asked for, by the names of their tasks."""
    asked, possible = settings.orders, factorial(len(names))
    if (settings.seed is None) == (isinstance(asked, int)):
        raise StudyError("seed goes with a number of orders to draw, and with it only", key="seed")
    if isinstance(asked, tuple):
        return _listed(asked, names)
    number = {"all": possible, "williams": 0}[asked] if isinstance(asked, str) else asked
    if number > possible:
        raise StudyError(f"found {number}, but {len(names)} tasks have {possible:,} orders", key="orders")
    if number > MOST:
        even = len(williams(len(names)))
        raise StudyError(f"{number:,} orders are more than {MOST}; orders: williams takes {even}", key="orders")
    if asked == "williams":
        rows = williams(len(names))
    elif asked == "all":
        rows = list(permutations(range(len(names))))
    else:
        rows = sample(len(names), number, stream(settings.seed or 0, "orders"))
    return [tuple(names[place] for place in row) for row in rows]


def _listed(orders: tuple[tuple[str, ...], ...], names: list[str]) -> list[tuple[str, ...]]:
    for i, order in enumerate(orders):
        for j, name in enumerate(order):
            if name not in names:
                raise StudyError(f"{name!r} is not among the tasks; {nearest(name, names)}", key=f"orders[{i}][{j}]")
        if len(order) != len(names) or set(order) != set(names):
            raise StudyError(f"expected each of {', '.join(names)} once", key=f"orders[{i}]")
        if order in orders[:i]:
            raise StudyError("this order stands twice", key=f"orders[{i}]")
    return list(orders)


def _unjudged(tasks: tuple[Stage, ...], study: Study, facts: Facts) -> list[str]:
    """Say which tasks of the orders no target is trained on: what later stages take away from those is not seen."""
    judged = {facts.trained_on(target) for target in study.targets}
    judged |= {target.task for target in study.targets if target.head == "kept"}
    missing = [name for stage in tasks for name in stage.tasks if name not in judged and not is_text(name)]
    if not missing:
        return []
    return [f"no target is trained on {', '.join(missing)}: what a later stage takes away from it will not be seen"]


DESIGN = Design(name="order", description="stages in all orders, or a balanced choice of them", settings=Order, make=make)

"""Which baselines there are and which kinds of task each serves, known without loading any.

A copy, as data, of what the files of ``evaluation/baselines`` declare: planning may not look up there. A test holds the two
together.
"""

from __future__ import annotations

from isthmus.plan.graph import Plan
from isthmus.results.averages import BASELINE

SERVES = {
    "bag": ("mining", "ranking", "retrieval"),
    "lexicon": ("tagging",),
    "majority": ("choice", "classification", "span_or_none", "tagging"),
    "one_side": ("choice", "classification", "span"),
    "order": ("choice", "classification"),
    "overlap": ("choice", "classification"),
    "window": ("span", "span_or_none"),
}
NEED_TRAINING = ("lexicon", "majority", "one_side", "order", "overlap", "window")  # learn from the training set of a target
NEED_TOKENIZER = ("bag", "one_side", "order", "overlap")  # cut texts into the sub-words of the study's model


def baselines_of(plan: Plan) -> Plan:
    """Return the part of a plan that its baselines need, which may be nothing."""
    cells = tuple(cell for cell in plan.cells if cell.arm.startswith(BASELINE))
    wanted = {cell.step for cell in cells}
    for step in reversed(list(plan)):
        if step.id in wanted:
            wanted.update(step.inputs.values())
    return Plan({id_: step for id_, step in plan.steps.items() if id_ in wanted}, cells)

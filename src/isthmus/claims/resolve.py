"""From the claims of a file to questions that a study can answer: its own arms and targets, or the reason why it cannot."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from isthmus.claims.load import load_claims
from isthmus.claims.roles import Pairs, pairs_by_size, pairs_of
from isthmus.claims.spec import ClaimFile, Scale, Statement
from isthmus.core.errors import StudyError, UnknownName
from isthmus.study.spec import Study
from isthmus.study.variant import Variant

MEASURED = ("latency", "throughput", "cost")  # what a study knows of that measures its efficiency


@dataclass(frozen=True, slots=True)
class Question:
    """A statement put to a study: pairs of arms, the ``targets`` averaged over and those compared with (``rest``).

    ``on`` names the average over languages, "" for each target's own headline. ``differs`` says how the study is of another
    scale than the published size; empty where it is of the same. ``lacking`` are targets of the statement it does not have.
    Where models are compared ``pairs`` are those of the largest, and ``minus`` the same of the smallest. ``variants`` are
    those meant where times or losses are compared, the empty name the full model.
    """

    statement: Statement
    source: str
    pairs: Pairs
    targets: tuple[str, ...]
    rest: tuple[str, ...]
    on: str
    differs: str
    lacking: tuple[str, ...]
    minus: Pairs = ()
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unasked:
    """A statement that a study cannot judge, and why."""

    statement: Statement
    source: str
    reason: str


def resolve(study: Study, folder: Path | None = None, *, artificial: bool = False) -> tuple[Question | Unasked, ...]:
    """Return what the files that a study names ask of it, in their order.

    ``folder`` is that of the study file, for files of one's own; ``artificial`` tells that its data are no natural
    languages. Raises StudyError for an unknown name, at its key, and for a faulty file.
    """
    found: list[Question | Unasked] = []
    for i, name in enumerate(study.claims):
        if isinstance(name, str):
            try:
                file = load_claims(name, folder)
            except UnknownName as error:
                raise StudyError(str(error), key=f"claims[{i}]") from None
            found += [question(study, one, file, artificial=artificial) for one in file.claims]
    return tuple(found)


def question(study: Study, statement: Statement, file: ClaimFile, *, artificial: bool = False) -> Question | Unasked:
    """Return one statement put to a study, or why it cannot be."""
    source = ", ".join(part for part in (file.source, statement.source) if part)
    judged = [target.task for target in study.targets if target.head != "kept"]  # which tells of forgetting, not of transfer
    targets = tuple(task for task in judged if task in statement.targets) if statement.targets else tuple(judged)
    rest = tuple(task for task in judged if task not in targets) if statement.rest else ()
    on = next((name for name in statement.on if name in study.groups), "")
    pairs, minus = _pairs(study, statement)
    variants = variants_of(study, statement)
    reason = (
        f"{statement.quantity} is not among the measurements of a study"
        if statement.quantity in MEASURED and study.efficiency is None
        else variants
        if isinstance(variants, str)
        else f"the study does not judge {' or '.join(statement.targets)}"
        if not targets
        else "there is no other target to compare with"
        if statement.rest and not rest
        else f"the study declares no group of languages named {' or '.join(statement.on)}"
        if statement.on and not on
        else pairs
        if isinstance(pairs, str)
        else ""
    )
    if reason or isinstance(pairs, str) or isinstance(variants, str):
        return Unasked(statement, source, f"{reason[0].upper()}{reason[1:]}.")
    lacking = tuple(task for task in statement.targets if task not in targets)
    differs = _differs(study, statement, file.scale, pairs, artificial) if file.scale else ""
    return Question(statement, source, pairs, targets, rest, on, differs, lacking, minus, variants)


def variants_of(study: Study, statement: Statement) -> tuple[str, ...] | str:
    """Return the variants that a statement is of, or in words what the study lacks; the empty name is the full model."""
    if statement.quantity == "score":
        return ()
    if statement.quantity == "loss" and not study.variants:
        return "the study has no variants of its models"
    plain = Variant.model_construct()

    def changed(name: str, changes: Collection[str]) -> bool:
        return any(getattr(study.variants[name], change) != getattr(plain, change) for change in changes)

    named = [name for name in study.variants if not changed(name, statement.but)]
    if statement.changes:
        named = [name for name in named if changed(name, statement.changes)]
    elif statement.quantity != "loss":
        named = ["", *named]
    if named:
        return tuple(named)
    what = f"changes {' or '.join(statement.changes)}" if statement.changes else "is meant"
    return f"no variant of the study {what}" + (
        f" that does not change {' or '.join(statement.but)}" if statement.but else ""
    )


def _pairs(study: Study, statement: Statement) -> tuple[Pairs | str, Pairs]:
    """Return the pairs of arms, or why there are none, and those that are taken away from them."""
    if statement.compare != "models":
        return pairs_of(study, statement.compare, statement.tasks), ()
    found = pairs_by_size(study, statement.of, statement.tasks)
    return (found, ()) if isinstance(found, str) else found


def _differs(study: Study, statement: Statement, scale: Scale, pairs: Pairs, artificial: bool) -> str:
    """Say how a study is of another scale than what was published, empty where it is of the same."""
    models = [model.name or "another encoder" for model in study.encoders.values()]
    other = [model for model in dict.fromkeys(models) if model not in scale.models]
    other += ["artificial languages"] if artificial else []
    judged = {target.task for target in study.targets if target.head != "kept"}
    missing = [task for task in scale.targets if task not in judged] if not statement.targets else []
    foreign = [task for task in sorted(judged) if task not in scale.targets] if not statement.targets else []
    other += [f"without {', '.join(missing)}"] if missing else []
    other += [f"with {', '.join(foreign)}"] if foreign else []
    cut = [target.task for target in study.targets if target.max_examples or target.train_examples]
    other += [f"the data of {', '.join(cut)} cut"] if cut else []
    if statement.compare.startswith("multi") and scale.mixed:
        number = _mixed(study, pairs[0][0])
        other += [f"a mix of {number} tasks"] if number != scale.mixed else []
    return "; ".join(other)


def _mixed(study: Study, arm: str) -> int:
    return sum(len(stage.mix) for stage in study.arms[arm])


def procedures(study: Study, folder: Path | None = None) -> Sequence[tuple[str, str]]:
    """Return (source, sentence) of how the works behind a study's claims went about it."""
    files = [load_claims(name, folder) for name in study.claims if isinstance(name, str)]
    return [(file.source, sentence) for file in files for sentence in file.procedure]

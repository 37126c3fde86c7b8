"""The table that a study ends in: every claim with its source, what was measured, the verdict, and how sure that is."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from isthmus.analysis.averages_over_targets import averages_by_target
from isthmus.analysis.paired import Effect
from isthmus.claims.judge import Judgement, judge_question, judgement_of
from isthmus.claims.judge_serving import judge_serving
from isthmus.claims.resolve import Question, Unasked
from isthmus.claims.serving import Serving
from isthmus.plan.graph import Plan
from isthmus.report.effects import chosen_by, scored_mains, verdicts
from isthmus.report.grid import DELTA, NONE, Grid
from isthmus.report.serving import measurements_of, scored_configurations
from isthmus.results.table import ALL, ZERO_SHOT, scopes_of
from isthmus.store.store import Store
from isthmus.study.spec import Study

HEADERS = ("claim", "measured", DELTA, "95 % interval", "n", "verdict", "confidence")


def judgements(
    study: Study, plan: Plan, store: Store, effects: Sequence[Effect], questions: Collection[Question | Unasked] = ()
) -> list[Judgement]:
    """Return the verdict on each claim of the study itself, then on those of the files that it names.

    ``effects`` are those of ``study_effects``. Raises CorruptArtifact where a score or a measurement is damaged.
    """
    own = [judgement_of(verdict) for verdict in verdicts(study, effects)]
    asked = dict.fromkeys(one.on for one in questions if isinstance(one, Question) and not _of_serving(one))
    scored = list(scored_mains(plan, store)) if asked else []
    averages = {on: averages_by_target(scored, scopes_on(study, plan, on)) for on in asked}
    dev = chosen_by(study, plan, store) if asked else {}
    served = [one for one in questions if _of_serving(one)]
    serving = serving_of(study, plan, store, served) if served else Serving()
    return own + [
        judge_serving(one, serving) if isinstance(one, Question) and _of_serving(one) else judge_question(one, averages, dev)
        for one in questions
    ]


def _of_serving(one: Question | Unasked) -> bool:
    return isinstance(one, Question) and one.statement.quantity != "score"


def serving_of(study: Study, plan: Plan, store: Store, questions: Collection[Question | Unasked]) -> Serving:
    """Return what is known of serving, over the languages that some questions ask for."""
    asked = dict.fromkeys(one.on for one in questions if isinstance(one, Question))
    scored = scored_configurations(plan, store)
    return Serving(
        measurements_of(plan, store),
        tuple(dict.fromkeys(bench.task for bench in plan.benches)),
        tuple(dict.fromkeys(bench.task for bench in plan.benches if not store.has(bench.step))),
        {on: averages_by_target(scored, scopes_on(study, plan, on)) for on in asked},
        study.groups,
    )


def scopes_on(study: Study, plan: Plan, name: str) -> dict[str, Sequence[str]]:
    """Return the languages of each target that an average is over, or of its headline where none is named."""
    found: dict[str, Sequence[str]] = {}
    for task in dict.fromkeys(cell.task for cell in plan.cells):
        scopes = scopes_of([cell for cell in plan.cells if cell.task == task], study.source, study.groups)
        found[task] = scopes.get(name or (ZERO_SHOT if ZERO_SHOT in scopes else ALL), ())
    return found


def claim_grid(judged: Sequence[Judgement]) -> Grid:
    """Return the table of claims, each by its id or its number."""
    rows = tuple(
        (
            name,
            one.measured or NONE,
            NONE if one.delta is None else f"{one.delta:+z.1f}{unit_of(one)}",
            NONE if one.low is None else f"[{one.low:+z.1f}, {one.high:+z.1f}]{unit_of(one)}",
            f"{one.n:,}" if one.n else NONE,
            one.outcome,
            one.confidence.partition(":")[0],
        )
        for name, one in named(judged)
    )
    return Grid("claims", ("", *HEADERS[1:]), rows, ())


def unit_of(one: Judgement) -> str:
    """Return what is written after a figure: nothing after points."""
    return "" if one.unit == "points" else f" {one.unit}"


def claim_notes(judged: Sequence[Judgement]) -> list[str]:
    """Return a sentence or two on each claim: what it says, who says so, and why the verdict is what it is."""
    return [
        f"{one.outcome}: {one.text.rstrip('.')}{f' ({said})' if (said := source_of(one)) else ''} – {one.why}"
        f"{f' Confidence {one.confidence}.' if ':' in one.confidence else ''}"
        for one in judged
    ]


def source_of(one: Judgement) -> str:
    """Return who says so; a hypothesis is called one."""
    return "; ".join(part for part in ("hypothesis" if one.hypothesis else "", one.source) if part)


def named(judged: Sequence[Judgement]) -> list[tuple[str, Judgement]]:
    """Return each judgement with what it is called: its id, or its number where it has none."""
    return [(one.id or str(number), one) for number, one in enumerate(judged, 1)]

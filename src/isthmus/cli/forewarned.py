"""What a study is too small to tell, or does in another way than asked, said before anything is trained."""

from __future__ import annotations

from collections.abc import Iterator

from isthmus.claims.judge import ENOUGH_SEEDS
from isthmus.claims.resolve import Question
from isthmus.cli.opened import Opened
from isthmus.cli.printing import count, say


def forewarn(opened: Opened) -> None:
    """Print to standard error what can be run all the same, and will not tell what it is run for."""
    for warning in forewarnings(opened):
        say(f"warning: {warning}", style="yellow")


def forewarnings(opened: Opened) -> Iterator[str]:
    """Yield a sentence on each test that needs more seeds than there are, and on each target without a choice asked for."""
    study = opened.study
    seeds = len(study.seeds)
    claims = len(study.own_claims) + sum(isinstance(one, Question) for one in opened.questions)
    judged = f"; {count(claims, 'claim')} will be judged with low confidence" if claims else ""
    if seeds == 1 and len(study.arms) > 1:
        yield (
            "seeds: with one seed nothing tells how far another run would lie, so intervals and p know of test examples "
            f"only{judged}; {ENOUGH_SEEDS} seeds or more tell both"
        )
    elif claims and seeds < ENOUGH_SEEDS:
        yield (
            f"seeds: {seeds} seeds make wide intervals, and none of {count(claims, 'claim')} can be judged firmly; that "
            f"takes {ENOUGH_SEEDS} (`isthmus plan --power POINTS` says how many see an effect)"
        )
    if study.selection and seeds == 1:
        yield "selection: with one seed the best arm is chosen by the run that is then judged, whose luck it keeps"
    yield from (f"selection: {note}" for note in opened.plan.notes)
    yield from (f"variants: {note}" for note in opened.plan.left_out)

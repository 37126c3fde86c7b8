"""What tables of cost come to: how many comparisons show the same speed, which do not and why, and what each form loses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import get_args

from isthmus.analysis.latency import QUANTITIES, Outcome, Quantity, Ratio, Timing
from isthmus.report.answer import signed
from isthmus.report.effect_grid import probability
from isthmus.report.efficiency import Efficiency, named
from isthmus.report.efficiency_forms import Form
from isthmus.report.efficiency_grids import (
    contrast,
    contrast_cells,
    equal_grid,
    gain_grid,
    loss_grid,
    machine_grid,
    ratio_ends,
    same_grid,
    spent_grid,
    spoken_grid,
    times,
    without_blanks,
)
from isthmus.report.grid import NONE, Grid
from isthmus.results.table import ALL

TOLD = 8  # differences that are told one by one before the rest is counted
CLEAR = 0.05
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


def compared(found: Efficiency, quantity: Quantity) -> list[Timing]:
    """Return the comparisons of arms at one model and variant, each over all its languages."""
    return [one for one in found.same if (one.quantity, one.language) == (quantity, ALL)]


def counts_grid(found: Efficiency) -> Grid:
    """Return how many comparisons of each target and model have which outcome."""
    rows = []
    places = dict.fromkeys((one.task, named(one.arm)[1]) for one in compared(found, "latency"))
    for task, model in places:
        cells = list[int]()
        for quantity in QUANTITIES:
            own = [one for one in compared(found, quantity) if (one.task, named(one.arm)[1]) == (task, model)]
            counts = Counter(one.ratio.outcome for one in own)
            cells += [counts[outcome] for outcome in OUTCOMES]
        rows.append((task, model or NONE, str(sum(cells[: len(OUTCOMES)])), *map(str, cells)))
    each = [(f"{quantity}: {OUTCOMES[0]}", *OUTCOMES[1:]) for quantity in QUANTITIES]
    headers = ("target", "model", "compared", *(header for own in each for header in own))
    title = f"is it as fast? arms beside {found.reference}, of the same model and variant, all languages together"
    return Grid(title, headers, tuple(rows), ())


def exceptions(found: Efficiency) -> Iterator[str]:
    """Yield the comparisons that do not show the same speed, each with what is known of the reason, those that differ first.

    Names stand between backticks.
    """
    for quantity in QUANTITIES:
        lines = compared(found, quantity)
        apart = sorted((one for one in lines if one.ratio.outcome == "different"), key=lambda one: -abs(one.ratio.log))
        for one in apart[:TOLD]:
            yield f"{quantity} of `{one.arm}` on `{one.task}` is {_times_the_reference(one)}: {_because(found, one, lines)}"
        if len(apart) > TOLD:
            yield f"{quantity}: {len(apart) - TOLD} more differ"
        lacking = Counter(one.ratio.lacking for one in lines if one.ratio.outcome == "undecided")
        for why, number in lacking.items():
            yield f"{quantity}: {number} of {len(lines)} undecided, for {why}"


def _times_the_reference(one: Timing) -> str:
    return f"{times(one.ratio)} {ratio_ends(one.ratio)} that of the reference"


def _because(found: Efficiency, one: Timing, lines: Sequence[Timing]) -> str:
    """Say why two of one size may differ: their work does, the machine was noisy, chance, or nobody knows."""
    if why := found.adaptive.get(one.variant):
        return f"{why}, so this is an effect of training and no fault of the measurement"
    if one.ratio.p_holm is not None and one.ratio.p_holm >= CLEAR:
        return f"perhaps chance, for after correction for {len(lines)} comparisons p is {one.ratio.p_holm:.2f}"
    if one.ratio.doubts:
        return "the machine was noisy, and the work is the same"
    return "the work is the same, so what differs is how it was loaded or measured; time it anew"


def forms_grid(found: Efficiency) -> Grid:
    """Return what every cheaper form saves and changes, the mean over models and targets, before and after a stage."""
    rows = [
        (
            one.variant,
            one.arm if one.arm != found.reference else NONE,
            one.scope or f"headline ({one.places})",
            " / ".join(map(_plain, one.latency)) if any(one.latency) else NONE,
            *contrast_cells(one.before),
            *contrast_cells(one.after),
            *contrast_cells(one.difference),
            probability(one.p_holm),
        )
        for one in found.forms
    ]
    headers = ("variant", "stage", "on", "latency without / with", "change without", "95 % interval")
    title = "what each cheaper form saves and changes, without a stage and with it, the mean over models and targets"
    return Grid(title, (*headers, "change with", "95 % interval", "difference", "95 % interval", "Holm"), tuple(rows), ())


def _plain(one: Ratio | None) -> str:
    return times(one) if one else NONE


def spoken_losses_grid(found: Efficiency) -> Grid:
    """Return what every form of every arm changes in each language, the mean over models, a column a language."""
    single = [one for one in found.losses if one.languages == (one.scope,)]
    languages = list(dict.fromkeys(one.scope for one in single))
    points: dict[tuple[str, str, str, str], list[float]] = {}
    for one in single:
        points.setdefault((one.task, one.variant, named(one.arm)[0], one.scope), []).append(one.loss.delta)
    rows = []
    for task, variant, arm in dict.fromkeys(place[:3] for place in sorted(points, key=lambda place: _order(found, place))):
        cells = [points.get((task, variant, arm, language)) for language in languages]
        rows.append((task, variant, arm, *(f"{fmean(cell):+z.1f}" if cell else NONE for cell in cells)))
    several = ", the mean over models" if len(found.models) > 1 else ""
    return Grid(f"change in points by language{several}", ("target", "variant", "arm", *languages), tuple(rows), ())


def _order(found: Efficiency, place: tuple[str, str, str, str]) -> tuple[int, ...]:
    task, variant, arm, _ = place
    return found.tasks.index(task), found.variants.index(variant), arm != found.reference, found.arms.index(arm)


def losing(found: Efficiency) -> Iterator[str]:
    """Yield what cheaper forms lose on the average, and whether that is less after a stage."""
    heads = [one for one in found.forms if not one.scope]
    if told := [_lost(one) for one in _once(heads)]:
        mean = ", the mean over models and targets" if any(one.places > 1 for one in heads) else ""
        yield f"Cheaper forms change scores{mean}, in points: {'; '.join(told)}."
    family = [one for one in heads if one.difference]
    if not family:
        return
    clear = [one for one in family if one.p_holm is not None and one.p_holm < CLEAR]
    if not clear:
        number = f"none of {len(family)} differences is clear" if len(family) > 1 else "the difference is not clear"
        yield f"Whether a cheaper form loses less after a stage stays open: {number} after correction."
        return
    told = [f"`{one.arm}/{one.variant}` {contrast(one.difference)}" for one in clear if one.difference]
    less = sum(one.difference is not None and one.difference.delta > 0 for one in clear)
    yield (
        f"Of {len(family)} differences in loss after a stage and without {len(clear)} "
        f"{'is' if len(clear) == 1 else 'are'} clear, {less} of them less loss after it: {'; '.join(told)}."
    )


def _once(heads: Sequence[Form]) -> list[Form]:
    """Return one form of each variant that has a change to tell."""
    return list({one.variant: one for one in heads if one.before or one.after}.values())


def _lost(one: Form) -> str:
    change = one.before or one.after
    assert change is not None
    return f"`{one.variant}` {signed(change.delta)}"


def efficiency_grids(found: Efficiency, *, languages: bool = False) -> list[Grid]:
    """Return the tables that hold something, what a reader asks first before the rest; ``languages`` adds every detail.

    Details are each comparison, each loss and each cost, over all languages and in single ones.
    """
    drawn = [counts_grid(found), equal_grid(found), forms_grid(found), gain_grid(found), spent_grid(found, variants=False)]
    if languages:
        drawn += [spoken_losses_grid(found), *(grid for _, grid in details(found))]
    return [without_blanks(grid) for grid in (*drawn, machine_grid(found)) if grid.rows]


def details(found: Efficiency) -> list[tuple[str, Grid]]:
    """Return (name, table) of all that is measured, one line a figure."""
    return [
        ("same", same_grid(found)),
        ("same-languages", same_grid(found, languages=True)),
        ("equal-languages", equal_grid(found, languages=True)),
        ("losses", loss_grid(found)),
        ("losses-languages", loss_grid(found, languages=True)),
        ("costs", spent_grid(found)),
        ("costs-languages", spoken_grid(found)),
    ]

"""What a study says of the cost of inference, in sentences: for its answer, its methods and its limitations.

Names of arms and targets stand between backticks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from isthmus.analysis.equal_accuracy import Equal, Overall
from isthmus.analysis.latency import QUANTITIES, Quantity, Timing
from isthmus.report.efficiency import Across, Efficiency, Fronted
from isthmus.report.efficiency_grids import (
    contrast,
    cost_ends,
    cost_ratio,
    doubts,
    missing,
    overall_ratio,
    ratio_ends,
    times,
)
from isthmus.report.efficiency_summary import compared, losing
from isthmus.results.measured import Protocol
from isthmus.results.table import ALL, ZERO_SHOT

NAMED = 3  # comparisons and languages that a sentence names before it counts the rest


def answered(found: Efficiency) -> Iterator[str]:
    """Yield what measurements say of the question so far: the same speed, equal accuracy, what cheaper forms lose."""
    if lines := compared(found, "latency"):
        yield _same(found, lines)
    if found.fronts:
        yield from _cheaper(found)
    yield from losing(found)
    if not found.spent and not found.losses:
        yield "What inference costs is not measured yet."


def _same(found: Efficiency, lines: Sequence[Timing]) -> str:
    """Say how often latency, and throughput, with a stage is that without, and where it is not."""
    margin = f"within {100 * lines[0].ratio.margin:g} %"
    told = [_outcomes(found, quantity) for quantity in QUANTITIES if compared(found, quantity)]
    return f"At one model and variant, beside `{found.reference}`: {'; '.join(told)} (the same: shown to lie {margin})."


def _outcomes(found: Efficiency, quantity: Quantity) -> str:
    """Say of one quantity how many comparisons are the same, and which differ; chance is told from an early exit."""
    lines = compared(found, quantity)
    counts = Counter(one.ratio.outcome for one in lines)
    parts = [f"{quantity} is the same in {counts['equivalent']} of {len(lines)} comparisons"]
    apart = sorted((one for one in lines if one.ratio.outcome == "different"), key=lambda one: -abs(one.ratio.log))
    if apart:
        told = [f"`{one.arm}` on `{one.task}` {times(one.ratio)} {ratio_ends(one.ratio)}" for one in apart[:NAMED]]
        real = sum(one.variant in found.adaptive for one in apart)
        of_work = f", {real} of them where arms need not do the same work" if real else ""
        parts.append(f"differs in {len(apart)}{of_work} ({_and_more(told, len(apart))})")
    lacking = Counter(one.ratio.lacking for one in lines if one.ratio.outcome == "undecided")
    parts += [f"undecided in {number} for {why}" for why, number in lacking.items()]
    return ", ".join(parts)


def _and_more(told: Sequence[str], whole: int) -> str:
    return "; ".join([*told, *([f"{whole - len(told)} more"] if whole > len(told) else [])])


def _cheaper(found: Efficiency) -> Iterator[str]:
    """Say what equal accuracy costs with a stage, on the averages that matter, and in which languages it is cheaper."""
    whole = _whole(found)
    if heads := _heads(found):
        said = [_at_bars(one) for one in heads]
        mean = f"mean of {len(whole.tasks)} targets {overall_in_words(whole.overall)}; " if whole and whole.overall else ""
        told = f"{mean}{_and_more(said[:NAMED], len(said))}"
        yield f"At the accuracy of the models without a stage, the smallest latency with one is, over that without: {told}."
        if places := [place for one in heads if (place := _where(found, one.task))]:
            yield f"Equal accuracy is certain to cost less with a stage {'; '.join(places)}."
    if won := [f"`{one.task}` {contrast(one.gain.points)}" for one in _headlines(found) if one.gain]:
        mean = f"mean of {len(whole.tasks)} targets {contrast(whole.gain.points)}; " if whole and whole.gain else ""
        told = f"{mean}{_and_more(won[:NAMED], len(won))}"
        yield f"At equal latency, the best of the arms with stages has, beyond the best without, in points: {told}."


def _whole(found: Efficiency) -> Across | None:
    """Return what is said of all targets together, on the average that matters for the first of them."""
    heads = _headlines(found)
    return next((one for one in found.across if one.scope == heads[0].scope), None) if heads else None


def _headlines(found: Efficiency) -> list[Fronted]:
    """Return the front of each target on the average that matters, the first of its own."""
    return list({one.task: one for one in reversed(found.fronts)}.values())[::-1]


def _heads(found: Efficiency) -> list[Fronted]:
    return [one for one in _headlines(found) if one.equal]


def _at_bars(one: Fronted) -> str:
    told = ", ".join(f"as good as `{each.bar}` {in_words(each)}" for each in one.equal)
    return f"`{one.task}` ({_place(one.scope)}) {told}"


def _place(scope: str) -> str:
    return {ZERO_SHOT: "zero-shot average", ALL: "average over languages"}.get(scope, scope)


def in_words(one: Equal) -> str:
    """Return the ratio of the smallest costs, and which configuration has it."""
    if one.staged is None:
        return "nothing with a stage"
    if one.ratio is None:
        return f"`{one.staged.configuration}` alone"
    return f"{cost_ratio(one)} {cost_ends(one)} (`{one.staged.configuration}`)"


def overall_in_words(one: Overall) -> str:
    """Return the mean ratio over bars and targets with its interval."""
    return f"{overall_ratio(one)} {cost_ends(one)}"


def _where(found: Efficiency, task: str) -> str:
    """Return in which of the single languages of a target a bar is certain to be reached at less cost."""
    singles = [one for one in found.fronts if one.task == task and one.single and one.equal]
    cheaper = [one.scope for one in singles if any(each.cheaper for each in one.equal)]
    if not singles or not cheaper:
        return ""
    named = ", ".join(cheaper[:NAMED]) + (f" and {len(cheaper) - NAMED} more" if len(cheaper) > NAMED else "")
    return f"on `{task}` in {len(cheaper)} of {len(singles)} languages ({named})"


def measured_how(found: Efficiency) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the section of the methods on cost: how it was measured and judged; empty where nothing was."""
    said = tuple(_methods(found)) if found.benches else ()
    return (("Cost of inference", said),) if said else ()


def _methods(found: Efficiency) -> Iterator[str]:
    for protocol in dict.fromkeys(one.measured.protocol for one in found.benches):
        yield _protocol(protocol)
    yield (
        "In every round all arms and variants of one model and target answered the same queries one after another, in an "
        "order drawn anew; outliers are kept. Latency is from the text of one example to its prediction; throughput is that "
        "of all examples in batches of like lengths, counted in sub-words of real text, never in padding."
    )
    yield (
        "Intervals of medians and percentiles are by bootstrap. A ratio of latencies is the geometric mean over rounds, and "
        "its interval allows for rounds that resemble the ones before; that two are as fast as each other is shown by two "
        "one-sided tests at 5 %."
    )
    if found.fronts:
        yield (
            "The cost in an accuracy-cost front is the mean latency over its languages. At equal cost and equal accuracy, "
            "arms with stages are compared with those without as whole sets; which is best is chosen on one half of the "
            "examples and judged on the other, or drawn anew together with seeds, examples and rounds."
        )


def _protocol(one: Protocol) -> str:
    return (
        f"Cost is measured after {one.warmup} rounds of warm-up, over at least {one.rounds} rounds, {one.queries} queries "
        f"and {one.seconds:g} s of each configuration and language"
        f"{f', in the course of which all are loaded anew {one.loads} times' if one.loads > 1 else ''}."
    )


def cost_limits(found: Efficiency) -> Iterator[str]:
    """Yield what the figures of cost cannot say: noise, one machine, its threads, checkpoints, and what is missing."""
    for sentence in (*missing(found), *doubts(found)):
        yield f"{sentence[0].upper()}{sentence[1:]}."
    machines = {(one.measured.machine.cpu, one.measured.machine.device) for one in found.benches}
    threads = sorted({one.measured.machine.threads for one in found.benches})
    if machines:
        where = " and ".join(sorted(cpu if device == "cpu" else device for cpu, device in machines))
        many = f"{threads[0]} thread{'' if threads == [1] else 's'}" if len(threads) == 1 else "threads that differ"
        yield f"Latency and throughput are those of one machine ({where}, {many}); elsewhere they and ratios may differ."
    seeds = {one.seeds for one in found.spent}
    if seeds and max(map(len, seeds)) == 1:
        yield (
            "One checkpoint of each configuration was timed; weights decide little of the time, save where they "
            "decide on an early exit."
        )
    if any(language in ("ja", "zh", "th") for language in {one.language for one in found.spent}):
        yield "Words are parted by spaces, so sub-words per word mean little in languages that are written without them."

"""The tables of cost as text: the terminal and the page show the same words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from isthmus.analysis.averages_over_targets import Contrast
from isthmus.analysis.equal_accuracy import Equal, Overall
from isthmus.analysis.fronts import Gain, Point
from isthmus.analysis.latency import Ratio, Timing
from isthmus.core.at_variant import at_variant
from isthmus.report.answer import signed
from isthmus.report.effect_grid import between, probability
from isthmus.report.efficiency import Benched, Efficiency, Fronted, named
from isthmus.report.grid import NONE, Grid
from isthmus.report.marks import seconds
from isthmus.report.spent import Spent
from isthmus.results.measured import Interval
from isthmus.results.table import ALL

BESIDE_FULL = "of the full model"
FULL = "full"  # how the variant that is none is called
UNITS = ("", " k", " M", " G", " T", " P")


def same_grid(found: Efficiency, *, languages: bool = False) -> Grid:
    """Return how fast each arm is beside the reference arm of its model and variant, over all languages or in each."""
    lines = [one for one in found.same if (one.language == ALL) != languages]
    beside = {(one.arm, one.task, one.language): one for one in lines if one.quantity == "throughput"}
    rows = []
    for one in lines:
        if one.quantity == "latency":
            also = beside.get((one.arm, one.task, one.language))
            rows.append((*_who(one.arm), one.task, _on(one), *_ratio(one), *_ratio(also)))
    figures = ("95 % interval", *(() if languages else ("Holm",)), "verdict")  # the family is that of all languages together
    headers = ("arm", "model", "variant", "target", "on", "latency", *figures, "throughput", *figures)
    title = f"latency and throughput beside {found.reference}, of the same model and variant{_each(languages)}"
    return Grid(title, headers, tuple(rows), ())


def _each(languages: bool) -> str:
    return ", in each language" if languages else ""


def _who(configuration: str) -> tuple[str, str, str]:
    arm, model, variant = named(configuration)
    return arm, model or NONE, variant or FULL


def _on(one: Timing) -> str:
    return f"{one.language} ({len(one.languages)})" if one.language == ALL else one.language


def _ratio(one: Timing | None) -> tuple[str, ...]:
    """Return a ratio with its interval, p and verdict; p and verdict are of this quantity."""
    if one is None:
        return NONE, NONE, "", ""
    corrected = (probability(one.ratio.p_holm),) if one.language == ALL else ()
    return times(one.ratio), ratio_ends(one.ratio), *corrected, verdict(one.ratio)


def verdict(one: Ratio) -> str:
    """Return the outcome, and what it lacks where nothing is decided."""
    return f"{one.outcome}: {one.lacking}" if one.lacking else one.outcome


def times(one: Ratio) -> str:
    """Return a ratio as it is printed."""
    return f"×{one.ratio:.3f}"


def ratio_ends(one: Ratio) -> str:
    """Return the 95 % interval of a ratio as it is printed."""
    ends = one.ends()
    return f"[{ends[0]:.3f}, {ends[1]:.3f}]" if ends else NONE


def equal_grid(found: Efficiency, *, languages: bool = False) -> Grid:
    """Return what the accuracy of each reference costs at least, with a stage and without, on averages or in languages."""
    rows = []
    for front in (front for front in found.fronts if front.single == languages):
        for one in front.equal:
            bar = f"{one.bar} ({one.score:.1f})"
            sides = (point_in_words(one.staged), point_in_words(one.plain))
            rows.append((front.task, _scope(front), bar, *sides, cost_ratio(one), cost_ends(one)))
    headers = ("target", "on", "as good as", "cheapest with a stage", "cheapest without", "cost", "95 % interval")
    for whole in (one for one in found.across if one.overall and one.single == languages):
        assert whole.overall is not None
        bars, cost = f"{len(whole.overall.equal)} bars", overall_ratio(whole.overall)
        rows.append((f"mean of {len(whole.tasks)} targets", whole.scope, bars, NONE, NONE, cost, cost_ends(whole.overall)))
    return Grid(f"smallest latency at equal accuracy, with a stage over without{_each(languages)}", headers, tuple(rows), ())


def _scope(front: Fronted) -> str:
    return front.scope if front.single else f"{front.scope} ({len(front.languages)})"


def point_in_words(point: Point | None) -> str:
    """Return a configuration with its cost."""
    return f"{point.configuration} {seconds(point.cost)}" if point else "none as good"


def cost_ratio(one: Equal) -> str:
    """Return the cost with a stage over that without, as it is printed."""
    return NONE if one.ratio is None else f"×{one.ratio:.2f}"


def overall_ratio(one: Overall) -> str:
    """Return the mean ratio over bars and targets as it is printed."""
    return NONE if one.ratio is None else f"×{one.ratio:.2f}"


def cost_ends(one: Equal | Overall) -> str:
    """Return its interval; an end beyond any cost is open."""
    low = "0" if one.low is None else f"{one.low:.2f}"
    return f"[{low}, {'∞' if one.high is None else f'{one.high:.2f}'}]"


def gain_grid(found: Efficiency) -> Grid:
    """Return the points that arms with stages win at equal cost, on every average and in every language."""
    rows = [(front.task, _scope(front), *_gain(front.gain)) for front in found.fronts if front.gain]
    rows += [(f"mean of {len(one.tasks)} targets", one.scope, *_gain(one.gain)) for one in found.across if one.gain]
    headers = ("target", "on", "points won", "95 % interval", "from", "to")
    return Grid("points that stages win at equal latency", headers, tuple(rows), ())


def _gain(one: Gain) -> tuple[str, ...]:
    return *contrast_cells(one.points), seconds(one.cheapest), seconds(one.dearest)


def contrast(found: Contrast) -> str:
    """Return a difference with its interval, as a sentence has it."""
    ends = found.ends()
    return f"{signed(found.delta)}{f' [{signed(ends[0])}, {signed(ends[1])}]' if ends else ''}"


def contrast_cells(one: Contrast | None) -> tuple[str, str]:
    """Return a difference in points and its interval as they are printed."""
    return (NONE, NONE) if one is None else (f"{one.delta:+z.1f}", between(*(one.ends() or (None, None))))


def loss_grid(found: Efficiency, *, languages: bool = False) -> Grid:
    """Return what each variant loses of its arm's full model, and how much less or more that is than of the reference."""
    rows = []
    for one in found.losses:
        if (one.languages == (one.scope,)) == languages:
            on = one.scope if languages else f"{one.scope} ({len(one.languages)})"
            cells = (*contrast_cells(one.loss), *contrast_cells(one.interaction), probability(one.p_holm))
            rows.append((*_who(at_variant(one.arm, one.variant)), one.task, on, *cells))
    headers = ("arm", "model", "variant", "target", "on", "change", "95 % interval", "beside the reference", "95 % interval")
    beside = f", and how much more than of {found.reference}" if any(one.interaction for one in found.losses) else ""
    title = f"what cheaper forms change in points{beside}{_each(languages)}"
    return Grid(title, (*headers, "Holm"), tuple(rows), ())


def spent_grid(found: Efficiency, *, variants: bool = True) -> Grid:
    """Return what every configuration takes, the mean over languages; without ``variants`` the full models alone."""
    faster = {(one.arm, one.task): one for one in found.faster if (one.quantity, one.language) == ("latency", ALL)}
    told = _told(found)
    rows = []
    for one in (one for one in found.spent if one.language == ALL and (variants or not named(one.configuration)[2])):
        full = faster.get((one.configuration, one.task))
        beside = f"{times(full.ratio)} {ratio_ends(full.ratio)}" if full else ""
        whole = (count(one.parameters), size(one.disk_bytes), size(one.peak_bytes), seconds(one.first_call_seconds))
        rows.append((*_who(one.configuration), one.task, *_speed(one), beside, *whole, *_work(one, told)))
    headers = (
        "arm",
        "model",
        "variant",
        "target",
        *SPEEDS,
        BESIDE_FULL,
        "parameters",
        "disk",
        "memory",
        "first call",
    )
    title = f"cost{'' if variants else ' of the full models'}, the mean over languages"
    return Grid(title, (*headers, *told), tuple(rows), ())


def spoken_grid(found: Efficiency) -> Grid:
    """Return what every configuration takes in each language, with the interval of its median."""
    told = _told(found)
    rows = []
    for one in (one for one in found.spent if one.language != ALL):
        texts = (f"{one.sub_words:.2f}", f"{one.length:.1f}")
        rows.append((*_who(one.configuration), one.task, one.language, *texts, *_speed(one), *_work(one, told)))
    headers = ("arm", "model", "variant", "target", "language", "sub-words a word", "an example", *SPEEDS, *told)
    return Grid("cost in each language", headers, tuple(rows), ())


SPEEDS = ("p50", "95 % interval", "p95", "p99", "examples/s", "sub-words/s")


def _speed(one: Spent) -> tuple[str, ...]:
    rates = f"{one.examples_per_second.value:,.1f}", f"{one.tokens_per_second.value:,.0f}"
    return seconds(one.p50.value), _ends(one.p50), seconds(one.p95.value), seconds(one.p99.value), *rates


def _ends(one: Interval) -> str:
    return f"[{seconds(one.low)}, {seconds(one.high)}]"


WORK = {"FLOPs": "flops", "energy": "joules", "layers": "depth"}  # header: field


def _told(found: Efficiency) -> tuple[str, ...]:
    """Return the headers of what some configuration has: energy where a platform reports it, layers of early exits."""
    return tuple(name for name, field in WORK.items() if any(getattr(one, field) is not None for one in found.spent))


def _work(one: Spent, told: tuple[str, ...]) -> tuple[str, ...]:
    joules = NONE if one.joules is None else f"{one.joules:.3g} J"
    cells = {"FLOPs": count(one.flops), "energy": joules, "layers": NONE if one.depth is None else f"{one.depth:.2f}"}
    return tuple(cells[name] for name in told)


def count(number: float) -> str:
    """Return a large number with a metric prefix."""
    for unit in UNITS:
        if abs(number) < 999.5 or unit == UNITS[-1]:
            return f"{number:.3g}{unit}"
        number /= 1000
    raise AssertionError("the last unit takes everything")


def size(number: float) -> str:
    """Return a number of bytes with a metric prefix."""
    words = count(number)
    return f"{words}B" if " " in words else f"{words} B"


def machine_grid(found: Efficiency) -> Grid:
    """Return what was measured on, with what, when, and how many runs found the machine quiet; a row for each machine."""
    runs: dict[tuple[str, ...], list[Benched]] = {}
    for one in found.benches:
        machine = one.measured.machine
        device = machine.device if machine.device != "cpu" else machine.cpu
        versions = ", ".join(f"{name} {version}" for name, version in machine.versions.items())
        used = f"{machine.threads} of {machine.cores}"
        runs.setdefault((device, used, size(machine.memory_bytes), versions, one.day or NONE), []).append(one)
    rows = [(_ran(own), *machine, _noise(own)) for machine, own in runs.items()]
    headers = ("measured", "device", "threads", "memory", "libraries", "day", "noise")
    return Grid("measured on", headers, tuple(rows), ())


def _ran(own: Sequence[Benched]) -> str:
    """Name targets and the models that each was measured on."""
    models: dict[str, list[str]] = {}
    for one in own:
        models.setdefault(one.measured.task, []).append(one.measured.model)
    told: dict[str, list[str]] = {}
    for task, names in models.items():
        told.setdefault(", ".join(filter(None, names)), []).append(task)
    return "; ".join(f"{', '.join(tasks)}{f' of {names}' if names else ''}" for names, tasks in told.items())


def _noise(own: Sequence[Benched]) -> str:
    noisy = sum(one.measured.noise.noisy for one in own)
    spread = max(one.measured.noise.spread for one in own)
    if noisy:
        return "noisy" if noisy == len(own) else f"noisy in {noisy} of {len(own)} runs"
    return f"quiet (spread at most {100 * spread:.1f} %)"


def without_blanks(grid: Grid) -> Grid:
    """Return a table without the columns that say nothing in any row, as models where there is one."""
    blank = {"variant": {FULL}, "cost": set[str]()}  # without a cost its interval tells that nothing is as good
    empty = {"", NONE}
    places = [
        i
        for i, header in enumerate(grid.headers)
        if not grid.rows or {row[i] for row in grid.rows} - blank.get(header, empty)
    ]
    return Grid(
        grid.title,
        tuple(grid.headers[i] for i in places),
        tuple(tuple(row[i] for i in places) for row in grid.rows),
        grid.notes,
    )


def efficiency_notes(found: Efficiency) -> Iterator[str]:
    """Yield what is missing, then what the columns of the tables mean."""
    yield from missing(found)
    margins = {one.ratio.margin for one in found.same}
    for margin in sorted(margins):
        yield (
            f"equivalent: the 90 % interval of the ratio lies within 1 ± {100 * margin:g} % (two one-sided tests at 5 %); "
            "different: the 95 % interval excludes 1 and equivalence is not shown"
        )
    yield from doubts(found)
    if any(not one.scope for one in found.forms):
        yield "headline (n): the average that matters of each target, over n pairs of a model and a target"
    if any(front.equal for front in found.fronts):
        within = max(one.within for front in found.fronts for one in front.equal)
        yield f"as good as: at most {within:g} points below; ∞: perhaps no configuration with a stage is, at any cost"
    if any(one.interaction for one in found.losses):
        yield "difference, beside the reference: the change with the stage less that without; above 0: less is lost with it"
    if any(one.ratio.p_holm is not None for one in found.same):
        yield "Holm: p of no difference, corrected for all comparisons of the same quantity"
    for variant, why in found.adaptive.items():
        yield f"{variant}: {why}, so arms of one size may differ in speed for what they learnt"
    if any(one.depth is not None for one in found.spent):
        yield "layers: how many a window goes through on average before a layer is sure enough to answer"


def missing(found: Efficiency) -> Iterator[str]:
    """Yield what is planned and not there yet."""
    for (done, planned), noun, of in ((found.scores, "score", "variants"), (found.runs, "run", "measurements")):
        if done < planned:
            plural, verb = ("", "is") if planned == 1 else ("s", "are")
            yield f"{planned - done:,} of {planned:,} {noun}{plural} of {of} {verb} still missing"


def doubts(found: Efficiency) -> Iterator[str]:
    """Yield why figures of time are in doubt, where the machine was not quiet."""
    told: dict[str, list[str]] = {}
    for one in found.benches:
        if one.measured.noise.noisy:
            which = " of ".join(part for part in (one.measured.task, one.measured.model) if part)
            told.setdefault("; ".join(one.measured.noise.why), []).append(which)
    for why, tasks in told.items():
        yield f"the machine was noisy as {', '.join(tasks)} was measured ({why})"

"""The answer of a study in three sentences, written from its effects: what rises, what falls, what stays open.

Names of arms and targets stand between backticks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from isthmus.analysis.paired import Effect
from isthmus.core.at_model import model_in
from isthmus.results.averages import BASELINE, Figure
from isthmus.results.table import ALL, ZERO_SHOT, Summary, Table
from isthmus.study.spec import Study

GAP = "\N{NO-BREAK SPACE}"
NAMED = 2  # effects and languages that a sentence names before it counts the rest


def answer(study: Study, summary: Summary, effects: Collection[Effect]) -> tuple[str, str, str]:
    """Return the three sentences; effects are paired differences from the arm without stages, on main metrics only."""
    if summary.against is None:
        return (*_without_reference(study), _open(summary, []))
    headlines = {table.task: table.headline for table in summary.tables if table.main}
    heads = [effect for effect in effects if effect.language == headlines[effect.task]]
    if not heads:
        return "Nothing can be compared yet.", f"No arm has a score beside one of `{summary.against}`.", _open(summary, [])
    single = [effect for effect in effects if effect.languages == (effect.language,)]
    return _gains(summary, heads, single), _losses(heads, single), _open(summary, heads)


def _without_reference(study: Study) -> tuple[str, str]:
    arms = ", ".join(f"`{arm}`" for arm in study.arms)
    return (
        f"This study has no arm without stages, so its scores ({arms}) stand side by side without differences.",
        "An arm of its own with an empty list of stages, `none: []`, would make them comparable.",
    )


def _gains(summary: Summary, heads: Sequence[Effect], single: Sequence[Effect]) -> str:
    ups = sorted((effect for effect in heads if effect.sign > 0), key=lambda effect: -effect.delta)
    of_model = " of the same model" if model_in(heads[0].arm) else ""
    against, place = f"Compared with `{summary.against}`{of_model}", _place(heads)
    if ups:
        weak = {(table.task, arm) for table, arm, figure in _judged(summary) if figure.not_beaten}
        doubt = {effect: ", yet not above every baseline" if (effect.task, effect.arm) in weak else "" for effect in ups}
        told = [f"{_named(effect)}{_where(effect, single)}{doubt[effect]}" for effect in ups[:NAMED]]
        return f"{against}, {place} rises clearly (95 % interval above zero) for {_joined(told, len(ups), 'gain')}."
    clear = sorted((effect for effect in single if effect.sign > 0), key=lambda effect: -effect.delta)
    if clear:
        told = [f"{_named(effect)} in {effect.language}" for effect in clear[:NAMED]]
        return f"{against}, {place} rises clearly for no arm; single languages do: {_joined(told, len(clear), 'gain')}."
    return f"{against}, no arm rises clearly (95 % interval above zero), neither on {place} nor in any single language."


def _losses(heads: Sequence[Effect], single: Sequence[Effect]) -> str:
    downs = sorted((effect for effect in heads if effect.sign < 0), key=lambda effect: effect.delta)
    among = {(effect.arm, effect.task) for effect in downs}
    alone = [effect for effect in single if effect.sign < 0 and (effect.arm, effect.task) not in among]
    alone.sort(key=lambda effect: effect.delta)
    place = _place(heads)
    languages = _joined([f"{_named(effect)} in {effect.language}" for effect in alone[:NAMED]], len(alone), "loss")
    if downs:
        also = f"; elsewhere single languages fall: {languages}" if alone else ""
        told = [f"{_named(effect)}{_where(effect, single)}" for effect in downs[:NAMED]]
        return f"{place[0].upper()}{place[1:]} falls clearly for {_joined(told, len(downs), 'loss')}{also}."
    if alone:
        return f"{place[0].upper()}{place[1:]} falls clearly for no arm, but single languages do: {languages}."
    return f"Nothing falls clearly, neither {place} nor any single language."


def _open(summary: Summary, heads: Sequence[Effect]) -> str:
    parts = []
    if heads:
        unclear = sum(effect.sign == 0 for effect in heads)
        verb = "is" if unclear == 1 else "are"
        parts.append(f"{unclear} of {_count(len(heads), 'comparison')} of {_place(heads)} {verb} undecided")
    weak, judged = not_above(summary)
    if weak:
        parts.append(
            f"{weak} of {_count(judged, 'score')} {_averaged(summary)} are not above every baseline and show no transfer"
        )
    if heads and max(effect.seeds_seen for effect in heads) < 2:
        parts.append("with one seed the intervals know of the choice of test examples only")
    if summary.missing:
        parts.append(f"{summary.missing:,} of {_count(summary.planned, 'planned score')} are still missing")
    sentence = "; ".join(parts) or "nothing is left open"
    return f"{sentence[0].upper()}{sentence[1:]}."


def not_above(summary: Summary) -> tuple[int, int]:
    """Return how many scores of arms, averaged over the languages that matter, are not above every baseline, of how many."""
    figures = [figure for _, _, figure in _judged(summary)]
    return sum(bool(figure.not_beaten) for figure in figures), len(figures)


def _judged(summary: Summary) -> Iterator[tuple[Table, str, Figure]]:
    """Yield the score that matters of each arm on each target."""
    for table in (table for table in summary.tables if table.main):
        for arm, figure in table.average(table.headline).figures.items():
            if not arm.startswith(BASELINE):
                yield table, arm, figure


def _named(effect: Effect) -> str:
    """Return an effect in words; its numbers stay together on one line."""
    ends = [end for end in (effect.low, effect.high) if end is not None]
    between = f"{GAP}[{f',{GAP}'.join(map(signed, ends))}]" if ends else ""
    return f"`{effect.arm}` on `{effect.task}` ({signed(effect.delta)}{between})"


def signed(points: float) -> str:
    """Return a difference in points with its sign, as it is printed."""
    return f"{points:+z.1f}".replace("-", "\N{MINUS SIGN}")


def _joined(told: Sequence[str], whole: int, noun: str) -> str:
    """Return what is told, and how many more there are."""
    rest = whole - len(told)
    more = [f"{rest} more {noun if rest == 1 else f'{noun}es' if noun.endswith('s') else f'{noun}s'}"] if rest else []
    return "; ".join([*told, *more])


def _where(head: Effect, single: Sequence[Effect]) -> str:
    """Say in how many languages of an average an effect is clear, and in which it is clearly the other way round."""
    own = [one for one in single if (one.arm, one.task) == (head.arm, head.task) and one.language in head.languages]
    if len(own) < 2:
        return ""
    clear, other = (sorted(one.language for one in own if one.sign == sign) for sign in (head.sign, -head.sign))
    rest = f" and {len(other) - NAMED} more" if len(other) > NAMED else ""
    turned = f", the other way round in {', '.join(other[:NAMED])}{rest}" if other else ""
    return f", clear in {len(clear)} of {len(own)} languages{turned}"


def _place(effects: Sequence[Effect]) -> str:
    names = {effect.language for effect in effects}
    called = {ZERO_SHOT: "the zero-shot average", ALL: "the average over languages"}
    return called.get(names.pop(), "the average") if len(names) == 1 else "the average"


def _averaged(summary: Summary) -> str:
    names = {table.headline for table in summary.tables if table.main}
    return "averaged over zero-shot languages" if names == {ZERO_SHOT} else "averaged over languages"


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"

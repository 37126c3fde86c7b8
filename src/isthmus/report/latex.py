"""The tables of a study for a paper: scores and differences of arms by targets, every effect, and the claims, in booktabs.

One file that compiles by itself, and whose tables a paper takes over. Names of arms, targets and languages are plain; claims
told in another script than the Latin one need LuaLaTeX or XeLaTeX.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from isthmus.analysis.paired import Effect
from isthmus.core.at_model import model_in
from isthmus.report.by_model import Bounded
from isthmus.report.claim_table import named, source_of
from isthmus.report.evidence import Cell, Evidence, Matrix
from isthmus.report.orders import Ordered, side

SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    "|": r"\textbar{}",
    "±": r"\ensuremath{\pm}",
    "−": r"\ensuremath{-}",
    "–": "--",
    "→": r"\ensuremath{\to}",
    "≤": r"\ensuremath{\le}",
    "\N{NO-BREAK SPACE}": "~",
}
PREAMBLE = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{booktabs,longtable,array}
\usepackage[margin=2cm,landscape]{geometry}
\begin{document}
"""
NONE = "--"


def to_latex(evidence: Evidence) -> str:
    """Return a whole LaTeX document: a matrix for every average, the effects in single languages, and the claims."""
    parts = [_matrix(evidence, matrix) for matrix in evidence.matrices] if evidence.reference else []
    parts += [_by_model(evidence)] if evidence.sizes else []
    parts += [_effects(evidence)] if evidence.effects else []
    parts += [_forgetting(evidence, one) for one in evidence.orders if one.forgetting]
    parts += [_claims(evidence)] if evidence.judgements else []
    said = "\n\n".join(parts) or "No two arms have been scored on the same data yet."
    return f"{PREAMBLE}{said}\n\\end{{document}}\n"


def escaped(words: str) -> str:
    """Return text whose every special sign stands for itself; a sign that is no letter of LaTeX's is left to UTF-8."""
    return "".join(SPECIAL.get(sign, sign) for sign in " ".join(words.split()))


def _matrix(evidence: Evidence, matrix: Matrix) -> str:
    headers = ["arm", *(f"{table.task} ({table.metric})" for table in evidence.compared)]
    references = evidence.study.references
    rows = [[row[0].arm, *map(_score if row[0].arm in references else _difference, row)] for row in matrix.rows]
    groups = [
        [row for row in rows if model_in(row[0]) == model_in(arm) and (row[0] == arm) == own]
        for arm in references
        for own in (True, False)
    ]
    of_model = " of the same model" if evidence.study.models else ""
    caption = (
        f"{evidence.study.study}, {matrix.scope}: scores of {evidence.reference}, and differences from it{of_model} in "
        "points with 95 % intervals over seeds and examples; bold where the interval excludes 0."
    )
    return _table("l" + "r" * len(evidence.compared), headers, groups, caption)


def _score(cell: Cell) -> str:
    return f"{cell.figure.score.mean:.1f}" if cell.figure else NONE


def _difference(cell: Cell) -> str:
    return _bounded(cell.effect) if cell.effect else NONE


def _maybe(found: Bounded | None) -> str:
    return _bounded(found) if found else NONE


def _bounded(effect: Effect | Bounded) -> str:
    if effect.low is None or effect.high is None:
        return _number(effect.delta)
    shown = _number(effect.delta)
    shown = rf"\textbf{{{shown}}}" if effect.sign else shown
    return f"{shown} [{_number(effect.low)}, {_number(effect.high)}]"


def _number(points: float | None) -> str:
    return NONE if points is None else f"{points:+z.1f}".replace("-", r"\ensuremath{-}")


def _by_model(evidence: Evidence) -> str:
    models = list(evidence.study.models)
    headers = ["arm", "target", *models, f"{models[-1]} − {models[0]}"]
    rows = [[one.arm, escaped(one.target), *map(_maybe, (*one.effects.values(), one.difference))] for one in evidence.sizes]
    by_target = [[row for row in rows if row[1] == target] for target in dict.fromkeys(row[1] for row in rows)]
    caption = (
        f"{evidence.study.study}: differences from {evidence.reference} of the same model in points with 95 % intervals, by "
        "model, and how far those of the last model lie above those of the first."
    )
    return _table("ll" + "r" * (len(models) + 1), headers, by_target, caption)


def _effects(evidence: Evidence) -> str:
    headers = ["arm", "target", "on", "difference", "low", "high", "seeds", "n"]
    rows = [
        [
            escaped(one.arm),
            escaped(f"{one.task} ({one.metric})"),
            escaped(one.language),
            *map(_number, (one.delta, one.low, one.high)),
            str(one.seeds_seen),
            str(one.n),
        ]
        for one in evidence.effects
    ]
    caption = f"{evidence.study.study}: every difference from {evidence.reference} in points, with its 95 % interval."
    return _long("lllrrrrr", headers, rows, caption)


def _forgetting(evidence: Evidence, one: Ordered) -> str:
    afters = [*one.orders.stages, None]
    headers = ["stage", "target", *(f"then {after}" if after else "to the end" for after in afters)]
    rows = [
        [stage, f"{task} (own head)" if task in one.kept else task, *(_lost(one, task, stage, own) for own in afters)]
        for stage, task in dict.fromkeys((lost.stage, lost.task) for lost in one.forgetting)
    ]
    caption = (
        f"{evidence.study.study}: score after later stages less that right after the stage that trained for the target, in "
        "points with 95 % intervals; with its own head nothing is trained anew; bold where the interval excludes 0."
    )
    return _table("ll" + "r" * len(afters), headers, [rows], caption)


def _lost(one: Ordered, task: str, stage: str, after: str | None) -> str:
    lost = one.lost(task, stage, after)
    ends = lost.found.ends() if lost else None
    if lost is None or ends is None:
        return _number(lost.found.delta if lost else None)
    shown = _number(lost.found.delta)
    shown = rf"\textbf{{{shown}}}" if side(lost.found) else shown
    return f"{shown} [{_number(ends[0])}, {_number(ends[1])}]"


def _claims(evidence: Evidence) -> str:
    headers = ["claim", "source", "measured", "difference", "n", "verdict", "confidence", "why"]
    rows = []
    for name, one in named(evidence.judgements):
        ends = f" [{_number(one.low)}, {_number(one.high)}]" if one.low is not None else ""
        ends += r"\,\%" if one.unit == "%" and one.delta is not None else ""
        words = [f"{name}: {one.text}", source_of(one), one.measured]
        rows.append(
            [
                *map(escaped, words),
                f"{_number(one.delta)}{ends}",
                str(one.n) if one.n else NONE,
                escaped(one.outcome),
                escaped(one.confidence),
                escaped(one.why),
            ]
        )
    caption = f"{evidence.study.study}: the claims, what was measured (points or %) and its 95 % interval, and the verdicts."
    widths = "".join(rf">{{\raggedright\arraybackslash}}p{{{width}\linewidth}}" for width in (0.16, 0.11, 0.15, 0.1))
    rest = "".join(rf">{{\raggedright\arraybackslash}}p{{{width}\linewidth}}" for width in (0.08, 0.08, 0.16))
    return _long(f"{widths}r{rest}", headers, rows, caption)


def _table(columns: str, headers: Sequence[str], groups: Iterable[Sequence[Sequence[str]]], caption: str) -> str:
    bodies = [list(_lines([[escaped(row[0]), *row[1:]] for row in group])) for group in groups if group]
    inside = "\n\\midrule\n".join("\n".join(body) for body in bodies)
    return "\n".join(
        [
            r"\begin{table}",
            r"\centering\small",
            rf"\caption{{{escaped(caption)}}}",
            rf"\begin{{tabular}}{{{columns}}}",
            r"\toprule",
            *_lines([list(map(escaped, headers))]),
            r"\midrule",
            inside,
            r"\bottomrule",
            r"\end{tabular}",
            r"\end{table}",
        ]
    )


def _long(columns: str, headers: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> str:
    return "\n".join(
        [
            r"{\small",
            rf"\begin{{longtable}}{{{columns}}}",
            rf"\caption{{{escaped(caption)}}}\\",
            r"\toprule",
            *_lines([list(headers)]),
            r"\midrule",
            r"\endhead",
            *_lines(rows),
            r"\bottomrule",
            r"\end{longtable}}",
        ]
    )


def _lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield from (f"{' & '.join(row)} \\\\" for row in rows)

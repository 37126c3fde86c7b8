"""The text of every table, cell by cell, before anyone draws it: the terminal and Markdown show the same words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from isthmus.core.errors import UnknownName
from isthmus.results.averages import Figure
from isthmus.results.table import ALL, Line, Summary, Table

NOT_ABOVE, NONE = "≤", "–"
LEGEND = {
    NOT_ABOVE: "not above every baseline",
    "±": "sample standard deviation over seeds",
    NONE: "not measured",
}


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as text; the first column is of names, the others of numbers."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


def grids(summary: Summary, *, languages: bool = False, metrics: Sequence[str] = ()) -> list[Grid]:
    """Return a grid of averages for each task and, on demand, one of its languages.

    ``metrics`` are shown beside each other; without any, or for a task that has none of them, its main metric is.
    Raises UnknownName for a metric that no task has.
    """
    known = {table.metric for table in summary.tables}
    for metric in metrics:
        if known and metric not in known:
            raise UnknownName("metric", metric, known)
    drawn = []
    for task in dict.fromkeys(table.task for table in summary.tables):
        found = {table.metric: table for table in summary.tables if table.task == task}
        main = next(iter(found.values()))
        beside = [found[metric] for metric in dict.fromkeys(metrics) if metric in found] or [main]
        drawn.append(_of_averages(beside, summary))
        if languages and main.languages:
            drawn.append(_of_languages(beside))
    return drawn


def notes(summary: Summary, drawn: Iterable[Grid]) -> list[str]:
    """Return what is still missing in a study, then the meaning of each sign that its grids use."""
    cells = [cell for grid in drawn for row in grid.rows for cell in row]
    waiting = f"; no score yet: {', '.join(summary.waiting)}" if summary.waiting else ""
    unfinished = [f"{summary.missing} of {summary.planned} scores are still missing{waiting}"] if summary.missing else []
    return unfinished + [f"{sign} {meaning}" for sign, meaning in LEGEND.items() if any(sign in cell for cell in cells)]


def _of_averages(tables: Sequence[Table], summary: Summary) -> Grid:
    first = tables[0]
    shown = [line for line in first.averages if line.name != ALL or first.headline == ALL]
    wide = {first.headline, summary.source}
    headers = ["", *(line.name if line.name == summary.source else f"{line.name} ({_count(line)})" for line in shown)]
    compared = first.average(first.headline).figures
    deltas = summary.against is not None and any(figure.delta for figure in compared.values())
    if deltas:
        headers += [f"Δ {first.headline}", "Δ of each seed"]
    rows = []
    for arm, seeds in first.seeds.items():
        row = [arm]
        for line in shown:
            beside = [table.average(line.name).figures.get(arm) for table in tables]
            row.append(" / ".join(_cell(figure, sd=line.name in wide) for figure in beside))
        rows.append((*row, *_deltas(compared.get(arm), own=arm == summary.against)) if deltas else tuple(row))
        begun = compared[arm].score.by_seed if arm in compared else ()
        if len(begun) < seeds:
            rows[-1] = (f"{arm} ({len(begun)} of {seeds} seeds)" if seeds > 1 else arm, *rows[-1][1:])
    title = f"{first.task}: {_metrics(tables)}"
    return Grid(title, tuple(headers), tuple(rows), tuple(_remarks(first, summary)))


def _of_languages(tables: Sequence[Table]) -> Grid:
    first = tables[0]
    usual = Counter(line.splits for line in first.languages if line.splits).most_common(1)
    rows = []
    for lines in zip(*(table.languages for table in tables), strict=True):
        line = lines[0]
        split = f" ({', '.join(line.splits)})" if line.splits and line.splits != usual[0][0] else ""
        cells = (" / ".join(_cell(each.figures.get(arm), sd=False) for each in lines) for arm in first.seeds)
        rows.append((line.name + split, str(line.examples) if line.examples else NONE, *cells))
    split = f" ({', '.join(usual[0][0])})" if usual else ""
    title = f"{first.task} by language: {_metrics(tables)}, mean over seeds{split}"
    return Grid(title, ("", "n", *first.seeds), tuple(rows), ())


def _metrics(tables: Sequence[Table]) -> str:
    return " / ".join(table.metric for table in tables)


def _count(line: Line) -> str:
    done = len(line.languages)
    return str(done) if done == line.planned else f"{done} of {line.planned}"


def _cell(figure: Figure | None, *, sd: bool) -> str:
    if figure is None:
        return NONE
    score = figure.score
    seeded = sd and score.by_seed[0][0] is not None
    spread = f" ±{NONE if score.sd is None else f'{score.sd:.1f}'}" if seeded else ""
    return f"{score.mean:.1f}{spread}{f' {NOT_ABOVE}' if figure.not_beaten else ''}"


def _deltas(figure: Figure | None, *, own: bool) -> tuple[str, str]:
    if own or figure is None or figure.delta is None:
        return "", ""
    delta = figure.delta
    spread = "" if delta.sd is None else f" ±{delta.sd:.1f}"
    return f"{delta.mean:+z.1f}{spread}", " ".join(f"{value:+z.1f}" for _, value in delta.by_seed)


def _remarks(table: Table, summary: Summary) -> list[str]:
    remarks = []
    line = table.average(table.headline)
    if len(line.languages) < line.planned:
        remarks.append(f"averages over what every arm and seed has: {_count(line)} languages so far")
    if table.unlabelled:
        remarks.append(f"predictions but no score, for want of labels: {', '.join(table.unlabelled)}")
    return remarks

"""The text of every table, cell by cell, before anyone draws it: the terminal and Markdown show the same words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from isthmus.core.at_model import model_in, without_model
from isthmus.core.errors import UnknownName
from isthmus.report.layers import layers_chosen
from isthmus.results.averages import Figure
from isthmus.results.table import ALL, Line, Summary, Table

NOT_ABOVE, FEWER, SPREAD, NONE, DELTA = "≤", "*", "±", "–", "Δ"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as text; the first column is of names, the others of numbers whose decimal points stand in line."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


def grids(summary: Summary, *, languages: bool = False, metrics: Sequence[str] = ()) -> list[Grid]:
    """Return the averages of each task and, on demand, its languages.

    ``metrics`` are shown instead of the main one, in the table of languages beside each other; a task that has none of
    them keeps its main one. Raises UnknownName for a metric that no task has.
    """
    known = {table.metric for table in summary.tables}
    for metric in metrics:
        if known and metric not in known:
            raise UnknownName("metric", metric, known)
    drawn = []
    for task in dict.fromkeys(table.task for table in summary.tables):
        found = {table.metric: table for table in summary.tables if table.task == task}
        chosen = [found[metric] for metric in dict.fromkeys(metrics) if metric in found] or list(found.values())[:1]
        drawn += [_of_averages(table, summary, [other for other in found if other != table.metric]) for table in chosen]
        if languages and chosen[0].languages:
            drawn.append(_of_languages(chosen))
    return drawn


def notes(summary: Summary, drawn: Iterable[Grid]) -> list[str]:
    """Return what a study still lacks, then the meaning of every sign that its grids use."""
    several = any(model_in(arm) for table in summary.tables for arm in table.seeds)
    legend = {
        NOT_ABOVE: "not above every baseline",
        FEWER: "fewer seeds than planned, so far",
        SPREAD: "sample standard deviation over seeds",
        NONE: "not measured",
        DELTA: f"difference from {summary.against}{' of the same model' if several else ''}, seed by seed",
    }
    used = "".join(text for grid in drawn for row in (grid.headers, *grid.rows) for text in row[1:])
    waiting = f"; no score yet: {', '.join(summary.waiting)}" if summary.waiting else ""
    unfinished = [f"{summary.missing} of {summary.planned} scores are still missing{waiting}"] if summary.missing else []
    return unfinished + [f"{sign} {meaning}" for sign, meaning in legend.items() if sign in used]


def _of_averages(table: Table, summary: Summary, others: Sequence[str]) -> Grid:
    shown = [line for line in table.averages if line.name != ALL or table.headline == ALL]
    headline = table.average(table.headline)
    headers = ["", *(line.name if line.name == summary.source else f"{line.name} ({_count(line)})" for line in shown)]
    rows = []
    for arm, seeds in table.seeds.items():
        cells = (
            _cell(line.figures.get(arm), seeds) + _sd(line.figures.get(arm), line.name in (headline.name, summary.source))
            for line in shown
        )
        rows.append((arm, *cells))
    if any(figure.delta for arm, figure in headline.figures.items() if without_model(arm) != summary.against):
        headers += [f"{DELTA} {headline.name}", f"{DELTA} of each seed"]
        rows = [(*row, *_deltas(headline.figures.get(row[0]), own=without_model(row[0]) == summary.against)) for row in rows]
    also = f" (also measured: {', '.join(others)})" if others else ""
    return Grid(f"{table.task}: {table.metric}{also}", tuple(headers), tuple(rows), tuple(_remarks(table, headline)))


def _of_languages(tables: Sequence[Table]) -> Grid:
    first = tables[0]
    usual = Counter(line.splits for line in first.languages if line.splits).most_common(1)
    most = max(len(str(line.examples)) for line in first.languages)
    rows = []
    for beside in zip(*(table.languages for table in tables), strict=True):
        line = beside[0]
        split = f" ({', '.join(line.splits)})" if line.splits and line.splits != usual[0][0] else ""
        cells = ("/".join(_cell(each.figures.get(arm), seeds) for each in beside) for arm, seeds in first.seeds.items())
        rows.append((line.name + split, (str(line.examples) if line.examples else NONE).rjust(most), *cells))
    split = f" on {', '.join(usual[0][0])}" if usual else ""
    title = f"{first.task}{split}, each language: {'/'.join(table.metric for table in tables)}, mean over seeds"
    return Grid(title, ("", "n", *first.seeds), tuple(rows), ())


def _count(line: Line) -> str:
    done = len(line.languages)
    return str(done) if done == line.planned else f"{done} of {line.planned}"


def _cell(figure: Figure | None, seeds: int) -> str:
    if figure is None:
        return f"{NONE:>4}"
    fewer = FEWER if len(figure.score.by_seed) < seeds else ""
    return f"{figure.score.mean:4.1f}{NOT_ABOVE if figure.not_beaten else ''}{fewer}"


def _sd(figure: Figure | None, shown: bool) -> str:
    if not shown or figure is None or figure.score.by_seed[0][0] is None:
        return ""
    sd = figure.score.sd
    return f" {SPREAD}{NONE if sd is None else f'{sd:.1f}'}"


def _deltas(figure: Figure | None, *, own: bool) -> tuple[str, str]:
    if own or figure is None or figure.delta is None:
        return "", ""
    delta = figure.delta
    spread = "" if delta.sd is None else f" {SPREAD}{delta.sd:.1f}"
    return f"{delta.mean:+z.1f}{spread}", " ".join(f"{value:+z.1f}" for _, value in delta.by_seed)


def _remarks(table: Table, headline: Line) -> Iterator[str]:
    if len(headline.languages) < headline.planned:
        yield f"averages are over what every arm and seed under way has: {_count(headline)} languages so far"
    if table.layers:
        yield layers_chosen(table)
    if table.unlabelled:
        yield f"predictions but no score, for want of labels: {', '.join(table.unlabelled)}"

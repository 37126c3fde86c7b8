"""What a study cannot say, written from the study itself: how few seeds, how small test sets, what no score stands above."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from isthmus.analysis.paired import Effect
from isthmus.report.account import Account
from isthmus.report.answer import not_above
from isthmus.report.effects import stay_clear
from isthmus.report.layers import layers_chosen
from isthmus.report.training import collapse_notes
from isthmus.results.averages import BASELINE
from isthmus.results.table import Summary, Table
from isthmus.study.spec import Study

CHANCE = 0.05
FEW_SEEDS, SMALL_TEST = 5, 200


def limits(study: Study, summary: Summary, effects: Collection[Effect], account: Account) -> Iterator[str]:
    """Yield a sentence or two for each limitation."""
    yield from _unfinished(summary)
    yield from _seeds(study)
    yield _pretrained(study)
    tables = [table for table in summary.tables if table.main]
    yield from _tests(study, tables)
    yield from _baselines(summary)
    known = [effect for effect in effects if effect.low is not None]
    if known:
        yield (
            f"{len(known)} intervals are shown, each at 95 %, none corrected for their number: about "
            f"{len(known) * CHANCE:.0f} would exclude zero if no arm changed anything."
        )
    yield from _corrected(effects)
    if len(effects) > len(known):
        bare = len(effects) - len(known)
        yield f"{bare} difference{' has' if bare == 1 else 's have'} no interval: nothing tells how far chance reaches."
    if not any(stage.recipe for stages in study.arms.values() for stage in stages):
        yield "All arms share one recipe for each task; none was tuned for itself, which could favour some."
    yield from (f"The run {note}." for note in collapse_notes([entry.run for entry in account.entries]))


def _corrected(effects: Collection[Effect]) -> Iterator[str]:
    """Yield which headline differences no longer are clear when all of them are taken together."""
    clear, stay = stay_clear(effects)
    family = sum(effect.p_holm is not None for effect in effects)
    lost = [f"`{effect.arm}` on `{effect.task}`" for effect in clear if effect not in stay]
    if clear and family > 1:
        rest = f"; not {', '.join(lost)}" if lost else ""
        yield (
            f"Corrected for their number (Holm, {family} headline averages), {len(stay)} of {len(clear)} differences whose "
            f"interval excludes zero stay clear{rest}."
        )


def _unfinished(summary: Summary) -> Iterator[str]:
    if summary.missing:
        waiting = f" No score yet at all: {', '.join(summary.waiting)}." if summary.waiting else ""
        yield (
            f"The study is not finished: {summary.missing:,} of {summary.planned:,} scores are missing, and averages are "
            f"over the languages that every arm and seed under way has.{waiting}"
        )


def _seeds(study: Study) -> Iterator[str]:
    number = len(study.seeds)
    if number == 1:
        yield (
            "There is one fine-tuning seed: nothing is known of the variance between runs, and the intervals, which "
            "resample test examples alone, are too narrow for what another seed would give."
        )
    elif number < FEW_SEEDS:
        yield f"{number} fine-tuning seeds tell little of the variance between runs; intervals rest on them."


def _pretrained(study: Study) -> str:
    if study.models:
        return (
            f"Each of the {len(study.models)} models is one pretraining; what is told of their size is told of all in which "
            "they differ, and another pretraining of the same size could change it."
        )
    model = study.encoders[""]
    if model.pretrain is not None:
        return (
            f"All arms start from one encoder, pretrained once (seed {model.pretrain.seed}); another pretraining could "
            "change sizes and signs of effects."
        )
    if model.config is not None:
        return "All arms start from random weights; nothing here tells of pretrained encoders."
    return "All arms start from one pretrained encoder; another one could change sizes and signs of effects."


def _tests(study: Study, tables: Collection[Table]) -> Iterator[str]:
    sizes = [(line.examples, table.task, line.name) for table in tables for line in table.languages if line.examples]
    if sizes and min(sizes)[0] < SMALL_TEST:
        small = sum(size < SMALL_TEST for size, _, _ in sizes)
        size, task, language = min(sizes)
        smallest = f"the smallest, {task} in {language}, {size}"
        yield f"{small} of {len(sizes)} test sets hold fewer than {SMALL_TEST} examples; {smallest}."
    cut = [f"{target.task} ({target.max_examples:,})" for target in study.targets if target.max_examples]
    if cut:
        yield f"Test sets were cut to their first examples: {', '.join(cut)}."
    for table in tables:
        if table.layers:
            yield f"Of {table.task}, {layers_chosen(table)}."
        if table.unlabelled:
            yield f"{table.task} has no labels, and so no score, in {', '.join(table.unlabelled)}."
        splits = sorted({split for line in table.languages for split in line.splits} - {"test"})
        if splits:
            names = [line.name for line in table.languages if set(line.splits) & set(splits)]
            yield f"{table.task} is judged on {' and '.join(splits)} data in {', '.join(names)}, for want of a test set."


def _baselines(summary: Summary) -> Iterator[str]:
    tables = [table for table in summary.tables if table.main]
    alone = [table.task for table in tables if not any(arm.startswith(BASELINE) for arm in table.seeds)]
    if alone:
        yield f"No baseline was declared for {', '.join(alone)}: its scores cannot be told from chance or shortcuts."
    weak, judged = not_above(summary)
    if weak:
        yield (
            f"{weak} of {judged} scores that matter are not above every baseline (marked ≤). A difference between two such "
            "scores is no evidence of transfer."
        )

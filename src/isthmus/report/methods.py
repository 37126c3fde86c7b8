"""How a study was done, written from the study itself: what a paper's section on methods would have to say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from isthmus.analysis.paired import Effect
from isthmus.claims.judge import Judgement
from isthmus.core.at_model import without_model
from isthmus.results.averages import BASELINE
from isthmus.results.table import Table
from isthmus.sources.directory import Directory
from isthmus.sources.source import Source
from isthmus.study.model import ModelSpec
from isthmus.study.spec import Recipe, Study, Target
from isthmus.tasks.task import Task
from isthmus.world.source import World

Section = tuple[str, tuple[str, ...]]  # (heading, sentences)
DONE = ("epochs", "steps", "batch_tokens", "batch_examples")


def methods(
    study: Study,
    source: Source,
    tasks: Mapping[str, Task],
    tables: Sequence[Table],
    effects: Collection[Effect],
    judged: Collection[Judgement] = (),
) -> tuple[Section, ...]:
    """Return the sections of the methods of a study; ``tasks`` are those it trains and judges on, by name."""
    sections = (
        ("Model", _model(study)),
        ("Data", _data(study, source)),
        ("Arms", _arms(study)),
        ("Training", _training(study)),
        ("Targets and figures", _targets(study, tasks, tables)),
        ("Baselines", _baselines(tables)),
        ("Statistics", _statistics(study, effects, judged)),
    )
    return tuple((heading, found) for heading, said in sections if (found := tuple(said)))


def _model(study: Study) -> Iterator[str]:
    for name, model in study.encoders.items():
        yield from _encoder(model, f"Arms @{name}" if name else "All arms")
    yield "A stage hands on the encoder; every stage and target begins with a new head unless an arm says carried."


def _encoder(model: ModelSpec, arms: str) -> Iterator[str]:
    if model.name is not None:
        yield f"{arms} start from {model.name}, revision {model.revision}."
    elif model.pretrain is not None:
        made, spec = model.pretrain, model.pretrain.tokenizer
        languages = f" in {', '.join(made.text)}" if made.text else ""
        yield (
            f"{arms} start from one encoder ({_keys(made.network)}) pretrained by masked language modelling (mask "
            f"{made.mask:g}) on raw text{languages}: {made.tokens:,} sub-words in batches of {made.batch_tokens:,}, "
            f"learning rate {made.learning_rate:g}, seed {made.seed}; the {spec.algorithm} vocabulary has "
            f"{spec.vocab_size:,} entries."
        )
        if made.tlm:
            yield f"Of its sequences {made.tlm * 100:g} % are translation pairs with {made.pivot}."
    elif model.config is not None:
        yield f"{arms} start from random weights ({_keys(model.config)})."
    else:
        yield f"{arms} start from one encoder given as a directory, identified by the digest of its files."


def _keys(settings: Mapping[str, object]) -> str:
    plain = [f"{key} {value}" for key, value in settings.items() if not isinstance(value, dict | list)]
    return ", ".join(plain)


def _data(study: Study, source: Source) -> Iterator[str]:
    if isinstance(source, World):
        yield "The data are artificial languages made by rule, in the official file formats, so that the truth is known."
    elif isinstance(source, Directory):
        yield "The data are files in the official layout, identified by their digests."
    else:
        pinned = f", {len(study.revisions)} of them at commits that the study names" if study.revisions else ""
        yield f"The data are repositories of the Hugging Face hub at fixed commits{pinned}."
    languages = "every language that the data hold" if study.languages == "all" else ", ".join(study.languages)
    yield (
        f"Targets are trained in {study.source} and judged in {languages}; a language that gave no training data is "
        "zero-shot."
    )
    if study.groups:
        groups = [f"{name} ({', '.join(own)})" for name, own in study.groups.items()]
        yield f"Declared groups: {'; '.join(groups)}."


def _arms(study: Study) -> Iterator[str]:
    for arm, stages in study.of_model(next(iter(study.encoders))).arms.items():  # which are those of every model
        told = []
        for stage in stages:
            changes = f" with {_keys(stage.recipe)}" if stage.recipe else ""
            first = f", first {stage.max_examples:,} examples of each language" if stage.max_examples else ""
            told.append(f"{stage.described}{first}{changes}")
        yield f"{without_model(arm)}: {', then '.join(told) or 'no intermediate stage'}."
    if study.models:
        yield f"Each arm is run from each model: {', '.join(study.models)}, from the smallest to the largest."


def _training(study: Study) -> Iterator[str]:
    yield f"Recipe: {_recipe(study.recipe)}."
    for task, keys in study.overrides.items():
        yield f"On {task}: {_keys(keys)}."
    seeds = ", ".join(map(str, study.seeds))
    number = "One seed" if len(study.seeds) == 1 else f"{len(study.seeds)} seeds"
    yield f"{number} ({seeds}) for each arm; a seed decides new heads, the order of the data and dropout."
    if study.recipe.restarts:
        often = "once" if study.recipe.restarts == 1 else f"{study.recipe.restarts} times"
        yield f"A run that collapses is begun anew at most {often}, with the next stream of its seed."


def _recipe(recipe: Recipe) -> str:
    long = [f"{getattr(recipe, key):g} {key.replace('_', ' ')}" for key in DONE if getattr(recipe, key) is not None]
    stopping = recipe.early_stopping
    early = (
        f", early stopping every {stopping.every} steps on {stopping.examples} development examples with patience "
        f"{stopping.patience}"
        if stopping
        else ""
    )
    return (
        f"AdamW, learning rate {recipe.learning_rate:g} falling in a straight line after a warm-up over "
        f"{recipe.warmup * 100:g} % of the steps, {', '.join(long)}, at most {recipe.max_length} sub-words (windows share "
        f"{recipe.stride}), weight decay {recipe.weight_decay:g}, gradient norm at most {recipe.clip:g}, "
        f"{recipe.precision}{early}"
    )


def _targets(study: Study, tasks: Mapping[str, Task], tables: Sequence[Table]) -> Iterator[str]:
    found = {table.task: table for table in tables}
    for target in study.targets:
        task, table = tasks[target.task], found.get(target.task)
        held = len([line for line in table.languages if line.languages]) if table else 0
        judged = f", judged so far in {held} language{'' if held == 1 else 's'}" if table else ", not judged yet"
        yield f"{target.task}: {task.main} ({task.kind}), {_trained(target, task)}{_compared(target)}{judged}."


def _trained(target: Target, task: Task) -> str:
    on = target.train or task.train_on
    if on is None or target.layer is not None:
        return "nothing is trained"
    if target.head in ("as-is", "kept"):
        stage = "last stage" if target.head == "as-is" else "latest stage on it"
        return f"nothing is trained: judged with the head that an arm's {stage} left"
    first = f"the first {target.train_examples:,} examples of " if target.train_examples else ""
    changes = f" with {_keys(target.recipe)}" if target.recipe else ""
    return f"trained on {first}{on}{changes}"


def _compared(target: Target) -> str:
    own = target.layer
    which = ", ".join(f"{number} of {model}" for model, number in own.items()) if isinstance(own, dict) else own
    layer = f", sentence vectors of layer {which}, pooled by {target.pooling}" if own is not None else ""
    cut = f", the first {target.max_examples:,} test examples of each language" if target.max_examples else ""
    return f"{layer}{cut}"


def _baselines(tables: Sequence[Table]) -> Iterator[str]:
    for table in tables:
        names = [name.removeprefix(BASELINE) for name in table.seeds if name.startswith(BASELINE)]
        if names:
            yield f"{table.task}: {', '.join(names)}."


def _of_its_own(study: Study) -> str:
    return " of the same model" if study.models else ""


def _statistics(study: Study, effects: Collection[Effect], judged: Collection[Judgement]) -> Iterator[str]:
    yield "Figures are on 0 to 100; an average gives every language the same weight."
    if effects:
        yield (
            f"An effect is the difference of an arm from {study.reference or 'another'}{_of_its_own(study)} on the same "
            "examples, the mean over seeds of the difference of each. Its 95 % interval is Student's t times a standard "
            "error that holds the spread of the seeds and that of the examples (infinitesimal jackknife of the official "
            "figure), with degrees of freedom after Satterthwaite in which the seeds weigh most; with one seed it knows of "
            "examples only."
        )
    if any(one.id for one in judged):
        yield (
            "An average over targets gives each target the same weight, by its average over languages; examples of two "
            "targets count as independent, and the targets as these and no sample of others."
        )
    if judged:
        yield (
            "A claim of a direction is supported where the whole interval lies on its side of 0 and contradicted where it "
            "lies on the other; a claim of no difference, or of none upwards, by whether the interval stays within its "
            "margin (one-sided tests at 5 %); a published size where the study is of the same scale, by whether the "
            "interval stays within the tolerance. Everything else is undecided."
        )

"""Which arms of a study play the parts that a claim compares: found by their stages, since no paper knows a study's names.

Each comparison but that of models is a function from a study and the tasks of a statement to pairs (arm, arm compared
with), or to the reason why the study has none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import combinations, product

from isthmus.claims.spec import Compare
from isthmus.core.at_model import at_model, without_model
from isthmus.study.domains import ROUNDED, domain_shares, labelled, text_rates
from isthmus.study.rates import is_text
from isthmus.study.spec import Stage, Study

Pairs = tuple[tuple[str, str], ...]
Part = Callable[[Study, Collection[str]], Pairs | str]
Spoken = tuple[str, ...]  # languages
ROUNDING = 0.02  # two budgets are the same where a division among languages alone tells them apart


def pairs_of(study: Study, compare: Compare, tasks: Collection[str] = ()) -> Pairs | str:
    """Return the pairs of arms that a comparison is of, or in words what the study lacks; never an empty tuple.

    Where there are several models those of each are returned, model by model: both arms of a pair are of one.
    """
    found: Pairs = ()
    for model in study.encoders:
        own = PARTS[compare](study.of_model(model), tasks)
        if isinstance(own, str):
            return own
        found += own
    return found


def pairs_by_size(study: Study, of: Compare | None, tasks: Collection[str] = ()) -> tuple[Pairs, Pairs] | str:
    """Return the pairs of the largest model and those of the smallest, in the same order, or what the study lacks.

    Models stand in a study from the smallest to the largest. Without ``of`` each pair is an arm of the largest with the same
    arm of the smallest, and there are no others.
    """
    models = list(study.models)
    if len(models) < 2:
        return "the study has one model; models: {small: ..., large: ...} compares several"
    large, small = study.of_model(models[-1]), study.of_model(models[0])
    if of is None:
        trained = {arm: {task for stage in stages for task in stage.tasks} for arm, stages in large.arms.items()}
        named = [arm for arm in large.arms if not tasks or trained[arm] & set(tasks)]
        pairs = tuple((arm, at_model(without_model(arm), models[0])) for arm in named)
        return (pairs, ()) if pairs else f"no arm is trained on {' or '.join(tasks)}"
    more, less = PARTS[of](large, tasks), PARTS[of](small, tasks)
    if isinstance(more, str) or isinstance(less, str):
        return more if isinstance(more, str) else str(less)
    return more, less


def singles(study: Study, tasks: Collection[str] = ()) -> list[str]:
    """Return the arms of one stage on one task, of these if any are named, in the source language."""
    return [
        arm
        for arm, stages in study.arms.items()
        if len(stages) == 1 and stages[0].task and _plain(study, stages) and (not tasks or stages[0].task in tasks)
    ]


def mixed(study: Study) -> str | None:
    """Return the arm of one stage that mixes most tasks in the source language, raw text not among them."""
    sizes = {
        arm: len(stages[0].mix)
        for arm, stages in study.arms.items()
        if len(stages) == 1 and stages[0].mix and _plain(study, stages)
    }
    return max(sizes, key=lambda arm: sizes[arm], default=None)


def _plain(study: Study, stages: Iterable[Stage]) -> bool:
    return all(_in_source(study, stage) and not _text(stage) and not _translated(stage) for stage in stages)


def _text(stage: Stage) -> set[str]:
    return set(filter(is_text, stage.tasks))


def _translated(stage: Stage) -> bool:
    return stage.via == "translation"


def _in_source(study: Study, stage: Stage) -> bool:
    return all(stage.languages_of(task) in ((), (study.source,)) for task in stage.tasks if not is_text(task))


def _tasks(stages: Iterable[Stage]) -> tuple[tuple[str, ...], ...]:
    """Return what each stage trains on beside raw text, as one thing that two arms may have in common."""
    found = (tuple(sorted(set(stage.tasks) - _text(stage))) for stage in stages)
    return tuple(own for own in found if own)


def _against_reference(study: Study, arms: Collection[str], lacking: str) -> Pairs | str:
    if study.reference is None:
        return "the study has no arm without stages"
    return tuple((arm, reference) for arm in arms if (reference := study.reference_of(arm))) or lacking


def _no_single(study: Study, tasks: Collection[str]) -> str:
    return f"no arm has one stage on {' or '.join(tasks) or 'a single task'} in {study.source} alone"


def _singles(study: Study, tasks: Collection[str]) -> Pairs | str:
    return _against_reference(study, singles(study, tasks), _no_single(study, tasks))


def _singles_and_others(study: Study, tasks: Collection[str]) -> Pairs | str:
    named = singles(study, tasks)
    others = [arm for arm in singles(study) if arm not in named]
    if not named:
        return _no_single(study, tasks)
    return tuple((arm, other) for arm in named for other in others) or "no arm has one stage on another single task"


def _stages(study: Study, tasks: Collection[str]) -> Pairs | str:
    trained = {arm: {task for stage in stages for task in stage.tasks} for arm, stages in study.arms.items() if stages}
    named = [arm for arm, own in trained.items() if not tasks or own & set(tasks)]
    return _against_reference(study, named, f"no arm has a stage on {' or '.join(tasks) or 'any task'}")


def _multi(study: Study, _: Collection[str]) -> Pairs | str:
    arm = mixed(study)
    return _against_reference(study, [arm] if arm else [], f"no arm mixes tasks in one stage in {study.source} alone")


def _multi_and_best(study: Study, _: Collection[str]) -> Pairs | str:
    arm = mixed(study)
    if arm is None:
        return f"no arm mixes tasks in one stage in {study.source} alone"
    return tuple((arm, single) for single in singles(study)) or _no_single(study, ())


def _best_by_target(study: Study, _: Collection[str]) -> Pairs | str:
    arm, alone = mixed(study), singles(study)
    pairs = _against_reference(study, [*alone, *([arm] if arm else [])], _no_single(study, ()))
    return pairs if len(pairs) > 1 else "there is one intermediate stage only, and so no choice among several"


def _partners(study: Study, differs: Callable[[Stage], bool], lacking: str) -> Pairs | str:
    """Return each arm of which some stage differs, with an arm of the same tasks that is plain throughout.

    Of several plain ones that of as many examples in all languages together is meant, else that of as many a language;
    where some arms have such a partner, those without one are left out: sizes would pass for what differs.
    """
    plain = {arm: stages for arm, stages in study.arms.items() if stages and _plain(study, stages)}
    found: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
    for arm, stages in study.arms.items():
        alike = [other for other, own in plain.items() if _tasks(own) == _tasks(stages)]
        if not any(map(differs, stages)) or not alike:
            continue
        in_all = [other for other in alike if _near(_examples_of(study, stages), _examples_of(study, plain[other]))]
        a_language = [other for other in alike if _cuts(stages) == _cuts(plain[other])]
        found[bool(in_all or a_language)].append((arm, (in_all or a_language or alike)[0]))
    lacks = f"no arm {lacking} beside one on the same tasks in {study.source} alone"
    return tuple(found[True] or found[False]) or lacks


def _examples_of(study: Study, stages: Iterable[Stage]) -> tuple[float | None, ...]:
    """Return how many examples each stage beside raw text has in all languages together, None where nobody says."""
    found = []
    for stage in stages:
        for task in sorted(set(stage.tasks) - _text(stage)):
            named = stage.languages_of(task) or (study.source,)
            known = stage.max_examples is not None and named != "all"
            found.append(len(named) * stage.max_examples if known and stage.max_examples else None)
    return tuple(found)


def _cuts(stages: Iterable[Stage]) -> tuple[int | None, ...]:
    return tuple(stage.max_examples for stage in stages if set(stage.tasks) - _text(stage))


def _near(some: Sequence[float | None], others: Sequence[float | None]) -> bool:
    pairs = list(zip(some, others, strict=True))
    return all(one and other and abs(one - other) <= ROUNDING * max(one, other) for one, other in pairs)


def _mlm(study: Study, _: Collection[str]) -> Pairs | str:
    return _partners(study, lambda stage: bool(_text(stage)), "goes on with masked language modelling")


def _translations(study: Study, _: Collection[str]) -> Pairs | str:
    return _partners(study, _translated, "has machine-translated data in a stage")


def _other_languages(study: Study, _: Collection[str]) -> Pairs | str:
    def differs(stage: Stage) -> bool:
        return not _translated(stage) and not _in_source(study, stage) and not _text(stage)

    return _partners(study, differs, f"has data of a task in languages other than {study.source}")


def _orders(study: Study, _: Collection[str]) -> Pairs | str:
    several = [(arm, [_content(stage) for stage in stages]) for arm, stages in study.arms.items() if len(stages) > 1]
    pairs = tuple(
        (second, first)
        for (first, one), (second, other) in combinations(several, 2)
        if Counter(one) == Counter(other) and one != other
    )
    return pairs or "no two arms have the same stages in another order"


def _content(stage: Stage) -> str:
    return stage.model_dump_json(exclude={"head"})


def _most_and_fewest(
    study: Study, same: Callable[[Stage, Spoken, int], object], size: Callable[[Spoken, int], int]
) -> Pairs:
    """Return the arms of greatest size with those of least, for every set of arms on one task with ``same`` in common.

    Both functions take the languages of an arm's only stage, and its examples in all of them together. Every arm of the
    greatest size counts, and of the least, so that no row of languages is left out.
    """
    groups: dict[object, dict[str, int]] = {}
    for arm, stages in study.arms.items():
        if len(stages) != 1 or stages[0].task is None or stages[0].max_examples is None:
            continue
        named = stages[0].languages_of(stages[0].task) or (study.source,)
        if named != "all":
            spoken, total = tuple(sorted(named)), len(named) * stages[0].max_examples
            rest = stages[0].model_dump_json(exclude={"languages", "max_examples", "via"})
            groups.setdefault((rest, same(stages[0], spoken, total)), {})[arm] = size(spoken, total)
    ends = [(own, max(own.values()), min(own.values())) for own in groups.values()]
    return tuple(
        (more, fewer)
        for own, most, fewest in ends
        if most > fewest
        for more, fewer in product(own, own)
        if (own[more], own[fewer]) == (most, fewest)
    )


def _examples(study: Study, _: Collection[str]) -> Pairs | str:
    def same(stage: Stage, languages: Spoken, _: int) -> object:
        return languages, languages != (study.source,) and _translated(stage)

    pairs = _most_and_fewest(study, same, lambda _, total: total)
    return pairs or "no two arms on one task differ in max_examples alone, in the same languages"


def _languages(study: Study, _: Collection[str]) -> Pairs | str:
    budgets: list[int] = []

    def budget(_: Stage, __: Spoken, total: int) -> int:
        near = next((known for known in budgets if abs(known - total) <= ROUNDING * known), None)
        budgets.extend([total] if near is None else [])
        return total if near is None else near

    pairs = _most_and_fewest(study, budget, lambda languages, _: len(languages))
    return pairs or "no two arms on one task spread as many examples over more and over fewer languages"


def _mlm_shares(study: Study, _: Collection[str]) -> Pairs | str:
    groups: dict[object, dict[str, float]] = {}
    for arm, stages in study.arms.items():
        rates = text_rates(stages[0]) if len(stages) == 1 else None
        if rates is not None:
            groups.setdefault(labelled(study, stages[0]), {})[arm] = round(sum(rates.values()), ROUNDED)
    ends = [(max(own, key=lambda arm: own[arm]), min(own, key=lambda arm: own[arm]), own) for own in groups.values()]
    pairs = tuple((most, least) for most, least, own in ends if own[most] > own[least])
    return pairs or "no two arms on the same tasks differ in the share of raw text"


def _domain_shares(study: Study, _: Collection[str]) -> Pairs | str:
    found = [list(one.shares) for one in domain_shares(study) if one.text is not None]
    lacking = "no two arms on the same tasks differ, in as much raw text, in how much of it is of one domain"
    return tuple((arms[-1], arms[0]) for arms in found) or lacking


PARTS: dict[Compare, Part] = {
    "singles": _singles,
    "singles-and-others": _singles_and_others,
    "multi": _multi,
    "multi-and-best": _multi_and_best,
    "best-by-target": _best_by_target,
    "mlm": _mlm,
    "mlm-shares": _mlm_shares,
    "domain-shares": _domain_shares,
    "translated": _translations,
    "other-languages": _other_languages,
    "orders": _orders,
    "examples": _examples,
    "languages": _languages,
    "stages": _stages,
}

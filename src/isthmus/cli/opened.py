"""A study as every command needs it: loaded, planned, and compared with what its store has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from isthmus.claims.resolve import Question, Unasked, resolve
from isthmus.cli.designed import facts_of
from isthmus.core.errors import SetupError, StudyError
from isthmus.core.remembered import cache_folder, remembering
from isthmus.designs.expand import Designed, expand, told_at_home
from isthmus.execution.schedule import needed
from isthmus.plan.graph import Plan
from isthmus.plan.planner import make_plan
from isthmus.report.collect import collect
from isthmus.results.row import Row
from isthmus.results.table import Summary, summarise
from isthmus.sources.source import Source
from isthmus.store.store import FOLDERS, Store
from isthmus.study.document import Origin
from isthmus.study.load import Loaded, load_study
from isthmus.study.model import ModelSpec
from isthmus.study.spec import Study
from isthmus.world.source import ENCODERS, World, source_of


@dataclass(frozen=True, slots=True)
class Opened:
    """``present`` are the steps of the plan that the store has, ``todo`` those that a run would have to do."""

    study: Study
    plan: Plan
    store: Store
    present: frozenset[str]
    todo: frozenset[str]
    distances: Mapping[str, float] | None = None  # of each language from the source, where the data declare them
    questions: tuple[Question | Unasked, ...] = ()  # what the files of claims that the study names ask of it
    designed: tuple[Designed, ...] = ()  # what the designs of the study made; ``study`` has their arms


def open_study(file: Path, store_folder: Path, **places: Any) -> Opened:
    """Load and plan a study; ``places`` are passed on to its steps. Raises UserError for whatever is wrong with it."""
    return open_loaded(load_study(file), store_folder, **places)


def open_loaded(loaded: Loaded, store_folder: Path, **places: Any) -> Opened:
    """Plan a study that was loaded, or made without a file; ``places`` are passed on to its steps."""
    store = open_store(store_folder)
    with planning(loaded):
        source = source_of(loaded.study.data, loaded.study.revisions, loaded.study.local)
    asked, designed = expand(loaded.study, facts_of(source), loaded.locate)
    with planning(loaded), told_at_home(designed):
        questions = resolve(asked, loaded.file.parent, artificial=isinstance(source, World))
        study = asked.with_encoders({name: _placed(model) for name, model in asked.encoders.items()})
        study = study.model_copy(update={"data": str(source.root)})
        if isinstance(source, World) and any(model.pretrain for model in study.encoders.values()):
            source.lay_out_corpora()
        named = {key: own for key in ("revisions", "local") if (own := getattr(study, key))}
        plan = make_plan(study, source, {"data": study.data, **named, **places})
    return replace(compared(study, plan, store), distances=distances_of(source), questions=questions, designed=designed)


def distances_of(source: Source) -> dict[str, float] | None:
    """Return how far each language is from the source language, None where the data do not say."""
    return {name: far.whole for name, far in source.distances.items()} if isinstance(source, World) else None


def _placed(model: ModelSpec) -> ModelSpec:
    """Return a model with the directory of the encoder that comes with the package, where that is meant."""
    return model.model_copy(update={"path": str(ENCODERS[model.path])}) if model.path in ENCODERS else model


def compared(study: Study, plan: Plan, store: Store) -> Opened:
    """Return a planned study with what its store has at this moment."""
    present = frozenset(step.id for step in plan if store.has(step.id))
    return Opened(study, plan, store, present, frozenset(needed(plan, present)))


def looked_again(opened: Opened) -> Opened:
    """Return a study, with all that is known of it, beside what its store has by now."""
    now = compared(opened.study, opened.plan, opened.store)
    return replace(opened, present=now.present, todo=now.todo)


@contextmanager
def planning(origin: Origin) -> Iterator[None]:
    """Remember digests of data files while a plan is made, and say in which line of the study a fault is."""
    try:
        with remembering(cache_folder() / "files.json"):
            yield
    except StudyError as error:
        raise origin.locate(error) from error


def open_store(folder: Path, *, must_exist: bool = False) -> Store:
    """Return the store in a folder, which need not be there yet; raises SetupError for what is no store."""
    try:
        foreign = sorted(entry.name for entry in folder.iterdir() if entry.name not in FOLDERS and entry.name[0] != ".")
    except FileNotFoundError:
        if must_exist:
            raise SetupError(f"there is no store {folder}; --store names another folder") from None
        foreign = []
    except OSError as error:
        raise SetupError(f"the store {folder} cannot be read ({error.strerror}); --store names another folder") from None
    if foreign:
        raise SetupError(f"{folder} is no store: it holds {', '.join(foreign[:3])}; --store names another folder")
    return Store(folder)


def results(opened: Opened) -> tuple[list[Row], Summary]:
    """Return the rows of a study so far and what they say; raises CorruptArtifact where a score is damaged."""
    study = opened.study
    rows, _ = collect(opened.plan, opened.store, study.study)
    return rows, summarise(rows, opened.plan.cells, source=study.source, groups=study.groups, against=study.reference)

"""A study as every command needs it: loaded, planned, and compared with what its store has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isthmus.core.errors import SetupError, StudyError
from isthmus.core.remembered import cache_folder, remembering
from isthmus.execution.schedule import needed
from isthmus.plan.graph import Plan
from isthmus.plan.planner import make_plan
from isthmus.report.collect import collect
from isthmus.results.row import Row
from isthmus.results.table import Summary, summarise
from isthmus.sources.directory import Directory
from isthmus.store.store import FOLDERS, Store
from isthmus.study.document import Origin
from isthmus.study.load import load_study
from isthmus.study.spec import Study


@dataclass(frozen=True, slots=True)
class Opened:
    """``present`` are the steps of the plan that the store has, ``todo`` those that a run would have to do."""

    study: Study
    plan: Plan
    store: Store
    present: frozenset[str]
    todo: frozenset[str]


def open_study(file: Path, store_folder: Path, **places: Any) -> Opened:
    """Load and plan a study; ``places`` are passed on to its steps. Raises UserError for whatever is wrong with it."""
    loaded = load_study(file)
    study, store = loaded.study, open_store(store_folder)
    source = Directory(Path(study.data))
    with planning(loaded):
        plan = make_plan(study, source, {"data": study.data, **places})
    return compared(study, plan, store)


def compared(study: Study, plan: Plan, store: Store) -> Opened:
    """Return a planned study with what its store has at this moment."""
    present = frozenset(step.id for step in plan if store.has(step.id))
    return Opened(study, plan, store, present, frozenset(needed(plan, present)))


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
    against = next((arm for arm, stages in study.arms.items() if not stages), None)
    return rows, summarise(rows, opened.plan.cells, source=study.source, groups=study.groups, against=against)

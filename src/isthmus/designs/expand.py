"""From the designs of a study to its arms, so that what plans, reports and stores knows arms only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from isthmus.core.errors import StudyError, UnknownName
from isthmus.designs.design import Facts, Made, load_design
from isthmus.study.check import check
from isthmus.study.faults import faults_of, together
from isthmus.study.record import Record
from isthmus.study.spec import Stage, Study

Locate = Callable[[StudyError], StudyError]
STAGE = re.compile(r"arms\.([^\[]+)\[(\d+)\](?:\.mix\[(\d+)\])?(?:\.(.*))?")


@dataclass(frozen=True, slots=True)
class Designed:
    """What one design made: the key it stands at, its settings, and the arms there were not before.

    ``there`` are arms that it would have made and that the study has, {name it would have had: name it has}.
    """

    name: str
    key: str
    settings: Record
    made: Made
    there: Mapping[str, str] = field(default_factory=dict)


def expand(study: Study, facts: Facts, locate: Locate = lambda fault: fault) -> tuple[Study, tuple[Designed, ...]]:
    """Return a study with the arms that its designs make, and no design, and what each design made.

    An arm of the same stages as one there is not made again. Where the study has several models its arms come out once for
    each (``Study.by_model``); ``Designed`` names them without. Raises StudyError listing every fault of the first design
    that has some, then every contradiction of the arms; ``locate`` adds file and line.
    """
    designed: list[Designed] = []
    asked = study.designs()
    for key, name, given in asked:
        one = _designed(study, facts, key, name, given, locate)
        study = study.model_copy(update={"arms": {**study.arms, **one.made.arms}})
        designed.append(one)
    study = study.model_copy(update={"design": ()})
    faults: dict[tuple[str, str], StudyError] = {}
    for fault in check(study) if asked else ():
        home = at_home(fault, designed)
        faults.setdefault((home.key, fault.what), home)  # once, for the first of the arms that have it
    if faults:
        raise together([locate(fault) for fault in faults.values()])
    return study.by_model(), tuple(designed)


def _designed(study: Study, facts: Facts, key: str, name: str, given: Mapping[str, object], locate: Locate) -> Designed:
    try:
        design = load_design(name)
        settings = design.settings.model_validate(given)
        made = design.make(settings, study, facts)
        return _without_doubles(study, Designed(name, key, settings, made))
    except UnknownName as error:
        raise locate(StudyError(str(error), key=key)) from None
    except ValidationError as error:
        raise together([locate(fault) for fault in faults_of(error, key)]) from None
    except StudyError as error:
        raise locate(StudyError(error.what, key=f"{key}.{error.key}".rstrip("."))) from None


def _without_doubles(study: Study, one: Designed) -> Designed:
    """Return a design without the arms that are there already; raises StudyError where another one has the name."""
    arms: dict[str, tuple[Stage, ...]] = {}
    there = {}
    # Raw text of a domain has a slash in its name, and an arm may not.
    for arm, stages in ((name.replace("/", "-"), stages) for name, stages in one.made.arms.items()):
        same = next((other for other, own in {**study.arms, **arms}.items() if own == stages), None)
        if same is not None:
            there[arm] = same
        elif arm in study.arms:
            raise StudyError(f"it makes an arm {arm!r}, and there is another one of that name; give that another name")
        else:
            arms[arm] = stages
    return replace(one, made=replace(one.made, arms=arms), there=there)


def at_home(fault: StudyError, designed: Sequence[Designed]) -> StudyError:
    """Return a fault of an arm that a design made as one of the task of the design that it comes from."""
    found = STAGE.fullmatch(fault.key)
    one = next((one for one in designed if found and found[1] in one.made.arms), None)
    if found is None or one is None or fault.file:
        return fault
    stage = one.made.arms[found[1]][int(found[2])]
    member = stage.mix[int(found[3])] if found[3] else stage.name
    tasks: tuple[Stage, ...] = getattr(one.settings, "tasks", ())
    place = next((f".tasks[{i}]" for i, task in enumerate(tasks) if member in (task.name, *task.tasks)), "")
    single, first = getattr(one.settings, "task", None), (found[4] or "").partition(".")[0]
    own = type(one.settings).model_fields
    if isinstance(single, Stage) and first in single.model_fields_set - own.keys():
        place = ".task"
    rest = found[4] if place or first in own else None
    key = f"{one.key}{place}" + (f".{rest}" if rest else "")
    return StudyError(f"{fault.what} (the arm {found[1]!r})", key=key)


@contextmanager
def told_at_home(designed: Sequence[Designed]) -> Iterator[None]:
    """Tell a fault that is found in an arm within this block as one of the design that made the arm."""
    try:
        yield
    except StudyError as error:
        raise at_home(error, designed) from error

"""From a file to a Study: YAML or Python in, one frozen record out, or one error that lists every fault with its line."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from isthmus.core.errors import IsthmusError, StudyError
from isthmus.study.check import check
from isthmus.study.document import Origin, read_file, read_mapping
from isthmus.study.faults import faults_of, show, together
from isthmus.study.place import directories
from isthmus.study.pretraining import PretrainingFile
from isthmus.study.record import Record
from isthmus.study.shorthand import expand
from isthmus.study.spec import Study

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, kw_only=True)
class Loaded(Origin):
    """A study and where it was read."""

    study: Study


@dataclass(frozen=True, kw_only=True)
class LoadedPretraining(Origin):
    """A pretraining and where it was read."""

    spec: PretrainingFile


def load_study(path: Path) -> Loaded:
    """Read a study from ``.yaml``, ``.yml`` or ``.py``; its directories come out absolute.

    Raises StudyError listing every fault found, each as ``file:line: key: what``.
    """
    if path.suffix == ".py":
        study, origin = _run(path)
    else:
        content, origin = read_mapping(_yaml(path))
        study = _validate(Study, content, origin)
    model = study.model
    named = {"data": study.data, "model.path": model.path, "model.tokenizer": model.tokenizer}
    found, unfound = directories(named, path.parent)
    if faults := [*check(study), *unfound]:
        raise together([origin.locate(fault) for fault in faults])
    model = model.model_copy(update={"path": found["model.path"], "tokenizer": found["model.tokenizer"]})
    study = study.model_copy(update={"data": found["data"], "model": model})
    return Loaded(study=study, file=origin.file, lines=origin.lines)


def load_pretraining(path: Path) -> LoadedPretraining:
    """Read what ``isthmus pretrain`` is to do from YAML; raises StudyError listing every fault found."""
    content, origin = read_mapping(_yaml(path))
    spec = _validate(PretrainingFile, content, origin)
    found, unfound = directories({"data": spec.data}, path.parent)
    if unfound:
        raise together([origin.locate(fault) for fault in unfound])
    spec = spec.model_copy(update=found)
    return LoadedPretraining(spec=spec, file=origin.file, lines=origin.lines)


def _yaml(path: Path) -> Path:
    if path.is_file() and path.suffix not in (".yaml", ".yml"):
        raise StudyError(f"found a file named *{path.suffix}, expected .yaml, .yml or (for a study) .py", file=path)
    return path


def _validate(record: type[R], content: Mapping[str, Any], origin: Origin) -> R:
    try:
        return record.model_validate(expand(content) if record is Study else content)
    except StudyError as error:
        raise origin.locate(error) from None
    except ValidationError as error:
        raise together([origin.locate(fault) for fault in faults_of(error)]) from None


def _run(path: Path) -> tuple[Study, Origin]:
    """Return what the function ``study()`` of a Python file returns, and the line where it is defined."""
    text = read_file(path)
    spec = spec_from_file_location(f"isthmus study {path.stem}", path)
    assert spec, path
    module = sys.modules[spec.name] = module_from_spec(spec)  # dataclasses look their module up by name
    try:
        # run from its text, so that nothing is written beside the study and no stale byte code is read
        exec(compile(text, str(path), "exec", dont_inherit=True), vars(module))
        make = vars(module).get("study")
        if not callable(make):
            raise StudyError(f"found {show(make)} by the name of study, expected a function study() that returns a Study")
        study = make()
    except StudyError as error:
        raise Origin(file=path).locate(error) from None
    except (Exception, SystemExit) as error:
        raise _python_fault(error, path) from error
    finally:
        del sys.modules[spec.name]
    code = getattr(make, "__code__", None)
    origin = Origin(file=path, lines={"": code.co_firstlineno} if code else {})
    if not isinstance(study, Study):
        raise origin.locate(StudyError(f"study() returned {type(study).__name__}, expected a Study"))
    return study, origin


def _python_fault(error: BaseException, path: Path) -> StudyError:
    """Say what went wrong in a Python study, at the last line of that file which was running."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    line = lines[-1] if lines else None
    if isinstance(error, SyntaxError) and error.filename == str(path):
        line = error.lineno
    if isinstance(error, ValidationError):
        return together([StudyError(f.what, file=path, line=line, key=f.key) for f in faults_of(error, error.title)])
    what = str(error) if isinstance(error, IsthmusError) else f"{type(error).__name__}: {error}"
    return StudyError(what, file=path, line=line)

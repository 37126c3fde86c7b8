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
from isthmus.study.like import pretraining_like
from isthmus.study.place import directories, place
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
    at = {name: f"models.{name}" if name else "model" for name in study.encoders}
    named: dict[str, str | None] = {"data": study.data}
    for name, model in study.encoders.items():
        named |= {f"{at[name]}.path": model.path, f"{at[name]}.tokenizer": model.tokenizer}
    translator = {key: own for key in ("path", "tokenizer") if (own := getattr(study.translator, key, None)) is not None}
    named |= {f"translator.{key}": own for key, own in translator.items()}
    found, unfound = directories(named, path.parent)
    local = None
    try:
        local = place("local", study.local, path.parent) if study.local else None
    except StudyError as fault:
        unfound.append(fault)
    if faults := [*check(study), *unfound]:
        raise together([origin.locate(fault) for fault in faults])
    placed = {
        name: model.model_copy(update={key: found[f"{at[name]}.{key}"] for key in ("path", "tokenizer")})
        for name, model in study.encoders.items()
    }
    study = study.with_encoders(placed).model_copy(update={"data": found["data"], "local": local})
    if study.translator and translator:
        there = study.translator.model_copy(update={key: found[f"translator.{key}"] for key in translator})
        study = study.model_copy(update={"translator": there})
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
        return record.model_validate(_written_out(record, content, origin.file.parent))
    except StudyError as error:
        raise origin.locate(error) from None
    except ValidationError as error:
        raise together([origin.locate(fault) for fault in faults_of(error)]) from None


def _written_out(record: type[Record], content: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:
    """Return the content of a file with its short forms written out."""
    if record is Study:
        return expand(content, folder)
    return {**content, **{key: pretraining_like(content[key], folder, key) for key in ("pretrain",) if key in content}}


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

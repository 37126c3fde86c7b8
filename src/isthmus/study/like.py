"""A pretraining that is another one with changes: ``pretrain: {like: FILE, ...}``, written out when a study is read.

What is written out is all that ids are made of, so they depend on its content, never on the name of the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from isthmus.core.errors import StudyError
from isthmus.study.document import read_mapping
from isthmus.study.faults import faults_of, show, together
from isthmus.study.pretraining import Pretraining

LIKE = "like"
TEXT = ("text", "folder")  # one of them


def pretraining_like(given: Any, folder: Path, key: str) -> Any:
    """Return the keys of a pretraining with those of the file that it is ``like`` filled in.

    ``like`` is a pretraining file, relative to ``folder``. A ``network`` is merged key by key; every other key that is given
    stands for that of the file. What names no file is returned as it is. Raises StudyError at ``key`` where the file is not
    there or holds no pretraining, and in the file itself for what is wrong there.
    """
    if not isinstance(given, Mapping) or LIKE not in given:
        return given
    named = given[LIKE]
    if not isinstance(named, str):
        raise StudyError(f"found {show(named)}, expected the path of a pretraining file", key=f"{key}.{LIKE}")
    kept = _pretraining_of(folder / Path(named).expanduser(), f"{key}.{LIKE}")
    changes = {name: value for name, value in given.items() if name != LIKE}
    if any(name in changes for name in TEXT):
        kept = {name: value for name, value in kept.items() if name not in TEXT}
    if isinstance(network := changes.get("network"), Mapping):
        changes["network"] = {**kept["network"], **network}
    return {**kept, **changes}


def _pretraining_of(file: Path, key: str) -> dict[str, Any]:
    """Return the mapping ``pretrain`` of a pretraining file, which must be complete in itself."""
    if not file.is_file():
        raise StudyError(f"there is no file {file}; expected a pretraining file, as isthmus pretrain reads it", key=key)
    content, origin = read_mapping(file)
    spec = content.get("pretrain")
    if not isinstance(spec, dict):
        what = f"{file} has no mapping `pretrain`; expected a pretraining file, as isthmus pretrain reads it"
        raise StudyError(what, key=key)
    if LIKE in spec:
        what = f"{file} is itself like {show(spec[LIKE])}; name a file that says everything"
        raise StudyError(what, key=key)
    try:
        Pretraining.model_validate(spec)
    except ValidationError as error:
        raise together([origin.locate(fault) for fault in faults_of(error, "pretrain")]) from None
    return spec

"""Directories that a study names: variables and ``~`` filled in, made absolute, and looked for; and the embedded world."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from isthmus.core.errors import StudyError

HUB = "hub"  # as data the repositories of the Hugging Face hub that the tasks name
WORLD = "world"  # what comes with the package: as data the artificial languages, as a model the encoder that knows them
ENCODERS = ("world-small", WORLD, "world-large")  # that encoder in three sizes
VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)\})")


def directories(named: Mapping[str, str | None], folder: Path) -> tuple[dict[str, str | None], list[StudyError]]:
    """Return {key: absolute path of an existing directory}, None where None was given, and the faults of the others.

    A relative path is relative to ``folder``, that of the study file; but one that begins with a variable is what somebody
    typed in a shell, and relative to the current directory. ``world`` stands for what comes with the package, and as
    ``data`` ``hub`` for the Hugging Face hub and a YAML file for artificial languages of one's own.
    """
    found: dict[str, str | None] = {}
    faults = []
    for key, text in named.items():
        try:
            found[key] = text if text is None or text in _embedded(key) else str(_place(key, text, folder))
        except ValueError as error:
            faults.append(StudyError(f"found {text!r}, expected a directory: {error}", key=key))
    return found, faults


def _embedded(key: str) -> tuple[str, ...]:
    """Return the words that are no directory at a key."""
    if key == "data":
        return (WORLD, HUB)
    return ENCODERS if key.startswith("model") and key.endswith(".path") else ()


def place(key: str, text: str, folder: Path) -> str:
    """Return the absolute path of a directory that need not be there; raises StudyError where that cannot be told."""
    try:
        path = _absolute(text, folder)
        if path.exists() and not path.is_dir():
            raise ValueError(f"{path} is a file")
    except ValueError as error:
        raise StudyError(f"found {text!r}, expected a directory: {error}", key=key) from None
    return str(path)


def _absolute(text: str, folder: Path) -> Path:
    base = Path.cwd() if text.startswith("$") else folder
    try:
        return (base / Path(VARIABLE.sub(_value, text)).expanduser()).resolve()
    except RuntimeError as error:  # pathlib's word for a ~ without a home, and for symbolic links in a circle
        raise ValueError(str(error)) from None


def _place(key: str, text: str, folder: Path) -> Path:
    """Return the path of a directory, or, as data, of a YAML file that declares a world."""
    path = _absolute(text, folder)
    declares_world = key == "data" and path.is_file() and path.suffix in (".yaml", ".yml")
    if not path.is_dir() and not declares_world:
        raise ValueError(f"{path} is {'a file' if path.exists() else 'not there'}")
    return path


def _value(match: re.Match[str]) -> str:
    name = match[1] or match[2]
    if not os.environ.get(name):
        raise ValueError(f"the environment variable {name} is not set; set it, for example: export {name}=/path/to/it")
    return os.environ[name]

"""Cheaper forms by name, as `--variant` takes them: `int8`, `onnx-int8`, `heads=0.5`, several with commas between."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from isthmus.core.errors import SetupError, nearest
from isthmus.execution.making import Form
from isthmus.study.faults import faults_of
from isthmus.study.variant import Variant

WORDS = {
    "bf16": {"precision": "bf16"},
    "int8": {"precision": "int8"},
    "onnx": {"runtime": "onnx"},
    "compile": {"runtime": "compile"},
    "onnx-int8": {"runtime": "onnx", "precision": "int8"},
    "compile-bf16": {"runtime": "compile", "precision": "bf16"},
}
KEYS = {"layers": "2", "heads": "0.5", "vocabulary": "en+de", "exit": "0.9"}  # and how a value of each looks


def form_of(name: str) -> Form:
    """Return a form by name; raises SetupError for one that there is not, and for what does not go together."""
    given: dict[str, Any] = {}
    for part in name.split(","):
        for key, value in _part(part.strip()).items():
            if key in given:
                raise SetupError(f"--variant: {name!r} says its {key} twice")
            given[key] = value
    try:
        variant = Variant(**given)
    except ValidationError as error:
        faults = [f"{fault.key}: {fault.what}" if fault.key else fault.what for fault in faults_of(error)]
        raise SetupError(f"--variant: {name!r}: {'; '.join(faults)}") from None
    changes: list[tuple[str, dict[str, Any]]] = [("layers", {"layers": given["layers"]})] if "layers" in given else []
    return Form(name, (*changes, *variant.later()), given.get("vocabulary", ()))


def _part(part: str) -> dict[str, Any]:
    """Return the keys of a variant that one word stands for."""
    if part in WORDS:
        return dict(WORDS[part])
    key, equals, value = part.partition("=")
    if key not in KEYS or not equals:
        known = [*WORDS, *(f"{key}={value}" for key, value in KEYS.items())]
        raise SetupError(f"--variant: unknown form {part!r}; {nearest(part, known)}")
    if key == "vocabulary":
        return {key: tuple(language for language in value.split("+") if language)}
    number = int if key == "layers" else float
    try:
        return {key: number(value)}
    except ValueError:
        raise SetupError(f"--variant: found {part!r}; expected a number, as {key}={KEYS[key]}") from None

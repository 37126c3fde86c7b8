"""The short forms a YAML study may use, written out in full before validation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from isthmus.core.errors import StudyError, UnknownName
from isthmus.study.like import pretraining_like
from isthmus.study.place import ENCODERS
from isthmus.study.recipe import recipe_keys


def expand(study: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return the keys of a study with bare task names, named recipes and likenesses written out.

    A stage or a target ``mnli`` is ``{task: mnli}``; ``recipe: NAME`` and ``recipe: {use: NAME, key: value}`` are the named
    recipe and its changes; ``model: world`` is the encoder that comes with the package; ``pretrain: {like: FILE, ...}``
    changes another pretraining, that of a file named from ``folder``. What has another form is left for validation to
    refuse. Raises StudyError for an unknown recipe and for a file that is no pretraining.
    """
    full = dict(study)
    if isinstance(arms := full.get("arms"), dict):
        full["arms"] = {name: _tasks(stages) for name, stages in arms.items()}
    if "model" in full:
        full["model"] = _model(full["model"], folder, "model")
    if isinstance(models := full.get("models"), dict):
        full["models"] = {name: _model(model, folder, f"models.{name}") for name, model in models.items()}
    if "targets" in full:
        full["targets"] = _tasks(full["targets"])
    if "recipe" in full:
        full["recipe"] = _recipe(full["recipe"])
    return full


def _model(model: Any, folder: Path, key: str) -> Any:
    if model in ENCODERS:
        return {"path": model}
    if isinstance(model, dict) and "pretrain" in model:
        return {**model, "pretrain": pretraining_like(model["pretrain"], folder, f"{key}.pretrain")}
    return model


def _tasks(items: Any) -> Any:
    return [{"task": item} if isinstance(item, str) else item for item in items] if isinstance(items, list) else items


def _recipe(recipe: Any) -> Any:
    key, name, changes = "recipe", recipe, {}
    if isinstance(recipe, dict) and "use" in recipe:
        key, name = "recipe.use", recipe["use"]
        changes = {key: value for key, value in recipe.items() if key != "use"}
    if not isinstance(name, str):
        if key == "recipe":
            return recipe
        raise StudyError(f"found {name!r}, expected the name of a recipe", key=key)
    try:
        return recipe_keys(name, changes)
    except UnknownName as error:
        raise StudyError(str(error), key=key) from None

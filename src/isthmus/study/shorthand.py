"""The short forms a YAML study may use, written out in full before validation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isthmus.core.errors import StudyError, UnknownName
from isthmus.study.place import WORLD
from isthmus.study.recipe import recipe_keys


def expand(study: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of a study with bare task names and named recipes written out.

    A stage or a target ``mnli`` is ``{task: mnli}``; ``recipe: NAME`` and ``recipe: {use: NAME, key: value}`` are the named
    recipe and its changes; ``model: world`` is the encoder that comes with the package. What has another form is left for
    validation to refuse. Raises StudyError for an unknown recipe.
    """
    full = dict(study)
    if isinstance(arms := full.get("arms"), dict):
        full["arms"] = {name: _tasks(stages) for name, stages in arms.items()}
    if full.get("model") == WORLD:
        full["model"] = {"path": WORLD}
    if "targets" in full:
        full["targets"] = _tasks(full["targets"])
    if "recipe" in full:
        full["recipe"] = _recipe(full["recipe"])
    return full


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

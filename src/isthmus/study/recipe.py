"""Named recipes: each is one YAML file in ``recipes``; its file name is its name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from isthmus.core.errors import UnknownName
from isthmus.study.document import read_mapping
from isthmus.study.spec import Recipe, changed

FOLDER = Path(__file__).with_name("recipes")


def recipe_names() -> tuple[str, ...]:
    """Return the names of all recipes, sorted."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.yaml")))


def recipe_keys(name: str, changes: dict[str, Any]) -> dict[str, Any]:
    """Return the keys of a named recipe with changes applied, not yet validated; raises UnknownName with the nearest."""
    if name not in recipe_names():
        raise UnknownName("recipe", name, recipe_names())
    return changed(read_mapping(FOLDER / f"{name}.yaml")[0], changes)


def named_recipe(name: str, **changes: Any) -> Recipe:
    """Return a named recipe, with changes, for a study written in Python."""
    return Recipe(**recipe_keys(name, changes))

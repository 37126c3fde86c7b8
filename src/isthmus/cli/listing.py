"""`isthmus list`: the names a study may use; each is described by the first line of its own file, which is not imported."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from typing import Annotated

import typer

from isthmus.analysis.languages import languages, typological_distance
from isthmus.claims.load import claim_names, load_claims
from isthmus.cli.options import AsJson
from isthmus.cli.printing import console, grid, print_json
from isthmus.core.errors import UnknownName
from isthmus.core.lookup import Shelf
from isthmus.designs.design import DESIGNS, load_design
from isthmus.plan.baselines import SERVES
from isthmus.plan.planner import UNTRAINED
from isthmus.plan.step import VERSIONS
from isthmus.study.recipe import FOLDER, named_recipe, recipe_names
from isthmus.tasks.task import KINDS, METRICS, TASKS, load_kind, load_task

Entry = dict[str, str | int | float | None]

# Shelves of rooms that need torch, known here by their folders alone.
BASELINES = Shelf("baseline", ("isthmus.evaluation.baselines",), "predict")
FAMILIES = Shelf("family", ("isthmus.models.families",), "FAMILY")
TRANSLATORS = Shelf("translator", ("isthmus.translation.kinds",), "TRANSLATOR")
STEPS = Shelf("kind of step", ("isthmus.execution.actions",), "run")


def list_names(
    category: Annotated[str | None, typer.Argument(metavar="[CATEGORY]", help="One of the categories.")] = None,
    json: AsJson = False,
) -> None:
    """List the names a study may use; without a category, the categories.

    \b
    isthmus list
    isthmus list tasks
    isthmus list recipes --json
    """
    if category is not None and category not in CATEGORIES:
        raise UnknownName("category", category, CATEGORIES)
    entries = CATEGORIES[category]() if category else _categories()
    if json:
        print_json(entries)
        return
    headers = list(entries[0])
    rows = [["" if value is None else str(value) for value in entry.values()] for entry in entries]
    console().print(grid([header.replace("_", " ") for header in headers], rows, names=len(headers)))


def _tasks() -> list[Entry]:
    tasks = [load_task(name) for name in TASKS.names()]
    return [
        {
            "name": task.name,
            "kind": task.kind,
            "metric": task.main or None,
            "languages": len(task.languages) or None,
            "trained_on": task.train_on,
            "description": task.description,
        }
        for task in tasks
    ]


def _kinds() -> list[Entry]:
    return [{"name": kind.name, "description": kind.description} for kind in map(load_kind, KINDS.names())]


def _baselines() -> list[Entry]:
    entries = [{"name": name, "serves": ", ".join(SERVES[name]), **_said(BASELINES, name)} for name in SERVES]
    words = "the same network with random weights, trained on the targets as the arms are"
    return [*entries, {"name": UNTRAINED, "serves": "all", "description": words}]


def _recipes() -> list[Entry]:
    found: list[Entry] = []
    for name in recipe_names():
        recipe = named_recipe(name)
        lines = (FOLDER / f"{name}.yaml").read_text("utf-8").splitlines()
        comment = " ".join(line.removeprefix("# ") for line in takewhile(lambda line: line.startswith("#"), lines))
        first = re.split(r"[.;] (?![0-9])", comment)[0]
        found.append({"name": name, "learning_rate": recipe.learning_rate, "epochs": recipe.epochs, "description": first})
    return found


def _claims() -> list[Entry]:
    files = [(name, load_claims(name)) for name in claim_names()]
    return [
        {
            "name": name,
            "claims": len(file.claims),
            "hypotheses": sum(one.status == "hypothesis" for one in file.claims),
            "description": f"{file.title}{f' ({file.source})' if file.source else ''}",
        }
        for name, file in files
    ]


def _languages() -> list[Entry]:
    known = languages()
    return [
        {
            "name": code,
            "description": one.name,
            "family": one.family,
            "genus": one.genus,
            "script": one.script,
            "order": one.order,
            "class": one.joshi_class,
            "cc100_gib": one.cc100_gib,
            "from_english": None if (far := typological_distance(one, known["en"])) is None else round(far, 2),
        }
        for code, one in known.items()
    ]


def _shelf(shelf: Shelf) -> Callable[[], list[Entry]]:
    return lambda: [{"name": name, **_said(shelf, name)} for name in shelf.names()]


def _designs() -> list[Entry]:
    designs = [load_design(name) for name in DESIGNS.names()]
    return [
        {"name": one.name, "keys": ", ".join(one.settings.model_fields), "description": one.description} for one in designs
    ]


def _steps() -> list[Entry]:
    return [{"name": name, "version": version, **_said(STEPS, name)} for name, version in VERSIONS.items()]


def _said(shelf: Shelf, name: str) -> Entry:
    """Return the first line of the docstring of what a shelf has by a name, without running it."""
    spec = importlib.util.find_spec(shelf.modules()[name])
    source = Path(spec.origin).read_text("utf-8") if spec and spec.origin else ""
    return {"description": (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0].rstrip(".")}


CATEGORIES: dict[str, Callable[[], list[Entry]]] = {
    "tasks": _tasks,
    "kinds": _kinds,
    "metrics": _shelf(METRICS),
    "designs": _designs,
    "baselines": _baselines,
    "recipes": _recipes,
    "claims": _claims,
    "languages": _languages,
    "families": _shelf(FAMILIES),
    "translators": _shelf(TRANSLATORS),
    "steps": _steps,
}
MEANINGS = {
    "tasks": "what arms are trained on and judged on",
    "kinds": "forms of problem",
    "metrics": "official figures",
    "designs": "ways to make arms",
    "baselines": "what every score is compared with",
    "recipes": "named settings of a training run",
    "claims": "what papers say and questions expect, for a study to judge",
    "languages": "natural languages: family, script, resources, distance in grammar from English (docs/languages.md)",
    "families": "kinds of model",
    "translators": "ways to translate training data",
    "steps": "kinds of work that a plan is made of",
}


def _categories() -> list[Entry]:
    return [{"category": name, "description": MEANINGS[name]} for name in CATEGORIES]

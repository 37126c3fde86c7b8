"""The floors hold: every import of the package, hidden ones included, goes down the table of docs/architecture.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import pytest

HEAVY = {"torch", "transformers", "datasets", "tokenizers", "safetensors", "accelerate"}


def room_of(module: str) -> str:
    """Return the room a module lives in; the face of the whole package lives in none."""
    return module.partition(".")[2].partition(".")[0]


def imports(name: str, package) -> Iterator[str]:
    """Yield the full dotted name of everything a file imports, at any depth, under any condition."""
    for node in ast.walk(package.trees[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = name.split(".") if name in package.faces else name.split(".")[:-1]
            start = above[: len(above) + 1 - node.level] if node.level else []
            origin = ".".join([*start, *([node.module] if node.module else [])])
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def named(name: str, package) -> Iterator[str]:
    """Yield modules that a file names in a string: what is looked up by name is an arrow too."""
    for node in ast.walk(package.trees[name]):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in package.trees:
            yield node.value


def file_of(dotted: str, package) -> str | None:
    """Return the module of the package that a dotted name lies in, None for a foreign one."""
    while dotted and dotted not in package.trees:
        dotted = dotted.rpartition(".")[0]
    return dotted or None


def wrong_arrows(package, plan) -> list[str]:
    """Return every arrow that goes up, or sideways between two rooms of one floor."""
    wrong = []
    for module in package.trees:
        here = room_of(module)
        for target in {file_of(dotted, package) for dotted in (*imports(module, package), *named(module, package))} - {None}:
            there = room_of(target)
            down = plan.floors.get(there, 0) < plan.floors.get(here, 0)
            if here != there and there and not down and (here, there) != plan.sideways:
                wrong.append(f"{module} -> {target}")
    return sorted(wrong)


def circle(package) -> list[str]:
    """Return the files of one import circle, or nothing."""
    graph = {module: {file_of(d, package) for d in imports(module, package)} - {None} for module in package.trees}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def misplaced_libraries(package, plan) -> list[str]:
    """Return every import of a heavy library outside the rooms that may have it."""
    return sorted(
        f"{module} imports {dotted}"
        for module in package.trees
        if room_of(module) not in plan.heavy_rooms
        for dotted in imports(module, package)
        if dotted.partition(".")[0] in HEAVY and not dotted.startswith("safetensors.numpy")  # which loads numpy alone
    )


def test_no_arrow_goes_up_or_sideways(package, plan):
    assert wrong_arrows(package, plan) == []


def test_no_files_import_each_other_in_a_circle(package):
    assert circle(package) == []


def test_heavy_libraries_stay_in_the_rooms_that_may_have_them(package, plan):
    assert misplaced_libraries(package, plan) == []


def test_rooms_of_the_plan_and_rooms_of_the_package_are_the_same(package, plan):
    assert {room_of(module) for module in package.trees} - {""} == set(plan.floors)


def test_the_plan_is_read_from_the_document(plan):
    assert plan.floors["cli"] == 8
    assert plan.floors["core"] == plan.floors["metrics"] == 1
    assert "actions" not in plan.floors
    assert plan.sideways == ("metrics", "core")
    work = {"compute", "models", "mixing", "translation", "training", "evaluation", "efficiency"}
    assert plan.heavy_rooms == {*work, "execution", "testing"}


@pytest.mark.parametrize(
    "source",
    [
        "from isthmus.models.heads import Head",
        "import isthmus.models.heads",
        "from isthmus.models import heads",
        "from ..models import heads",
        "from .. import models",
        "def f():\n    from isthmus.models.heads import Head",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from isthmus.models import heads",
        "try:\n    pass\nfinally:\n    import isthmus.models.heads as h",
        "SHELF = ('isthmus.models.heads',)",
    ],
)
def test_an_arrow_upward_is_found_however_it_is_written(package_of, plan, source):
    house = package_of({"tasks/task.py": source, "models/heads.py": ""})
    assert [arrow.partition(" -> ")[0] for arrow in wrong_arrows(house, plan)] == ["isthmus.tasks.task"]


def test_arrows_down_and_within_a_room_are_right(package_of, plan):
    house = package_of(
        {"tasks/task.py": "from . import kind\nfrom isthmus.core import files", "tasks/kind.py": "", "core/files.py": ""}
    )
    assert wrong_arrows(house, plan) == []


def test_rooms_of_one_floor_do_not_see_each_other_but_metrics_see_core(package_of, plan):
    house = package_of(
        {
            "study/spec.py": "import isthmus.store.lease",
            "store/lease.py": "",
            "metrics/f1.py": "import isthmus.core.files",
            "core/files.py": "import isthmus.metrics.f1",
        }
    )
    assert wrong_arrows(house, plan) == [
        "isthmus.core.files -> isthmus.metrics.f1",
        "isthmus.study.spec -> isthmus.store.lease",
    ]


def test_the_face_of_the_package_imports_no_room(package_of, plan):
    house = package_of({"core/files.py": "", "__init__.py": "from isthmus.core import files"})
    assert wrong_arrows(house, plan) == ["isthmus -> isthmus.core.files"]


def test_a_circle_hidden_in_a_function_is_found(package_of):
    house = package_of(
        {"core/a.py": "from isthmus.core import b", "core/b.py": "def f():\n    from isthmus.core.a import x"}
    )
    assert set(circle(house)) == {"isthmus.core.a", "isthmus.core.b"}


def test_a_heavy_library_in_a_light_room_is_found(package_of, plan):
    house = package_of({"plan/cost.py": "def f():\n    import torch.nn as nn", "models/heads.py": "import torch"})
    assert misplaced_libraries(house, plan) == ["isthmus.plan.cost imports torch.nn"]

"""The plan of the house as docs/architecture.md draws it, and the files of the package as they stand."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Plan:
    """Room -> floor, the one permitted arrow on one floor (from, to), and the rooms that may import heavy libraries."""

    floors: dict[str, int]
    sideways: tuple[str, str]
    heavy_rooms: frozenset[str]


@dataclass(frozen=True)
class Package:
    """Every module of a package by dotted name, parsed; ``faces`` are the names that are folders."""

    trees: dict[str, ast.Module]
    faces: frozenset[str]


def read_plan(text: str) -> Plan:
    """Read the plan out of the words and the table under the heading on floors."""
    section = re.split(r"^## Floors.*$", text, flags=re.M)[1].split("\n## ")[0]
    rows = re.findall(r"^ {4}(\d) +(.+)$", section, flags=re.M)
    floors = {room: int(floor) for floor, row in rows for room in re.findall(r"\w+", re.sub(r"\(.*\)", "", row))}
    imported, importer = re.findall(r"except\s+`(\w+)`\s+by\s+`(\w+)`", section)[0]
    heavy = re.findall(r"A\s+file\s+that\s+needs\s+torch\s+says\s+so\s+by\s+living\s+in\s+([^.]+)\.", section)[0]
    return Plan(floors, (importer, imported), frozenset(re.findall(r"\w+", heavy)) - {"or"})


def read_package(folder: Path) -> Package:
    """Parse every file below a package's folder."""
    trees, faces = {}, set()
    for file in sorted(folder.rglob("*.py")):
        parts = file.relative_to(folder.parent).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        trees[name] = ast.parse(file.read_text("utf-8"), filename=str(file))
        if file.name == "__init__.py":
            faces.add(name)
    return Package(trees, frozenset(faces))


@pytest.fixture(scope="session")
def plan() -> Plan:
    return read_plan((ROOT / "docs/architecture.md").read_text("utf-8"))


@pytest.fixture(scope="session")
def package() -> Package:
    return read_package(ROOT / "src/isthmus")


@pytest.fixture
def package_of(tmp_path: Path):
    """A function that builds a small package ``isthmus`` from {path: source}, to show what the checks find."""

    def build(files: dict[str, str]) -> Package:
        for path, source in files.items():
            file = tmp_path / "isthmus" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            for folder in (file.parent, tmp_path / "isthmus"):
                (folder / "__init__.py").touch()
            file.write_text(source, "utf-8")
        return read_package(tmp_path / "isthmus")

    return build

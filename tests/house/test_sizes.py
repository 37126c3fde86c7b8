"""The house stays readable: small files and functions, names that say something, words on what everything is for."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 400
LONGEST_FUNCTION = 80
EMPTY_NAMES = {"utils", "util", "common", "helpers", "helper", "misc", "base"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def tracked() -> list[Path]:
    """Return every file that is, or would be, under version control."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout: there is no list of tracked files")
    return [ROOT / name for name in sorted(set(listing.stdout.decode().split("\0"))) if name and (ROOT / name).is_file()]


def python_files() -> Iterator[tuple[str, str]]:
    """Yield (path below the root, source) of the Python files that are kept here."""
    for folder in ("src", "tests", "benchmarks", "studies"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield str(file.relative_to(ROOT)), file.read_text("utf-8")


def undocumented(name: str, tree: ast.Module) -> list[str]:
    """Return the public module, classes, methods and functions of a file that say nothing about themselves."""
    silent = [] if ast.get_docstring(tree) else [name]
    scopes: list[tuple[str, ast.Module | ast.ClassDef]] = [(name, tree)]
    for place, scope in scopes:
        for node in scope.body:
            if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
                silent += [] if ast.get_docstring(node) else [f"{place}: {node.name}"]
                scopes += [(f"{place}: {node.name}", node)] if isinstance(node, ast.ClassDef) else []
    return silent


def matches(pattern: str) -> list[str]:
    """Return ``file:line`` of every line of a tracked file that holds a pattern."""
    found = []
    for file in tracked():
        for number, line in enumerate(file.read_bytes().split(b"\n"), 1):
            if re.search(pattern.encode(), line):
                found.append(f"{file.relative_to(ROOT)}:{number}")
    return found


def test_no_file_is_long():
    assert {name: n for name, source in python_files() if (n := len(source.splitlines())) > LONGEST_FILE} == {}


def test_no_function_is_long():
    assert {
        f"{name}: {node.name}": lines
        for name, source in python_files()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, Function) and (lines := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    } == {}


def test_no_name_says_nothing():
    names = [name for name, _ in python_files()]
    assert [n for n in names if {part.removeprefix("test_") for part in Path(n).with_suffix("").parts} & EMPTY_NAMES] == []


def test_every_file_opens_with_what_it_is_for():
    assert [name for name, source in python_files() if not ast.get_docstring(ast.parse(source))] == []


def test_everything_public_says_what_it_is():
    package = [(name, source) for name, source in python_files() if name.startswith("src")]
    assert [silent for name, source in package for silent in undocumented(name, ast.parse(source))] == []


def test_a_silent_method_is_found_and_a_private_function_may_be_silent():
    source = (
        '"""File."""\nclass A:\n    """A."""\n    def b(self): ...\ndef _c(): ...\ndef d():\n    """D."""\n    def e(): ...'
    )
    assert undocumented("f", ast.parse(source)) == ["f: A: b"]


def test_nothing_is_left_to_be_done():
    assert matches(r"\b(TO" + r"DO|FIX" + r"ME)\b") == []
    unfinished = [
        f"{name}:{node.lineno}"
        for name, source in python_files()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Name) and node.id == "NotImplemented" + "Error"
    ]
    assert unfinished == []


def test_no_tracked_file_names_a_place_on_one_machine():
    assert matches(r"(?<![\w>})\].])/(work|home|root|Users)" + r"/") == []

"""YAML as a study needs it: one mapping of plain values, the line of every key, and no surprises.

Unlike YAML 1.1, only ``true`` and ``false`` are booleans (``no`` is Norwegian), ``1e-5`` is a number, keys are always text
and a key may stand once only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from isthmus.core.errors import DataError, StudyError
from isthmus.core.files import read_text

TAG = "tag:yaml.org,2002:"
SCALARS: dict[str, Callable[[str], Any]] = {
    f"{TAG}null": lambda _: None,
    f"{TAG}bool": lambda text: {"true": True, "false": False}[text.lower()],
    f"{TAG}int": int,
    f"{TAG}float": float,
    f"{TAG}str": str,
}
PLAIN = {
    "null": r"~|null|Null|NULL|",
    "bool": r"true|True|TRUE|false|False|FALSE",
    "int": r"[-+]?[0-9]+(_[0-9]+)*",
    "float": r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?",
}


class Loader(yaml.SafeLoader):
    """The safe loader, reading unquoted words as ``PLAIN`` says and everything else as text."""

    yaml_implicit_resolvers = {}


for _name, _pattern in PLAIN.items():
    Loader.add_implicit_resolver(TAG + _name, re.compile(rf"(?:{_pattern})\Z"), None)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where something was read: its file, and the line of each dotted key (``arms.mnli[0].task``; the root is "")."""

    file: Path
    lines: Mapping[str, int] = field(default_factory=dict, repr=False)

    def locate(self, error: StudyError) -> StudyError:
        """Return the error with its file and the line of its key, or of the nearest enclosing key that was written."""
        if error.file:
            return error
        key = error.key
        while key and key not in self.lines:
            key = key[: max(key.rfind("."), key.rfind("["), 0)]
        return StudyError(error.what, file=self.file, line=error.line or self.lines.get(key), key=error.key)


def below(key: str, part: str | int) -> str:
    """Return the dotted key of an item of a list or of an entry of a mapping."""
    if isinstance(part, int):
        return f"{key}[{part}]"
    return f"{key}.{part}" if key else part


def read_file(path: Path) -> str:
    """Return a study file's text; raises StudyError for a directory and for whatever is not readable UTF-8 text."""
    if path.is_dir():
        raise StudyError("this is a directory, expected a file", file=path)
    try:
        return read_text(path)
    except DataError as error:
        raise StudyError(error.what, file=path, line=error.line) from None


def read_mapping(path: Path) -> tuple[dict[str, Any], Origin]:
    """Return the mapping a YAML file holds, made of None, bool, int, float, str, list and dict, and where its keys stand.

    Raises StudyError, with the line, for anything that is not one YAML mapping with unique keys.
    """
    text = read_file(path)
    lines: dict[str, int] = {}
    try:
        node = yaml.compose(text, Loader)
        if not isinstance(node, yaml.MappingNode):
            raise StudyError(f"found {_describe(node)}, expected a mapping (key: value)", line=1)
        value = _value(node, "", lines)
    except StudyError as error:
        raise Origin(file=path, lines=lines).locate(error) from None
    except RecursionError:
        raise StudyError("lists or mappings are nested too deeply", file=path) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise StudyError(_syntax(error), file=path, line=mark.line + 1 if mark else None) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise StudyError(f"the character {chr(error.character)!r} is not allowed in YAML", file=path, line=line) from None
    return value, Origin(file=path, lines=lines)


def _describe(node: yaml.Node | None) -> str:
    if node is None:
        return "nothing but comments"
    return "a list" if isinstance(node, yaml.SequenceNode) else f"only {node.value!r}"


def _syntax(error: yaml.MarkedYAMLError) -> str:
    if "'\\t'" in (error.problem or ""):
        return "not valid YAML: a tab begins a word; indent and align with spaces"
    where = f" (line {error.context_mark.line + 1})" if error.context_mark else ""
    return f"not valid YAML: {', '.join(part for part in (error.context and error.context + where, error.problem) if part)}"


def _value(node: yaml.Node, key: str, lines: dict[str, int], above: tuple[yaml.Node, ...] = ()) -> Any:
    """Return a node's plain value, noting in ``lines`` where each key below it stands."""
    line = lines.setdefault(key, node.start_mark.line + 1)
    if node in above:
        raise StudyError("an alias stands inside of what it refers to", line=line, key=key)
    if isinstance(node, yaml.MappingNode) and node.tag == f"{TAG}map":
        return _mapping(node, key, lines, (*above, node))
    if isinstance(node, yaml.SequenceNode) and node.tag == f"{TAG}seq":
        return [_value(item, below(key, i), lines, (*above, node)) for i, item in enumerate(node.value)]
    tag = node.tag.replace(TAG, "!!")
    if not isinstance(node, yaml.ScalarNode) or node.tag not in SCALARS:
        raise StudyError(f"the YAML tag {tag} is not allowed", line=line, key=key)
    try:
        return SCALARS[node.tag](node.value)
    except (ValueError, KeyError):
        raise StudyError(f"found {node.value!r}, which is no {tag}", line=line, key=key) from None


def _mapping(node: yaml.MappingNode, key: str, lines: dict[str, int], above: tuple[yaml.Node, ...]) -> dict[str, Any]:
    first: dict[str, int] = {}
    found: dict[str, Any] = {}
    for name_node, item in node.value:
        line = name_node.start_mark.line + 1
        if not isinstance(name_node, yaml.ScalarNode):
            raise StudyError("a key must be text, found a list or a mapping", line=line, key=key)
        name: str = name_node.value
        inner = below(key, name)
        if name in first:
            raise StudyError(f"this key stands twice, on lines {first[name]} and {line}", line=line, key=inner)
        first[name] = lines[inner] = line
        found[name] = _value(item, inner, lines, above)
    return found

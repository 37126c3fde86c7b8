"""Names to objects: a file in a folder is a name, its exported object what the name means; listing imports nothing."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from isthmus.core.errors import UnknownName


@cache
def entry_points(group: str) -> metadata.EntryPoints:
    """Return what installed packages add to a group; it opens a file of each of them, so once a command is enough."""
    return metadata.entry_points(group=group)


@dataclass(frozen=True)
class Shelf:
    """One kind of thing that is extended by adding a file.

    ``packages`` are dotted folders searched in order, ``attribute`` the name each file exports, and third parties add
    theirs under the entry-point group ``isthmus.<kind>`` (``name = package.module``).
    """

    kind: str
    packages: tuple[str, ...]
    attribute: str

    def modules(self) -> dict[str, str]:
        """Return {name: dotted module} of everything on the shelf, reading folder listings only."""
        found: dict[str, str] = {}
        for entry in entry_points(f"isthmus.{self.kind}"):
            found[entry.name] = entry.value.partition(":")[0]
        for package in self.packages:
            spec = importlib.util.find_spec(package)
            for folder in (spec.submodule_search_locations or ()) if spec else ():
                for file in Path(folder).glob("[!_]*.py"):
                    found[file.stem] = f"{package}.{file.stem}"
        return dict(sorted(found.items()))

    def names(self) -> tuple[str, ...]:
        """Return the public names, sorted."""
        return tuple(self.modules())

    def load(self, name: str) -> Any:
        """Import one file and return its exported object; raises UnknownName with the nearest names."""
        modules = self.modules()
        if name not in modules:
            raise UnknownName(self.kind, name, modules)
        return getattr(importlib.import_module(modules[name]), self.attribute)

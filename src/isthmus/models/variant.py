"""The idea of a variant: a trained model made cheaper. Its changes stand in ``variants``, one a file.

The artifact of a variant has the layout of a trained model (``trained.py``) and ``variant.json``, which says how it is run.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from isthmus.core.errors import SetupError
from isthmus.core.lookup import Shelf
from isthmus.models import lora
from isthmus.models.family import Family
from isthmus.models.head import Encoding
from isthmus.models.network import Network
from isthmus.models.trained import ENCODER, HEAD, HEADS, WEIGHTS

VARIANTS = Shelf("variant", ("isthmus.models.variants",), "CHANGE")
RECORD = "variant.json"
ONNX = "onnx"  # folder of an exported graph
GRAPH = "model.onnx"
EXITS = "exits.safetensors"  # heads of the layers below the last
ADAPTER = lora.ADAPTER  # folder of low-rank updates that are not folded in
RUNTIMES, PRECISIONS = ("torch", "onnx", "compile"), (None, "bf16", "int8")
PARTS = (ENCODER, HEADS, WEIGHTS, HEAD, ADAPTER, EXITS, ONNX)


@dataclass(frozen=True)
class Making:
    """What a change is given: a trained directory, an empty folder to fill, and what it may look at.

    ``settings`` are the change's own keys; ``examples`` labelled training examples, ``texts`` sentences by language, each
    empty where the change needs none; ``encoding(network)`` how texts become windows; ``tick(done, total)`` tells progress.
    """

    source: Path
    out: Path
    family: Family
    settings: Mapping[str, Any]
    encoding: Callable[[Network], Encoding]
    tick: Callable[[int, int], None]
    examples: Sequence[Any] = ()
    texts: Mapping[str, Sequence[str]] | None = None


@dataclass(frozen=True)
class Change:
    """``make(making)`` fills a folder with the changed model; ``examples`` and ``texts`` say what it has to be given."""

    make: Callable[[Making], None]
    examples: bool = False
    texts: bool = False


@dataclass(frozen=True)
class Running:
    """How a checkpoint is run, and what was done to it.

    ``runtime``: torch, onnx or compile; ``precision``: bf16 or int8, None where whoever predicts chooses; ``exit``: the
    confidence at which a lower layer's answer is taken; ``changes``: what was done in order, with figures worth telling.
    """

    runtime: str = "torch"
    precision: str | None = None
    exit: float | None = None
    changes: tuple[Mapping[str, Any], ...] = ()

    def after(self, change: str, told: Mapping[str, Any] | None = None, **how: Any) -> Running:
        """Return how the checkpoint is run after one more change, of which ``told`` is worth telling."""
        return replace(self, changes=(*self.changes, {"change": change, **(told or {})}), **how)


def read_running(folder: Path) -> Running:
    """Return how a checkpoint is run; one that no change was made to runs as any trained model does.

    Raises SetupError for a record that says nothing of the kind, as one of a later release may.
    """
    file = folder / RECORD
    if not file.exists():
        return Running()
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        running = Running(**{**record, "changes": tuple(record["changes"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SetupError(f"{file}: does not say how a model is run ({type(error).__name__}: {error})") from error
    for key, known in (("runtime", RUNTIMES), ("precision", PRECISIONS)):
        if (found := getattr(running, key)) not in known:
            raise SetupError(f"{file}: {key}: found {found!r}; expected one of {', '.join(map(str, known))}")
    return running


def write_running(folder: Path, running: Running) -> None:
    """Write how a checkpoint is run."""
    (folder / RECORD).write_text(json.dumps(asdict(running)), encoding="utf-8")


def copy_model(source: Path, out: Path, *, but: Collection[str] = ()) -> None:
    """Copy the parts of a trained directory that are there, those named in ``but`` left out; how it is run is not copied.

    Weights are linked where the disk allows it: artifacts are never written again, and a variant that only runs in another
    way takes no room.
    """
    for name in PARTS:
        if name in but or not (source / name).exists():
            continue
        if (source / name).is_dir():
            shutil.copytree(source / name, out / name, copy_function=_link)
        else:
            _link(source / name, out / name)


def _link(source: str | Path, target: str | Path) -> None:
    try:
        os.link(Path(source).resolve(), target)  # what a link names, which may lie elsewhere
    except OSError:  # another disk, or one without links
        shutil.copyfile(source, target)


def load_change(name: str) -> Change:
    """Return a change by name; raises UnknownName with the nearest."""
    change: Change = VARIANTS.load(name)
    return change

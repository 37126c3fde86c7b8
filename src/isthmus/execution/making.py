"""Variants made on the spot, and measured beside the models they were made of: what `isthmus bench predict` does."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from isthmus.results.measured import Measurements, Protocol

if TYPE_CHECKING:
    from isthmus.efficiency.fleet import Checkpoint
    from isthmus.models.head import Encoding
    from isthmus.models.network import Network

Tick = Callable[[float, float, str], None]


@dataclass(frozen=True)
class Served:
    """A trained model that is measured; ``arm``, ``model``, ``variant`` and ``seed`` say which it is of a study."""

    name: str
    folder: Path
    head: Path
    family: str = "encoder"
    arm: str = ""
    model: str = ""
    variant: str = ""
    seed: int = 0


@dataclass(frozen=True)
class Form:
    """A cheaper form by name, and the changes that make it, each with its keys; ``languages`` are those of a vocabulary."""

    name: str
    changes: tuple[tuple[str, Mapping[str, Any]], ...]
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cut:
    """How texts become windows, the precision of matrix products, and what computes."""

    max_length: int
    stride: int
    precision: str
    device: str = "cpu"
    threads: int = 1


@dataclass(frozen=True)
class Material:
    """What is read only where a change needs it: labelled training examples, and the sentences of a language."""

    training: Callable[[], Sequence[Any]]
    sentences: Callable[[str], Sequence[Any]]


def check_device(name: str) -> None:
    """Raise SetupError for a device that is not there."""
    from isthmus.compute.device import device_named

    device_named(name)


def measure_forms(
    served: Sequence[Served],
    forms: Sequence[Form],
    examples: Mapping[str, Sequence[Any]],
    protocol: Protocol,
    cut: Cut,
    material: Material,
    *,
    task: str,
    with_grid: bool = False,
    tick: Tick = lambda *_: None,
) -> Measurements:
    """Return what trained models and forms of them cost on the same examples, side by side.

    Forms are made in a directory that is gone afterwards, however it ends. Raises UserError for what cannot be made or run.
    """
    from isthmus.compute.device import device_named
    from isthmus.efficiency.fleet import Checkpoint, Serving
    from isthmus.efficiency.measure import measure

    cut = _fitted(cut, served)
    serving = Serving(device_named(cut.device), cut.threads, cut.max_length, cut.stride, cut.precision)
    with TemporaryDirectory(prefix="isthmus-bench-") as room:
        timed: list[Checkpoint] = []
        for number, one in enumerate(served):
            who = (one.arm, one.model)
            timed.append(Checkpoint(one.name, *who, one.variant, one.seed, one.folder, one.head, one.family))
            for place, form in enumerate(forms):
                made = _made(one, form, Path(room) / f"{number}-{place}", (cut, material), tick)
                name = "/".join(part for part in (one.variant, form.name) if part)
                head = made if made != one.folder else one.head
                label = f"{one.name} {form.name}"
                timed.append(Checkpoint(label, *who, name, one.seed, made, head, one.family))
        models = {one.model for one in served}
        model = models.pop() if len(models) == 1 else ""
        return measure(timed, examples, protocol, serving, task=task, model=model, with_grid=with_grid, tick=tick)


def _fitted(cut: Cut, served: Sequence[Served]) -> Cut:
    """Return windows that all networks have positions for: a bare directory tells no length of its own."""
    from isthmus.models.network import outline
    from isthmus.models.trained import ENCODER

    positions = [outline(one.folder / ENCODER).positions or cut.max_length for one in served]
    return replace(cut, max_length=min(cut.max_length, *positions))


def _made(one: Served, form: Form, room: Path, given: tuple[Cut, Material], tick: Tick) -> Path:
    """Return a trained directory with all changes of a form made; of those on the way to it nothing is kept."""
    from isthmus.models.family import load_family
    from isthmus.models.variant import Making, load_change
    from isthmus.sources.texts import all_texts
    from isthmus.training.fine_tune import encoding_for

    cut, material = given

    def encoding(network: Network) -> Encoding:
        return encoding_for(network, cut.max_length, cut.stride)

    source = _with_one_head(one, room / "plain")
    for change, keys in form.changes:
        out = room / change
        out.mkdir(parents=True)
        phase = f"making {form.name}"
        asked = load_change(change)
        tick(0, 1, phase)
        making = Making(
            source, out, load_family(one.family), keys, encoding,
            lambda done, total, phase=phase: tick(done, total, phase),  # type: ignore[misc]
            examples=material.training() if asked.examples else (),
            texts={name: list(all_texts(material.sentences(name))) for name in form.languages} if asked.texts else None,
        )  # fmt: skip
        asked.make(making)
        tick(1, 1, phase)
        if source.is_relative_to(room):
            shutil.rmtree(source)
        source = out
    return source


def _with_one_head(one: Served, place: Path) -> Path:
    """Return a trained directory with the head asked for as its only one: of a mix, a copy that links to its encoder."""
    from isthmus.models.trained import ENCODER, HEAD, WEIGHTS

    if one.head == one.folder:
        return one.folder
    place.mkdir(parents=True)
    (place / ENCODER).symlink_to((one.folder / ENCODER).resolve(), target_is_directory=True)
    for name in (WEIGHTS, HEAD):
        shutil.copyfile(one.head / name, place / name)
    return place

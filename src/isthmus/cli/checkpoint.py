"""What CHECKPOINT may be on the command line: a trained directory, a step in the store, or what a study trains.

Nothing here loads a network: what is asked for is found, and found to fit the task, before torch is imported.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from isthmus.cli.opened import Opened, open_loaded, open_store
from isthmus.core.at_model import AT, at_model, without_model
from isthmus.core.errors import DataError, SetupError, UserError, nearest
from isthmus.plan.resolve import COMPARED
from isthmus.plan.step import Step
from isthmus.sources.hub import Hub
from isthmus.sources.source import Source
from isthmus.store.manifest import MANIFEST, Manifest
from isthmus.store.store import Store
from isthmus.study.load import load_study
from isthmus.study.place import HUB, WORLD, directories
from isthmus.study.spec import Recipe
from isthmus.tasks.task import TASKS, Task, load_task
from isthmus.world.source import load_world, source_of

ENCODER, HEAD, HEADS, CONFIG = "encoder", "head.json", "heads", "config.json"  # what a trained directory holds
ID = re.compile("[0-9a-f]{4,64}")
SPLITS = ("test", "dev")  # tried in this order in each language
STUDY = (".yaml", ".yml", ".py")
SPARED, EVEN = 2, 8  # positions that RoBERTa and its like do not use; windows are padded to a multiple of 8

Checkpoint = Annotated[
    str, typer.Argument(metavar="CHECKPOINT", help="A trained directory, an id in the store, or a study.")
]
OfTask = Annotated[
    str | None, typer.Option("--task", metavar="TASK", help="The task it answers.", show_default="what the store says")
]
OfData = Annotated[
    str | None,
    typer.Option("--data", metavar="DIR", help="Its data: a directory, world or hub.", show_default="what the store says"),
]
OfArm = Annotated[str | None, typer.Option("--arm", metavar="ARM", help="Of a study: which arm.")]
OfTarget = Annotated[str | None, typer.Option("--target", metavar="TASK", help="Of a study: which target.")]
OfSeed = Annotated[int | None, typer.Option("--seed", help="Of a study with several seeds: which.")]
OfModel = Annotated[str | None, typer.Option("--model", metavar="NAME", help="Of a study with several models: which.")]


@dataclass(frozen=True)
class Wanted:
    """What was said beside CHECKPOINT; ``arm`` to ``variant`` are of a study, ``task`` and ``data`` of all else."""

    task: str | None = None
    data: str | None = None
    arm: str | None = None
    target: str | None = None
    seed: int | None = None
    model: str | None = None
    variant: str = ""


@dataclass(frozen=True)
class Chosen:
    """A trained model that was found, and found to have a head for ``task``.

    ``folder`` holds ``encoder/``, ``head`` is the folder of its head (the same but for a mix); ``step`` is the id in the
    store, empty for a directory; ``labels`` in the order of the outputs. ``source`` has the sentences, ``splits`` are tried
    in order; ``language`` is the one it was trained in. ``max_length``, ``stride`` and ``precision`` are of its recipe.
    """

    name: str
    folder: Path
    head: Path
    task: Task
    source: Source
    family: str = "encoder"
    labels: tuple[str, ...] = ()
    max_length: int = Recipe.model_fields["max_length"].default
    stride: int = Recipe.model_fields["stride"].default
    precision: str = Recipe.model_fields["precision"].default
    language: str = "en"
    splits: tuple[str, ...] = SPLITS
    step: str = ""
    arm: str = ""
    model: str = ""
    variant: str = ""
    seed: int = 0

    def languages(self) -> dict[str, str]:
        """Return {language: split} of every language that has sentences for the task."""
        there = {split: self.source.languages(self.task.files, split) for split in self.splits}
        found = sorted({language for languages in there.values() for language in languages})
        return {language: next(split for split in self.splits if language in there[split]) for language in found}

    def examples(self, language: str, limit: int | None = None) -> list[Any]:
        """Return the first examples of a language; raises UserError with the nearest where there are none."""
        there = self.languages()
        if language not in there:
            what = f"no {' or '.join(self.splits)} sentences of {self.task.name} in {language!r}"
            raise UserError(f"{what}; {nearest(language, there)}")
        return self.source.read(self.task.files, language, there[language], self.task.labels)[:limit]

    def training(self, limit: int | None = None) -> list[Any]:
        """Return the first labelled examples it may have learnt from; raises DataError where the data hold none."""
        task = load_task(self.task.train_on or self.task.name)
        return self.source.read(task.files, self.language, "train", task.labels)[:limit]


def choose(checkpoint: str, store: Path, wanted: Wanted) -> Chosen:
    """Return the trained model that CHECKPOINT means; raises UserError where there is none, or it does not fit the task."""
    place = Path(checkpoint)
    if place.is_dir():
        kept = place.resolve()
        if (kept / MANIFEST).exists() and len(kept.parents) > 2 and kept.parents[1].name == "objects":
            return _in_store(Store(kept.parents[2]), kept.name, wanted)
        return _directory(place, wanted)
    if place.suffix in STUDY:
        return _in_study(place, store, wanted)
    if ID.fullmatch(checkpoint):
        kept_in = open_store(store, must_exist=True)
        return _in_store(kept_in, _only(kept_in, checkpoint), wanted)
    what = "neither a directory, nor a study (*.yaml, *.py), nor an id (4 hex digits at least)"
    raise SetupError(f"CHECKPOINT: found {checkpoint!r}, {what}")


def _directory(folder: Path, wanted: Wanted) -> Chosen:
    """Return the model of a trained directory; what a store would know has to be said."""
    _refuse_study_options(wanted, folder)
    _refuse_untrained(folder)
    for name in ("task", "data"):
        if getattr(wanted, name) is None:
            raise SetupError(f"{folder}: nothing here says which {name} it is for; --{name} does")
    chosen = Chosen(folder.resolve().name, folder, folder, load_task(wanted.task or ""), _source(wanted.data or ""))
    return _headed(_fitted(chosen))


def _fitted(chosen: Chosen) -> Chosen:
    """Return a checkpoint whose recipe nobody knows with windows that its network has positions for."""
    try:
        config = json.loads((chosen.folder / ENCODER / CONFIG).read_text(encoding="utf-8"))
        positions = config.get("max_position_embeddings")
    except (OSError, ValueError, AttributeError) as error:
        raise SetupError(f"{chosen.folder / ENCODER / CONFIG}: no configuration of an encoder can be read") from error
    if not isinstance(positions, int) or positions >= chosen.max_length + SPARED:
        return chosen
    length = max(0, positions - SPARED) // EVEN * EVEN
    return replace(chosen, max_length=length, stride=min(chosen.stride, length // 4))


def _refuse_study_options(wanted: Wanted, found: object) -> None:
    for name in ("arm", "target", "seed", "model"):
        if getattr(wanted, name) is not None:
            raise SetupError(f"--{name} goes with a study; {found} is none")


def _refuse_untrained(folder: Path) -> None:
    if (folder / ENCODER / CONFIG).exists():
        return
    if (folder / CONFIG).exists():
        above = folder.resolve().parent
        hint = f"; the trained model is {above}" if (above / HEAD).exists() or (above / HEADS).exists() else ""
        raise SetupError(f"{folder}: an encoder without a head; training it on a task gives it one{hint}")
    held = ", ".join(sorted(entry.name for entry in folder.iterdir())[:3]) or "nothing"
    raise SetupError(f"{folder}: no trained model; expected {ENCODER}/, {HEAD} and its weights, found {held}")


def _only(store: Store, beginning: str) -> str:
    """Return the only id in a store that begins so; raises SetupError for none and for several."""
    found = [id_ for id_ in store.ids() if id_.startswith(beginning)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise SetupError(f"no step in {store.root} begins with {beginning}; {nearest(beginning, _trained_ids(store))}")
    named = ", ".join(f"{id_[:12]} ({store.manifest(id_).name})" for id_ in found[:4])
    raise SetupError(f"{len(found)} steps in {store.root} begin with {beginning}: {named}; give more of it")


def _trained_ids(store: Store) -> list[str]:
    return [id_[:12] for id_ in store.ids() if _is_trained(store.path(id_))][:8]


def _is_trained(folder: Path) -> bool:
    return (folder / HEAD).exists() or (folder / HEADS).exists()


def _in_store(store: Store, id_: str, wanted: Wanted) -> Chosen:
    """Return the model of a train or variant step; what its manifest says of task and data need not be said again."""
    manifest = store.manifest(id_)
    _refuse_study_options(wanted, f"the step {id_[:12]}")
    if manifest.payload["kind"] not in ("train", "variant"):
        if not (store.path(id_) / ENCODER).exists():
            what = f"{id_[:12]} ({manifest.name}) is a step of kind {manifest.payload['kind']}; expected train or variant"
            own = _answering(store, manifest)
            hint = f"it is of {own[:12]} ({store.manifest(own).name})" if own else nearest(id_, _trained_ids(store))
            raise SetupError(f"{what}; {hint}")
        _refuse_untrained(store.path(id_) / ENCODER)
    trained = trained_by(store, manifest)
    settings = trained.payload["settings"] if trained else {}
    records = _records(settings)
    task = load_task(wanted.task) if wanted.task else _told(manifest, settings, records)
    recipe = {key: settings["recipe"][key] for key in ("max_length", "stride", "precision")} if settings else {}
    language = records[0]["language"] if records else "en"
    folder = store.open(id_)
    family = manifest.payload["settings"].get("family", "encoder")
    source = _source(wanted.data) if wanted.data else _source_with(records, manifest)
    return _headed(Chosen(manifest.name, folder, folder, task, source, family, language=language, step=id_, **recipe))


def _answering(store: Store, manifest: Manifest) -> str:
    """Return the id of the model that predictions or a score are of, empty where the store has it no longer."""
    id_ = manifest.payload["inputs"].get("predictions", manifest.id)
    id_ = store.manifest(id_).payload["inputs"].get("model", "") if store.has(id_) else ""
    return id_ if id_ and store.has(id_) and _is_trained(store.path(id_)) else ""


def trained_by(store: Store, manifest: Manifest) -> Manifest | None:
    """Return the manifest of the training run that an artifact came from, None where the store has it no longer."""
    while manifest.payload["kind"] != "train":
        before = manifest.payload["inputs"].get("model")
        if before is None or not store.has(before):
            return None
        manifest = store.manifest(before)
    return manifest


def _records(settings: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the training data of a train step, of every stream where they are several."""
    streams = settings.get("streams", [settings] if settings else [])
    return [record for stream in streams for record in stream.get("data", [])]


def _told(manifest: Manifest, settings: dict[str, Any], records: Sequence[dict[str, Any]]) -> Task:
    """Return the task that a step is named after, else the one that it was trained on."""
    named = [name for name in manifest.name.split("/") if name in TASKS.names()]
    if "streams" in settings or not (named or records):
        raise SetupError(f"{manifest.id[:12]} ({manifest.name}) does not say one task it is for; --task does")
    return load_task(named[-1] if named else records[0]["task"])


def _source_with(records: Sequence[dict[str, Any]], manifest: Manifest) -> Source:
    """Return the hub or the world, if what was trained on is theirs: a directory's place is in no manifest."""
    for record in records[:1]:
        files = load_task(record["task"]).files
        for source in (Hub(), load_world()):
            try:
                if source.fingerprint(files, record["language"], record["split"]).digest == record["digest"]:
                    return source
            except DataError:
                continue
    raise SetupError(f"{manifest.id[:12]} ({manifest.name}) does not say where its data lie; --data does")


def _source(data: str) -> Source:
    if data in (WORLD, HUB):
        return source_of(data)
    found, faults = directories({"data": data}, Path())
    if faults:
        raise SetupError(f"--data: {faults[0].what}, {WORLD} or {HUB}")
    return source_of(str(found["data"]))


def _in_study(file: Path, store: Path, wanted: Wanted) -> Chosen:
    """Return what a study trains for one arm and target; raises SetupError where the store does not have it yet."""
    for name in ("task", "data"):
        if getattr(wanted, name) is not None:
            raise SetupError(f"--{name}: {file} says it; a study takes --arm and --target")
    loaded = load_study(file)
    opened = open_loaded(loaded, store)
    study = opened.study
    asked_arm, at, its_model = (wanted.arm or "").partition(AT)  # tables call an arm by its model, too
    model = _pick("model", wanted.model or its_model or None, [name for name in study.encoders if name])
    if at and model != its_model:
        raise SetupError(f"--model: found {model!r} and --arm {wanted.arm}; leave one of both out")
    arms = sorted({without_model(cell.arm) for cell in opened.plan.cells if ":" not in cell.arm}, key=_order(study.arms))
    arm = at_model(_pick("arm", asked_arm or None, arms), model)
    task = _pick("target", wanted.target, [target.task for target in study.targets])
    seed = int(_pick("seed", None if wanted.seed is None else str(wanted.seed), [str(seed) for seed in study.seeds]))
    variant = _pick("variant", wanted.variant, ["", *study.variants]) if wanted.variant else ""
    step = _predicting(opened, (arm, seed, task, variant))
    id_ = step.inputs["model"]
    if id_ not in opened.present:
        what = f"{opened.plan.steps[id_].name} is not in the store {opened.store.root} yet"
        raise SetupError(f"{what}; `isthmus run {file} --store {opened.store.root}` makes it")
    target = next(target for target in study.targets if target.task == task)
    own = {key: step.settings[key] for key in ("family", "max_length", "stride", "precision")}
    folder, held = opened.store.open(id_), opened.store.open(step.inputs.get("head", id_))
    stream = step.settings.get("head", "")
    # Of the study as it was written: of one that was planned, the world is a directory.
    source = source_of(loaded.study.data, study.revisions, study.local)
    chosen = Chosen(
        "/".join(filter(None, (arm, f"seed {seed}", task, variant))), folder, held / HEADS / stream if stream else held,
        load_task(task), source, language=study.source, splits=target.splits,
        step=id_, arm=arm, model=model, variant=variant, seed=seed, **own,
    )  # fmt: skip
    return _headed(chosen)


def _order(names: Any) -> Any:
    places = {without_model(name): place for place, name in reversed(list(enumerate(names)))}
    return lambda name: places.get(name, len(places))


def _pick(option: str, given: str | None, there: Sequence[str]) -> str:
    """Return what was asked for, or the only one there is; raises SetupError where it is not there or not clear."""
    there = list(dict.fromkeys(there))
    if given is None and len(there) <= 1:
        return there[0] if there else ""
    if given is None:
        raise SetupError(f"the study has several: --{option} says which; known: {', '.join(there)}")
    if given not in there:
        raise SetupError(f"--{option}: the study has no {given!r}; {nearest(given, [name for name in there if name])}")
    return given


def _predicting(opened: Opened, asked: tuple[str, int, str, str]) -> Step:
    """Return a step that predicts with the model asked for; raises SetupError where the target has none."""
    arm, seed, task, variant = asked
    for cell in (*opened.plan.cells, *opened.plan.variants):
        if (cell.arm, cell.seed, cell.task, cell.variant) != asked:
            continue
        step = opened.plan.steps[opened.plan.steps[cell.step].inputs["predictions"]]
        if step.settings["kind"] in COMPARED:
            raise SetupError(f"{task} compares sentence vectors; its model has no head that could answer it")
        return step
    raise SetupError(
        f"the study trains nothing for {task} in the arm {arm!r}, seed {seed}{f', {variant}' if variant else ''}"
    )


def _headed(chosen: Chosen) -> Chosen:
    """Return a checkpoint with its head for the task and the labels of that; raises UserError where it has none."""
    task, heads = chosen.task, chosen.folder / HEADS
    if task.kind in COMPARED:
        raise UserError(f"{chosen.name}: {task.name} compares sentence vectors; no checkpoint has a head for it")
    head = chosen.head
    if not (head / HEAD).exists() and heads.is_dir():
        head = _of_mix(heads, task, chosen.name)
    if not (head / HEAD).exists():
        raise UserError(f"{chosen.name}: no head, so nothing that answers {task.name}; training on a task gives it one")
    kind, labels = _head_of(head)
    if wrong := _misfit(task, kind, labels):
        fitting = [name for name in TASKS.names() if not _misfit(load_task(name), kind, labels)]
        raise UserError(f"{chosen.name}: its head is not for {task.name}: {wrong}; {nearest(task.name, fitting)}")
    return replace(chosen, head=head, labels=tuple(labels))


def _head_of(folder: Path) -> tuple[str, list[str]]:
    try:
        record = json.loads((folder / HEAD).read_text(encoding="utf-8"))
        return str(record["kind"]), [str(label) for label in record["labels"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        what = f"no head can be read from here ({type(error).__name__}); expected kind and labels"
        raise SetupError(f"{folder / HEAD}: {what}") from error


def _of_mix(heads: Path, task: Task, name: str) -> Path:
    """Return the folder of the only head of a mix that fits a task, the task's own before all others."""
    there = {entry.name: entry for entry in sorted(heads.iterdir()) if (entry / HEAD).exists()}
    for own in (task.name, task.train_on):
        if own in there:
            return there[own]
    fitting = [entry for entry in there.values() if not _misfit(task, *_head_of(entry))]
    if len(fitting) != 1:
        said = "several heads" if fitting else "no head"
        raise UserError(f"{name}: {said} of its mix would do for {task.name}; it has those of {', '.join(there)}")
    return fitting[0]


def _misfit(task: Task, kind: str, labels: Sequence[str]) -> str:
    """Say why a head does not answer a task, nothing where it does."""
    if task.kind != kind:
        return f"found one of kind {kind}, expected {task.kind}"
    if task.labels and set(task.labels) != set(labels):
        return f"found the labels {', '.join(labels) or 'none'}, expected {', '.join(task.labels)}"
    return ""

"""Steps that translate training data: one a task, a split and a language, which arms and seeds share."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from isthmus.core.errors import DataError, StudyError, nearest
from isthmus.core.hashing import digest, file_digest
from isthmus.core.remembered import remembered
from isthmus.plan.cost import BYTES_A_TOKEN, amount_of, translation_cost
from isthmus.plan.draft import Draft
from isthmus.plan.networks import NetworkSize, network_size, size_on_hub
from isthmus.plan.resolve import Data, Member
from isthmus.plan.step import Cost, Step
from isthmus.study.place import WORLD
from isthmus.study.spec import Study
from isthmus.study.translation import KINDS, OF_THE_WORLD, CTranslate2, Exact, Lexicon, Seq2Seq, settings_of
from isthmus.tasks.task import Task
from isthmus.world.language import SOURCE
from isthmus.world.source import World

CARRIED = ("classification", "choice", "span", "span_or_none")  # kinds whose answers outlive a translation of their text


def role(task: str, language: str) -> str:
    """Return the role in which a training step takes translated examples of a task."""
    return f"translated/{task}/{language}"


def with_translations(draft: Draft, step: Step, members: Iterable[Member], examples: int | None, key: str) -> Step:
    """Return a training step with the translations that it needs as inputs, their steps added to the plan.

    Raises StudyError for what cannot be translated, at ``key`` of the stage or at ``translator``.
    """
    data = [(member.task, one) for member in members for one in member.data if one.translated]
    steps = {role(task.name, one.language): draft.add(_step(draft, task, one, examples, key)) for task, one in data}
    return replace(step, inputs={**step.inputs, **{name: made.id for name, made in steps.items()}}) if steps else step


def _step(draft: Draft, task: Task, data: Data, examples: int | None, key: str) -> Step:
    study, translator = draft.study, draft.study.translator
    assert translator is not None, "a stage via translation without a translator is refused when the study is checked"
    _refuse(study, task, key)
    settings: dict[str, Any] = {
        "translator": {**settings_of(translator, study.source, data.language), **_known(draft, task, data, key)},
        "kind": task.kind,
        "data": replace(data, language=study.source, translated=False).settings,
        "language": data.language,
        **({} if examples is None else {"max_examples": examples}),
    }
    where = {name: own for name in ("path", "tokenizer", "batch") if (own := getattr(translator, name, None)) is not None}
    few = "" if examples is None else f" first {examples}"
    split = "" if data.split == "train" else f" {data.split}"
    name, places = f"translate/{task.name}{split}{few}/{data.language}", {**draft.places, "translator": where}
    return Step("translate", settings, {}, name, _cost(translator, task, data, examples), places)


def _refuse(study: Study, task: Task, key: str) -> None:
    """Raise StudyError where a kind of task cannot be translated."""
    if isinstance(study.translator, Exact) or task.kind in CARRIED:
        return
    if task.kind == "tagging":
        why = "tags belong to single words, which a translation does not keep one by one"
    else:
        why = f"what can be translated is {', '.join(CARRIED)}"
    raise StudyError(f"{task.name} is {task.kind}: {why}; translator: {{kind: exact}}, on the world, can do it", key=key)


def _known(draft: Draft, task: Task, data: Data, key: str) -> dict[str, str]:
    """Return, by content, what a translator knows: a rendering of the world, its word list, or the files of a model."""
    translator, world = draft.study.translator, draft.source
    if isinstance(translator, Exact | Lexicon):
        if not isinstance(world, World):
            others = " and ".join(kind for kind in KINDS if kind not in OF_THE_WORLD)
            what = f"{translator.kind} knows the languages of the world alone (data: {WORLD})"
            raise StudyError(f"{what}; for other data there are {others}", key="translator.kind")
        if draft.study.source != SOURCE:
            raise StudyError(f"{translator.kind} translates from {SOURCE!r} alone", key="source")
        if data.language not in world.grammars:
            what = f"the world has no language {data.language!r}; {nearest(data.language, world.grammars)}"
            raise StudyError(what, key=f"{key}.languages")
        if isinstance(translator, Lexicon):
            return {"words": world.word_list(data.language)}
        try:
            return {"rendered": world.rendered_in(task.files, data.language, data.split).digest}
        except DataError as error:
            raise StudyError(str(error), key=key) from error
    assert translator is not None, "see _step"
    found = {name: getattr(translator, name, None) for name in ("path", "tokenizer")}
    if found["path"] and not any(Path(found["path"]).glob(WEIGHTS[translator.kind])):
        what = f"{found['path']} has no {WEIGHTS[translator.kind]}; expected a directory with a {translator.kind} translator"
        raise StudyError(what, key="translator.path")
    return {FILES[name]: folder_digest(Path(path)) for name, path in found.items() if path is not None}


WEIGHTS = {"seq2seq": "*.safetensors", "ctranslate2": "model.bin"}  # without which a directory holds no translator
FILES = {"path": "files", "tokenizer": "tokenizer_files"}  # by the key of a directory: what settings call its content


def folder_digest(folder: Path) -> str:
    """Return the digest of a translator's directory: the names and contents of all its files."""
    files = sorted(file for file in folder.iterdir() if file.is_file() and not file.name.startswith("."))
    return digest({file.name: remembered("bytes", file, file_digest) for file in files})


def _cost(translator: Exact | Lexicon | Seq2Seq | CTranslate2, task: Task, data: Data, examples: int | None) -> Cost:
    """Return the cost of a translation; rules need no network, and of some models the size is not known beforehand."""
    # A context is read once for all its endings, whatever a classifier makes of them later.
    tokens = amount_of("span" if task.kind == "choice" else task.kind, data.print).first(examples).tokens
    disk = tokens * BYTES_A_TOKEN
    if isinstance(translator, Exact | Lexicon):
        return Cost(disk=disk)
    if isinstance(translator, Seq2Seq) and translator.name is not None:
        size = size_on_hub(translator.name, translator.revision)
    else:
        size = _size_of_folder(Path(str(translator.path)))
    return translation_cost(tokens, size, translator.beams, disk)


def _size_of_folder(folder: Path) -> NetworkSize:
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return NetworkSize()
    return network_size(config) if isinstance(config, dict) else NetworkSize()

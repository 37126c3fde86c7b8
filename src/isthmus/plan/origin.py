"""The steps that make the encoder all arms start from, and its untrained twin."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isthmus.core.errors import DataError, StudyError, nearest
from isthmus.core.hashing import digest, file_digest
from isthmus.core.remembered import remembered
from isthmus.plan.cost import pretraining_cost
from isthmus.plan.networks import NetworkSize, network_size, size_of
from isthmus.plan.step import Cost, Step
from isthmus.sources.corpora import corpus_fingerprint, corpus_folder
from isthmus.study.model import ModelSpec
from isthmus.study.place import HUB
from isthmus.study.pretraining import Pretraining


@dataclass(frozen=True)
class Origin:
    """``steps`` in order, the ``model`` among them, where its ``tokenizer`` comes from, and its size."""

    steps: tuple[Step, ...]
    model: Step
    tokenizer: Step
    size: NetworkSize

    def untrained(self, seed: int) -> Step:
        """Return the step that gives the same network with random weights drawn from ``seed``."""
        if self.model.kind == "pretrain":
            settings = {"origin": "config", "network": self.model.settings["network"], "seed": seed}
            return Step("model", settings, {"tokenizer": self.tokenizer.id}, f"untrained/seed {seed}")
        return Step("model", {"origin": "untrained", "seed": seed}, {"model": self.model.id}, f"untrained/seed {seed}")


def origin_of(model: ModelSpec, data: Path, places: Mapping[str, Any]) -> Origin:
    """Return the steps for a model specification; raises StudyError where its files are not what they must be."""
    if model.pretrain:
        return pretraining_origin(model.pretrain, data, places)
    if model.path:
        folder = Path(model.path)
        config = _read_json(folder, "config.json", "a Hugging Face model directory", "model.path")
        step = Step(
            "model", {"origin": "path", "files": directory_digest(folder)}, name="model", places={"path": str(folder)}
        )
        size = network_size(config)
    elif model.config is not None:
        tokenizer = Path(model.tokenizer or "")
        settings = {"origin": "config", "network": model.config, "tokenizer": directory_digest(tokenizer), "seed": 0}
        step = Step("model", settings, name="model", places={"tokenizer": str(tokenizer)})
        size = network_size(model.config, _vocabulary(tokenizer))
    else:
        size = size_of(model)
        settings = {"origin": "hub", "name": model.name, "revision": model.revision}
        step = Step("model", settings, name="model", cost=Cost(disk=size.disk))
    return Origin((step,), step, step, size)


def pretraining_origin(spec: Pretraining, data: Path, places: Mapping[str, Any]) -> Origin:
    """Return the tokenizer step and the pretraining step of a specification, text named by its digest."""
    if data == Path(HUB):
        raise StudyError("the text to pretrain on lies in a directory; the hub is read for tasks alone", key="data")
    named = _named_text(spec, data)
    text: dict[str, str] = {}
    for language, files in sorted(named.items()):
        try:
            text[language] = corpus_fingerprint([data / name for name in files]).digest
        except DataError as error:
            raise StudyError(str(error), key=f"model.pretrain.text.{language}") from error
    where = {**places, "data": str(data), "text": {k: list(v) for k, v in named.items()}}
    learnt = {"tokenizer": spec.tokenizer.settings(), "text": text, "seed": spec.seed}
    tokenizer = Step("tokenizer", learnt, name="tokenizer", cost=Cost(disk=spec.tokenizer.vocab_size * 40.0), places=where)
    weights = network_size(spec.network, spec.tokenizer.vocab_size)
    settings = {**spec.settings(), "text": text}
    cost = pretraining_cost(spec, weights)
    model = Step("pretrain", settings, {"tokenizer": tokenizer.id}, "pretrain", cost, where)
    return Origin((tokenizer, model), model, tokenizer, weights)


def _named_text(spec: Pretraining, data: Path) -> Mapping[str, Sequence[str]]:
    """Return the files of each language below the data directory."""
    if spec.text is not None:
        return spec.text
    assert spec.folder is not None, "a pretraining has text or a folder"
    if not (data / spec.folder).is_dir():
        there = [entry.name for entry in data.iterdir() if entry.is_dir()]
        raise StudyError(f"{data} has no folder {spec.folder!r}; {nearest(spec.folder, there)}", key="model.pretrain.folder")
    try:
        found = corpus_folder(data / spec.folder)
    except DataError as error:
        raise StudyError(str(error), key="model.pretrain.folder") from error
    if (spec.tlm or spec.contrast) and spec.pivot not in found:
        what = f"{data / spec.folder} has no file of the pivot {spec.pivot!r}; {nearest(spec.pivot, found)}"
        raise StudyError(what, key="model.pretrain.folder")
    if wrong := spec.wrong_shares(found):
        raise StudyError(wrong, key="model.pretrain.shares")
    return {language: [f"{spec.folder}/{name}" for name in names] for language, names in found.items()}


def directory_digest(folder: Path) -> str:
    """Return the digest of what a model directory holds: names and contents of its JSON and safetensors files."""
    files = sorted(f for f in folder.iterdir() if f.suffix in (".json", ".safetensors", ".model", ".txt"))
    return digest({f.name: remembered("bytes", f, file_digest) for f in files})


def _read_json(folder: Path, name: str, expected: str, key: str) -> dict[str, Any]:
    try:
        content = json.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StudyError(f"{folder} has no {name}; expected {expected}", key=key) from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise StudyError(f"{folder / name} is not JSON ({error})", key=key) from None
    if not isinstance(content, dict):
        raise StudyError(f"{folder / name} is no JSON object; expected that of {expected}", key=key)
    return content


def _vocabulary(folder: Path) -> int:
    content = _read_json(folder, "tokenizer.json", "a fast tokenizer's directory", "model.tokenizer")
    return len(content.get("model", {}).get("vocab", ()))

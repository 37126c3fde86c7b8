"""The folder that `isthmus export` writes: the model, what its reader has to know, the reader, and an example to run.

It is there completely or not at all: it is filled beside its place, and renamed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

from isthmus.core.errors import SetupError
from isthmus.models.feature import frame_of
from isthmus.models.network import load_tokenizer
from isthmus.models.trained import ENCODER, HEAD, WEIGHTS
from isthmus.models.variant import GRAPH, ONNX
from isthmus.sources.example import Choice, Question, TaggedSentence, TextPair

READABLE = ("classification", "tagging", "span", "choice")  # kinds that templates/predict.py reads
TEMPLATES = Path(__file__).with_name("templates")
LABELS, TOKENIZER, READER, EXAMPLE = "labels.json", "tokenizer.json", "predict.py", "example.py"
CARD, REQUIREMENTS = "README.md", "requirements.txt"
BLANK = "EXAMPLE: dict[str, Any] = {}"  # the line of the example's template that is filled in
FORMAT = 1  # of labels.json
FORMS: dict[type, tuple[str, ...]] = {
    TextPair: ("first", "second"),
    TaggedSentence: ("words",),
    Question: ("question", "context"),
    Choice: ("context", "question", "endings"),
}


@contextmanager
def filling(out: Path) -> Iterator[Path]:
    """Give a new folder on the same disk as ``out``, and remove it at the end, with all that is left in it.

    Raises SetupError where ``out`` holds something, is no folder, or cannot be written: before any work.
    """
    place = out.resolve()
    try:
        if place.exists() and not place.is_dir():
            raise SetupError(f"{out} is a file; --out names a new directory")
        if place.exists() and any(place.iterdir()):
            raise SetupError(f"{out} is not empty; --out names a new directory")
        above = next(parent for parent in place.parents if parent.exists())
        beside = above / f".{place.name}.{os.getpid()}"
        beside.mkdir()
    except OSError as error:
        raise SetupError(f"{out} cannot be written ({error.strerror}); --out names another directory") from error
    try:
        yield beside
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def publish(folder: Path, out: Path) -> None:
    """Rename a filled folder to its place; raises SetupError where that cannot be done."""
    try:
        out.resolve().parent.mkdir(parents=True, exist_ok=True)
        folder.rename(out.resolve())
    except OSError as error:
        raise SetupError(f"{out} cannot be written ({error.strerror}); --out names another directory") from error


def asked_of(example: Any) -> dict[str, Any]:
    """Return an example as the reader takes it: what is asked, without id and gold."""
    form = next(form for kind, form in FORMS.items() if isinstance(example, kind))
    found = {name: getattr(example, name) for name in form}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items() if value is not None}


def texts_of(example: Any) -> list[str]:
    """Return every text of an example, its words joined by spaces; its gold is left out."""
    given = {field.name: getattr(example, field.name) for field in fields(example)}
    if words := given.get("words"):
        return [" ".join(words)]
    plain = [given[name] for name in ("first", "second", "question", "context") if given.get(name)]
    return [*plain, *given.get("endings", ())]


def write_facts(folder: Path, model: Path, kind: str, labels: list[str], max_length: int, stride: int) -> None:
    """Write ``labels.json``, which the reader works by, and the tokenizer, of a trained directory into a folder.

    ``labels`` in the order of the outputs; ``frame``: special sub-words before, between and after two texts and after one;
    ``second_type``: the segment of the second; ``padding`` and ``unknown``: sub-words; ``max_length`` and ``stride``:
    sub-words of a window, with its frame, and of what two windows share.
    """
    tokenizer = load_tokenizer(model / ENCODER)
    frame = frame_of(tokenizer)
    padding, unknown = tokenizer.pad_token_id, tokenizer.unk_token_id
    facts = {
        "format": FORMAT,
        "kind": kind,
        "labels": labels,
        "max_length": max_length,
        "stride": stride,
        "frame": {
            "before": frame.before,
            "between": frame.between,
            "after": frame.after,
            "after_one": frame.after_one,
            "second_type": frame.second_type,
        },
        "padding": padding,
        "unknown": padding if unknown is None else unknown,
    }
    (folder / LABELS).write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    tokenizer.backend_tokenizer.save(str(folder / TOKENIZER))


def write_reader(folder: Path, model: Path, example: Any) -> None:
    """Write the graph of a trained directory, the reader, one example to run it on, and what these need installed."""
    for file in sorted((model / ONNX).iterdir()):  # large graphs keep their weights in files beside them
        shutil.copyfile(file, folder / file.name)
    assert (folder / GRAPH).exists(), f"no {GRAPH} in {model / ONNX}"
    shutil.copyfile(TEMPLATES / READER, folder / READER)
    template = (TEMPLATES / EXAMPLE).read_text(encoding="utf-8")
    assert template.count(BLANK) == 1, "the example's template lost its blank"
    filled = template.replace(BLANK, f"EXAMPLE: dict[str, Any] = {asked_of(example)!r}")
    (folder / EXAMPLE).write_text(filled, encoding="utf-8")
    # What wrote these formats reads them; older ones may not.
    floors = [f"{name}>={_minor(version(name))}" for name in ("onnxruntime", "tokenizers")]
    (folder / REQUIREMENTS).write_text("\n".join([*floors, "numpy>=1.26", ""]), encoding="utf-8")


def write_weights(folder: Path, model: Path) -> None:
    """Write the encoder of a trained directory, loadable by AutoModel and AutoTokenizer, and the weights of its head."""
    for file in sorted((model / ENCODER).iterdir()):
        if not (folder / file.name).exists():
            shutil.copyfile(file, folder / file.name)
    for name in (WEIGHTS, HEAD):
        shutil.copyfile(model / name, folder / name)
    floors = [f"{name}>={_minor(version(name))}" for name in ("torch", "transformers", "tokenizers")]
    (folder / REQUIREMENTS).write_text("\n".join([*floors, "safetensors>=0.4", ""]), encoding="utf-8")


def size_of(*places: Path) -> int:
    """Return the bytes of files, and of all files below folders."""
    files = [file for place in places for file in (place.rglob("*") if place.is_dir() else [place])]
    return sum(file.stat().st_size for file in files if file.is_file())


def _minor(number: str) -> str:
    return ".".join(number.split("+")[0].split(".")[:2])

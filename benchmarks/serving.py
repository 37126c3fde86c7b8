"""Prediction by isthmus beside the plain pipeline of transformers: the same weights, the same sentences, one run, in turn.

Two classifiers of random weights in the shape of XLM-R, which both can load: their heads are the same. Sentence pairs are
those of XNLI in five languages where ISTHMUS_DATA names real data, else those of the artificial world.
``python benchmarks/serving.py [--threads 2] [--rounds 5] [--pairs 200] [--shape small]``
"""

from __future__ import annotations

import argparse
import copy
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import torch
from transformers import AutoTokenizer, XLMRobertaForSequenceClassification, pipeline

from _side_by_side import heading
from isthmus.efficiency.fleet import Checkpoint, Serving
from isthmus.models.family import load_family
from isthmus.models.feature import pad
from isthmus.models.network import Network, load_tokenizer, random_encoder
from isthmus.models.task_model import TaskModel
from isthmus.models.tokenizer import save_tokenizer, train_tokenizer
from isthmus.models.trained import headed, save_task_model
from isthmus.models.variant import Making, load_change
from isthmus.sources.directory import Directory
from isthmus.sources.example import TextPair
from isthmus.tasks.task import load_task
from isthmus.training.fine_tune import encoding_for
from isthmus.world.source import load_world

SHAPES = {"small: 3 layers x 128": (3, 128, 4), "base-like: 12 layers x 384": (12, 384, 6)}
LANGUAGES = ("en", "de", "tr", "zh", "ru")
MAX_LENGTH, STRIDE = 128, 32
# name -> changes that make it, precision of products
FORMS = {
    "isthmus fp32": ((), "fp32"),
    "isthmus bf16": ((), "bf16"),
    "isthmus bf16 weights": (("bf16",), "fp32"),
    "isthmus int8": (("int8",), "fp32"),
    "isthmus onnx int8": (("onnx", "int8"), "fp32"),
}


@dataclass
class Contender:
    """What answers one pair, and what answers all of them; and its seconds, a round each."""

    one: Callable[[TextPair], str]
    many: Callable[[Sequence[TextPair]], list[str]]
    passes: list[float] = field(default_factory=list)
    singles: list[float] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--shape", choices=[name.partition(":")[0] for name in SHAPES])
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    heading("Prediction by isthmus beside transformers.pipeline")
    pairs, whose = sentences(asked.pairs)
    with tempfile.TemporaryDirectory() as folder:
        tokenizer = Path(folder) / "tokenizer"
        texts = {"all": [text for pair in pairs for text in (pair.first, pair.second or "")]}
        save_tokenizer(train_tokenizer(texts, 8000, 0.3, False, Random(1)), tokenizer)
        for number, (name, shape) in enumerate(SHAPES.items()):
            if asked.shape and not name.startswith(asked.shape):
                continue
            model = classifier(tokenizer, shape, pairs)
            contenders = contenders_of(model, Path(folder) / str(number), asked.threads)
            print(f"\n{name}, {len(pairs)} pairs of {whose}; load average {os.getloadavg()[0]:.1f}", flush=True)
            measure(contenders, pairs, asked.rounds)


def sentences(number: int) -> tuple[list[TextPair], str]:
    """Return so many pairs without labels, all languages in turn, and whose they are."""
    root, task = os.environ.get("ISTHMUS_DATA"), load_task("xnli")
    source: Any = Directory(Path(root)) if root else load_world()
    languages = LANGUAGES if root else source.languages(task.files, "test")
    found = [source.read(task.files, language, "test", task.labels) for language in languages]
    pairs = [pair for rows in zip(*found, strict=False) for pair in rows][:number]
    return pairs, "XNLI" if root else "the world's XNLI"


def classifier(tokenizer: Path, shape: tuple[int, int, int], pairs: Sequence[TextPair]) -> TaskModel:
    """Return a classifier of random weights, of whose classes none is the favourite."""
    layers, hidden, heads = shape
    settings = {
        "model_type": "xlm-roberta", "hidden_size": hidden, "num_hidden_layers": layers, "num_attention_heads": heads,
        "intermediate_size": 4 * hidden, "max_position_embeddings": 514, "type_vocab_size": 1,
    }  # fmt: skip
    network = Network(random_encoder(settings, load_tokenizer(tokenizer), 1), load_tokenizer(tokenizer), tokenizer)
    model = headed(load_family("encoder"), network, "classification", load_task("xnli").labels, 1).eval()
    head: Any = model.module
    with torch.no_grad():
        head.out.weight.mul_(50)
        features = model.head.features(pairs, load_task("xnli").labels, encoding_for(network, MAX_LENGTH, STRIDE))[:64]
        states = network.hidden(model.body, pad(features, network.tokenizer.pad_token_id))
        head.out.bias -= head(states).mean(0)
    return model


def contenders_of(model: TaskModel, folder: Path, threads: int) -> dict[str, Contender]:
    """Return the pipeline, one pair at a time (as it comes) and 16, and every form of the same weights."""
    labels = load_task("xnli").labels
    config = copy.deepcopy(model.body.config)
    config.num_labels, config.id2label = len(labels), dict(enumerate(labels))
    plain: Any = XLMRobertaForSequenceClassification(config)
    module: Any = model.module
    plain.roberta.load_state_dict(model.body.state_dict(), strict=False)  # which has a pooler, too
    plain.classifier.dense.load_state_dict(module.dense.state_dict())
    plain.classifier.out_proj.load_state_dict(module.out.state_dict())
    tokenizer = AutoTokenizer.from_pretrained(str(model.network.folder))
    pipe = pipeline("text-classification", model=plain.eval(), tokenizer=tokenizer, device="cpu")

    def asked(pair: TextPair) -> dict[str, Any]:
        return {"text": pair.first, "text_pair": pair.second}

    def piped(batch: int) -> Contender:
        def many(pairs: Sequence[TextPair]) -> list[str]:
            return [found["label"] for found in pipe([asked(pair) for pair in pairs], batch_size=batch)]

        return Contender(lambda pair: str(pipe(asked(pair))["label"]), many)

    found = {"pipeline": piped(1), "pipeline, batches of 16": piped(16)}
    save_task_model(model, folder / "full", "classification", labels)
    for name, (changes, precision) in FORMS.items():
        made = changed(folder / "full", changes)
        serving = Serving(torch.device("cpu"), threads, MAX_LENGTH, STRIDE, precision)
        server = serving.server(Checkpoint(name, "", "", "", 1, made, made))
        found[name] = Contender(server.answer, server.answers)
    return found


def changed(source: Path, changes: Sequence[str]) -> Path:
    """Return the folder of a model with changes made."""
    for change in changes:
        out = source.with_name(f"{source.name}+{change}")
        if not out.exists():
            out.mkdir()
            making = Making(
                source, out, load_family("encoder"), {}, lambda net: encoding_for(net, MAX_LENGTH, STRIDE), lambda *_: None
            )
            load_change(change).make(making)
        source = out
    return source


def measure(contenders: dict[str, Contender], pairs: Sequence[TextPair], rounds: int) -> None:
    """Let all answer in turn, a first round uncounted, and print what each took beside the pipeline."""
    answers: dict[str, list[str]] = {}
    for round_ in range(rounds + 1):
        for name, one in contenders.items():
            begun = time.perf_counter()
            answers[name] = one.many(pairs)
            one.passes += [time.perf_counter() - begun] if round_ else []
        for pair in pairs[round_ :: 2 * rounds] if round_ else pairs[::8]:
            for one in contenders.values():
                begun = time.perf_counter()
                one.one(pair)
                one.singles += [time.perf_counter() - begun] if round_ else []
    plain = contenders["pipeline"]
    median = statistics.median(plain.singles)
    print(f"  {'':<26}{'pairs/s':>9}{'  x pipeline (rounds)':<25}{'p50 ms':>8}{'  x':<7}{'p95 ms':>8}  same labels")
    for name, one in contenders.items():
        ratios = sorted(base / own for base, own in zip(plain.passes, one.passes, strict=True))
        middle, p95 = statistics.median(one.singles), sorted(one.singles)[int(0.95 * len(one.singles))]
        same = statistics.fmean(a == b for a, b in zip(answers[name], answers["pipeline"], strict=True))
        rate, span = len(pairs) / statistics.median(one.passes), f"({ratios[0]:.2f} to {ratios[-1]:.2f})"
        print(
            f"  {name:<26}{rate:>9.0f}  {statistics.median(ratios):>5.2f} {span:<17}{1e3 * middle:>8.2f}"
            f"  {middle / median:<5.2f}{1e3 * p95:>8.2f}  {same:.1%}",
            flush=True,
        )
    counts = {label: answers["pipeline"].count(label) for label in sorted(set(answers["pipeline"]))}
    print(f"  the pipeline's labels: {counts}")


if __name__ == "__main__":
    main()

"""Tiny checkpoints with a head of each kind, and examples in which they are always right: every loss is the export's."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from random import Random

import torch
from tiny_networks import TEXT

from isthmus.efficiency.deployable import asked_of, texts_of
from isthmus.efficiency.exported import Asked
from isthmus.evaluation.predict import predict
from isthmus.models.family import load_family
from isthmus.models.feature import pad
from isthmus.models.trained import load_task_model, new_task_model, save_task_model
from isthmus.sources.example import Answer, Choice, Question, TaggedSentence, TextPair
from isthmus.tasks.task import load_task
from isthmus.training.fine_tune import encoding_for

TASKS = {"classification": "xnli", "tagging": "udpos", "span": "xquad", "choice": "xcopa"}
LABELS = {"classification": ("contradiction", "entailment", "neutral"), "tagging": ("NOUN", "PUNCT", "VERB")}
LENGTH, STRIDE = 32, 8


def checkpoint(kind, encoder, folder, seed=0):
    """Write a model whose answers differ from example to example, though nobody trained it."""
    labels = LABELS.get(kind, ())
    model = new_task_model(load_family("encoder"), encoder, kind, labels, seed)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if weights.dim() > 1 and "embedding" not in name:
                weights *= 8  # weights as they are drawn make all vectors alike
    if kind == "classification":
        balance(model, labels)
    save_task_model(model, folder, kind, labels)
    return folder


@torch.no_grad()
def balance(model, labels):
    """Take the mean out of the logits of some examples, so that no label wins them all."""
    stream = Random(0)
    features = model.head.features(
        [example("classification", number, "en", stream) for number in range(20)],
        labels,
        encoding_for(model.network, LENGTH, STRIDE),
    )
    model.eval()
    said = torch.stack(model.outputs(pad(features, model.network.tokenizer.pad_token_id)))
    model.module.out.bias -= said.mean(0)


def text(language, stream, most=30):
    """Draw some words, or some characters where words are not set apart; now and then more than a window takes."""
    whole = " ".join(TEXT[language])
    size = stream.choice((3, 8, most))
    start = stream.randrange(len(whole) - size)
    return (whole[start:] + " " + whole)[: size * 4].strip() or "a"


def example(kind, number, language, stream):
    drawn = [text(language, stream) for _ in range(4)]
    name = f"{language}{number}"
    if kind == "classification":
        return TextPair(name, drawn[0], None if number % 3 == 0 else drawn[1], None)
    if kind == "tagging":
        return TaggedSentence(name, tuple(drawn[0].split()), None)
    if kind == "span":
        return Question(name, drawn[0][:20], " ".join(drawn[1:]), None)
    return Choice(name, drawn[0], None if number % 2 else "why?", tuple(drawn[1 : 3 + number % 2]), None)


def with_gold(found, prediction):
    if isinstance(found, TextPair):
        return replace(found, label=prediction)
    if isinstance(found, TaggedSentence):
        return replace(found, tags=tuple(prediction))
    if isinstance(found, Question):
        return replace(found, answers=(Answer(prediction, found.context.index(prediction)),))
    return replace(found, label=prediction)


def answered(folder, examples, head=None):
    """What isthmus itself predicts with a plain checkpoint."""
    family = load_family("encoder")
    model, _, labels = load_task_model(family, family.load(folder / "encoder"), head or folder)
    return predict(model, examples, labels, encoding_for(model.network, LENGTH, STRIDE), "fp32", lambda *_: None)


def asked_for(kind, folder, languages=("en", "de"), count=24, head=None, **changes):
    """Ask for an export of a checkpoint that is right in all its examples."""
    stream = Random(1)
    examples = {}
    for language in languages:
        bare = [example(kind, number, language, stream) for number in range(count)]
        found = answered(folder, bare, head)
        examples[language] = [with_gold(one, prediction) for one, prediction in zip(bare, found, strict=True)]
    given = {
        "name": "tiny", "folder": folder, "head": head or folder, "family": "encoder", "task": load_task(TASKS[kind]),
        "labels": LABELS.get(kind, ()), "examples": examples,
        "texts": {name: [text for one in own for text in texts_of(one)] for name, own in examples.items()},
        "splits": dict.fromkeys(languages, "test"), "max_length": LENGTH, "stride": STRIDE, "precision": "fp32",
    }  # fmt: skip
    return Asked(**{**given, **changes})


def reader_of(folder, threads=1):
    """The model of an exported folder, by the folder's own predict.py."""
    spec = importlib.util.spec_from_file_location(f"reader_{abs(hash(folder))}", folder / "predict.py")
    module = importlib.util.module_from_spec(spec)
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = kept
    return module.Model(threads=threads)


def read(folder, examples, **how):
    return reader_of(folder).predict([asked_of(one) for one in examples], **how)

"""A toy task that a tiny encoder learns in a few steps, and short runs of the loop on it.

Imported by the tests; as a command it is one of several processes that train together:
python toy_task.py ENCODER WORK OUT.safetensors STOP (the step at which the last process alone is told to stop, or 0)
with the name of a function of this file, ``run`` or ``run_mix``, after it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import torch
from safetensors.torch import save_file

from isthmus.compute.device import accelerator
from isthmus.core.errors import Stopped
from isthmus.core.seeds import stream_seed
from isthmus.models.family import load_family
from isthmus.models.feature import frame_of
from isthmus.models.head import Encoding
from isthmus.models.trained import new_task_model
from isthmus.sources.corpora import Corpus
from isthmus.sources.example import TaggedSentence
from isthmus.study.spec import Recipe
from isthmus.training import loop
from isthmus.training.batches import labelled_rounds
from isthmus.training.checkpoint import Checkpoints
from isthmus.training.loop import Schedule, Session, Watch, train
from isthmus.training.multitask import Labelled, train_together
from isthmus.training.raw import Raw
from isthmus.training.streams import alone

LABELS = ["O", "DOG", "NUM"]
TAGS = {"the": "O", "in": "O", "quick": "O", "dog": "DOG", "fox": "DOG", "2019": "NUM", "148": "NUM", "北京": "O"}
RECIPE = Recipe(learning_rate=1e-2, steps=12, batch_tokens=60, max_length=32, stride=8, restarts=0)


def sentences(size=40, seed=0):
    draw = Random(seed)
    chosen = [tuple(draw.choices(list(TAGS), k=draw.randint(1, 9))) for _ in range(size)]
    return [TaggedSentence(str(i), words, tuple(TAGS[w] for w in words)) for i, words in enumerate(chosen)]


def model_of(encoder, seed=0):
    return new_task_model(load_family("encoder"), encoder, "tagging", LABELS, seed)


def features_of(model, examples):
    tokenizer = model.network.tokenizer
    return model.head.features(examples, LABELS, Encoding(tokenizer, frame_of(tokenizer), RECIPE.max_length, RECIPE.stride))


def rounds_of(model, recipe=RECIPE, seed=0):
    return labelled_rounds(features_of(model, sentences()), recipe, seed)


def fill(model):
    """Put weights into a model that depend on their names alone, not on the order in which a library draws them."""
    for name, weight in model.named_parameters():
        drawn = torch.randn(weight.shape, generator=torch.Generator().manual_seed(stream_seed(0, name)))
        weight.data = (drawn * 0.05).add(float("Norm.weight" in name))


class StopAt:
    """Tells a run to stop each time one of the given steps is reached; counts the steps over all of its runs."""

    def __init__(self, *steps):
        self.steps, self.done = set(steps), 0

    def __call__(self):
        if self.done in self.steps:
            self.steps.remove(self.done)
            return True
        self.done += 1
        return False


def run(encoder, work, *, stopping=lambda: False, seconds=1e9, seed=0, selection=None, model=None, report=None, **changes):
    """Train a fresh model from whatever ``work`` holds; return (model, place)."""
    recipe = Recipe(**{**RECIPE.model_dump(), **changes})
    model = model or model_of(encoder)
    rounds = rounds_of(model, recipe, seed)
    schedule = Schedule(
        recipe.learning_rate, recipe.steps, recipe.warmup, recipe.weight_decay, recipe.clip, recipe.precision
    )  # fmt: skip
    watch = Watch(report or (lambda *_: None), stopping)
    chosen = selection(model) if selection else None
    place = train(model, alone(rounds), schedule, seed, 1, Checkpoints(work, seconds), watch, accelerator(), chosen)
    return model, place


def weights(model):
    return {name: weight.detach().clone() for name, weight in model.state_dict().items()}


def run_mix(encoder, work, stopping=lambda: False):
    """Train an encoder on the toy task and on raw text at once; return (model, place)."""
    text = Raw({"en": Corpus(tuple(" ".join(sentence.words) for sentence in sentences()), {})}, 0.3, 1.0)
    members = {"tags": Labelled("tagging", LABELS, sentences()), "mlm": text}
    session = Session(work, 1e9, Watch(lambda *_: None, stopping))
    rates = {"tags": 0.5, "mlm": 0.5}
    mixed = train_together(load_family("encoder"), encoder, members, rates, RECIPE, 0, session)
    return mixed.language_model, mixed.place


def main(encoder, work, out, stop, how):
    """Train in one of several processes, stopped once on the way, and let the first one write the weights."""
    torch.set_num_threads(1)
    loop.micro_tokens = lambda _: 48  # several micro-batches a step, an odd number of them now and then
    processes = accelerator()
    last = processes.process_index == processes.num_processes - 1
    stopping = StopAt(*([int(stop)] if int(stop) and last else []))
    try:
        model, place = globals()[how](encoder, Path(work), stopping=stopping)
    except Stopped:
        processes.wait_for_everyone()
        model, place = globals()[how](encoder, Path(work))
    if processes.is_main_process:
        save_file({name: weight.detach().clone() for name, weight in model.named_parameters()}, out)
        left = sorted(folder.name.split("-")[1] for folder in Path(work).rglob("step-*"))
        print(f"{processes.num_processes} processes, {place.step} steps, checkpoints of steps {left}")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Small trained directories, and what a change is given to make a variant of one."""

from __future__ import annotations

import torch
from tiny_networks import encoding_of

from isthmus.models.family import load_family
from isthmus.models.feature import pad
from isthmus.models.running import load_running
from isthmus.models.trained import new_task_model, save_task_model
from isthmus.models.variant import Making, load_change
from isthmus.sources.example import Answer, Choice, OpenQuestion, Question, Ranked, TaggedSentence, TextPair
from isthmus.world.source import load_world

ENCODER = load_family("encoder")
ANIMALS = {"dog": "dogs", "fox": "foxes"}
PAIRS = [TextPair(f"{a}{n}", f"the {a} " * n, f"and {a}", label) for a, label in ANIMALS.items() for n in range(1, 9)]
TAGGED = [TaggedSentence(str(n), ("the", "dog") * n, ("A", "B") * n) for n in range(1, 6)]
CHOICES = [Choice(str(n), "the dog " * n, None, ("dog", "fox", "sea")[: 2 + n % 2], n % 2) for n in range(1, 7)]
POOL = {str(n): ("the dog " * n, "in the morning") for n in range(1, 6)}
RANKED = [Ranked(n, f"dog {n}", POOL, (n,)) for n in POOL]
ASKED = [(str(n), "who sleeps", "the dog " * n, (Answer("dog", 4),)) for n in range(1, 6)]
TASKS = {
    "classification": (["dogs", "foxes"], PAIRS),
    "tagging": (["A", "B"], TAGGED),
    "choice": ([], CHOICES),
    "ranking": ([], RANKED),
    "span": ([], [Question(*asked) for asked in ASKED]),
    "span_or_none": ([], [OpenQuestion(*asked) for asked in ASKED]),
}


def trained(encoder, folder, kind="classification"):
    """Write a directory as training leaves it, its head new; return the folder."""
    labels = TASKS[kind][0]
    save_task_model(new_task_model(ENCODER, encoder, kind, labels, 3), folder, kind, labels)
    return folder


def fine_tuned(encoder, folder, task, examples, steps=40):
    """Write a model that has learnt a task from examples for some steps; return the folder."""
    model = new_task_model(ENCODER, encoder, task.kind, task.labels, 3)
    features = model.head.features(examples, task.labels, encoding_of(model.network.tokenizer, 96, 16))
    optimizer, losses = torch.optim.AdamW(model.parameters(), lr=1e-3), []
    for step in range(steps):
        batch = pad([features[(step * 16 + i) % len(features)] for i in range(16)], model.network.tokenizer.pad_token_id)
        found = model(batch)
        loss = found.total / found.weight
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert sum(losses[-10:]) < 0.95 * sum(losses[:10]), "it learnt something"
    save_task_model(model, folder, task.kind, task.labels)
    return folder


def world_examples(task, language, split):
    """Return the examples of a split of the artificial languages."""
    return load_world().read(task.files, language, split, task.labels)


def change(name, source, out, examples=(), texts=None, **settings):
    """Make one change of a directory; return the folder of the variant."""
    out.mkdir(parents=True)
    cut = {"encoding": lambda network: encoding_of(network.tokenizer), "tick": lambda *_: None}
    load_change(name).make(Making(source, out, ENCODER, settings, examples=examples, texts=texts, **cut))
    return out


def running(folder):
    """Load a directory as it is run."""
    model, _ = load_running(ENCODER, folder, folder, torch.device("cpu"))
    model.eval()
    return model


def features_of(model, kind="classification", examples=None):
    labels, own = TASKS[kind]
    return model.head.features(own if examples is None else examples, labels, encoding_of(model.network.tokenizer))


def answers(model, kind="classification", examples=None):
    """Return the outputs of all features in one batch, one a feature."""
    features = features_of(model, kind, examples)
    with torch.no_grad():
        return model.outputs(pad(features, model.network.tokenizer.pad_token_id))


def weights_of(folder):
    """Return how many numbers the encoder of a directory has."""
    return sum(weight.numel() for weight in ENCODER.load(folder / "encoder").body.parameters())

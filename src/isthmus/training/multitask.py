"""Training one encoder on several tasks at once: a head each, and every step a batch of one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from isthmus.compute.device import accelerator, quickest_attention
from isthmus.core.errors import UserError
from isthmus.core.seeds import stream_seed
from isthmus.mixing.rates import rates_of
from isthmus.mixing.text import TextMixture
from isthmus.models.family import Family
from isthmus.models.head import Encoding
from isthmus.models.network import Network
from isthmus.models.task_model import MaskedLanguageModel, MultiTaskModel, TaskModel, load_language_model
from isthmus.models.trained import ENCODER, head_folder, headed, save_head
from isthmus.sources.corpora import Corpus
from isthmus.study.spec import Recipe, Scheme
from isthmus.training.batches import Rounds, labelled_rounds
from isthmus.training.checkpoint import Checkpoints, Place
from isthmus.training.fine_tune import encoding_for
from isthmus.training.loop import Schedule, Session, train, with_restarts
from isthmus.training.pretrain import encoded, masked_rounds, tokens_of_batch
from isthmus.training.streams import Streams


@dataclass(frozen=True)
class Labelled:
    """A task of a mix: its kind, labels and training examples."""

    kind: str
    labels: Sequence[str]
    examples: Sequence[Any]


@dataclass(frozen=True)
class Raw:
    """Raw text of a mix by language, with the share of sub-words that are masked and the exponent of language sampling."""

    text: Mapping[str, Corpus]
    mask: float
    alpha: float


@dataclass(frozen=True)
class Mixed:
    """An encoder trained on a mix, by itself and (where text was among it) with its vocabulary head, and how that went.

    ``models`` are those of its tasks, with their members; ``fate`` says whether the vocabulary head was new or carried;
    ``steps`` counts the steps of each stream.
    """

    network: Network
    models: Mapping[str, tuple[TaskModel, Labelled]]
    language_model: MaskedLanguageModel | None
    fate: str | None
    place: Place
    rates: Mapping[str, float]
    steps: Mapping[str, int]
    collapses: list[str]

    def save(self, folder: Path) -> None:
        """Write the encoder, with its vocabulary head where text was in the mix, and the head of each task."""
        (self.language_model or self.network).save(folder / ENCODER)
        for name, (model, member) in self.models.items():
            save_head(model, head_folder(folder, name), member.kind, member.labels)


def train_together(
    family: Family,
    encoder: Path,
    members: Mapping[str, Labelled | Raw],
    rates: Mapping[str, float] | Scheme,
    recipe: Recipe,
    seed: int,
    session: Session,
) -> Mixed:
    """Train the encoder of a directory on the members of a mix by name, with a new head each, for the recipe's ``steps``.

    A step's member is drawn by the rates from (seed, step) alone, its batch is the next of that member's own epochs.
    Raises UserError where a member has nothing to learn from.
    """
    assert recipe.steps, "a mix has a number of steps"
    steps = recipe.steps
    schedule = Schedule(recipe.learning_rate, steps, recipe.warmup, recipe.weight_decay, recipe.clip, recipe.precision)

    def run(attempt: int, folder: Path) -> Mixed:
        own = seed if attempt == 0 else stream_seed(seed, f"attempt/{attempt}")
        machine = accelerator()
        network, language_model, fate = _load(family, encoder, members, stream_seed(own, "head"))
        network.attend(quickest_attention(machine.device))
        cut = encoding_for(network, recipe.max_length, recipe.stride)
        models: dict[str, TaskModel | MaskedLanguageModel] = {}
        tasks: dict[str, tuple[TaskModel, Labelled]] = {}
        rounds: dict[str, Rounds] = {}
        sizes: dict[str, int | None] = {}
        for name, member in sorted(members.items()):
            drawn = stream_seed(own, f"stream/{name}")
            if isinstance(member, Raw):
                assert language_model, "text has a vocabulary head"
                models[name], sizes[name] = language_model, None
                rounds[name] = _text(name, member, cut, recipe, drawn)
            else:
                models[name] = model = headed(family, network, member.kind, member.labels, drawn)
                tasks[name] = model, member
                rounds[name], sizes[name] = _labelled(name, model, member, cut, recipe, drawn)
        shares = rates_of(rates, sizes) if isinstance(rates, Scheme) else rates
        streams = Streams(rounds, shares, own)
        watched = Checkpoints(folder, session.seconds)
        padding = network.tokenizer.pad_token_id
        place = train(MultiTaskModel(models), streams, schedule, own, padding, watched, session.watch, machine)
        return Mixed(network, tasks, language_model, fate, place, shares, streams.counted(place.step), [])

    result, collapses = with_restarts(run, session.work, recipe.restarts)
    return replace(result, collapses=collapses)


def _load(
    family: Family, encoder: Path, members: Mapping[str, Labelled | Raw], seed: int
) -> tuple[Network, MaskedLanguageModel | None, str | None]:
    """Return the encoder, with its vocabulary head where there is text and what became of that."""
    if any(isinstance(member, Raw) for member in members.values()):
        model, fate = load_language_model(encoder, seed)
        return model.network, model, fate
    torch.manual_seed(seed)  # for weights that the directory lacks, a pooler say
    return family.load(encoder), None, None


def _labelled(name: str, model: TaskModel, member: Labelled, cut: Encoding, recipe: Recipe, seed: int) -> tuple[Rounds, int]:
    """Return the batches of a task, and how many labelled examples they come from."""
    features = [f for f in model.head.features(member.examples, member.labels, cut) if f.target is not None]
    if not features:
        raise UserError(f"the training set of {name} has no labelled example")
    rounds = labelled_rounds(features, recipe, seed, whole=model.head.whole_batches)
    return rounds, len({feature.example for feature in features})


def _text(name: str, member: Raw, cut: Encoding, recipe: Recipe, seed: int) -> Rounds:
    lines = {language: encoded(corpus, cut) for language, corpus in member.text.items()}
    if not any(lines.values()):
        raise UserError(f"the text of {name} has no sub-word")
    return masked_rounds(TextMixture(lines, {}, member.alpha, 0.0), cut, member.mask, tokens_of_batch(recipe), seed)

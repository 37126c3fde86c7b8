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
from isthmus.mixing.rates import Course, course_of
from isthmus.models.family import Family
from isthmus.models.head import Encoding
from isthmus.models.network import Network
from isthmus.models.task_model import MaskedLanguageModel, MultiTaskModel, TaskModel, load_language_model
from isthmus.models.trained import ENCODER, head_folder, headed, save_head
from isthmus.study.rates import Schedule as RateSchedule
from isthmus.study.rates import Scheme
from isthmus.study.spec import Recipe
from isthmus.training.batches import Rounds, labelled_rounds
from isthmus.training.checkpoint import Checkpoints, Place
from isthmus.training.fine_tune import encoding_for
from isthmus.training.languages import Spoken
from isthmus.training.loop import Schedule, Session, train, with_restarts
from isthmus.training.pretrain import masked_rounds, tokens_of_batch
from isthmus.training.raw import Raw
from isthmus.training.streams import Streams


@dataclass(frozen=True)
class Labelled:
    """A task of a mix: its kind, labels and training examples, with the rates of their languages where these have any."""

    kind: str
    labels: Sequence[str]
    examples: Sequence[Any]
    spoken: Spoken | None = None


@dataclass(frozen=True)
class Mixed:
    """An encoder trained on a mix, by itself and (where text was among it) with its vocabulary head, and how that went.

    ``models`` are those of its tasks, with their members; ``fate`` says whether the vocabulary head was new or carried;
    ``course`` has the rates of the streams, ``steps`` counts the steps of each; ``languages`` are the shares of languages
    in the streams that have rates for them.
    """

    network: Network
    models: Mapping[str, tuple[TaskModel, Labelled]]
    language_model: MaskedLanguageModel | None
    fate: str | None
    place: Place
    course: Course
    languages: Mapping[str, Mapping[str, float]]
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
    rates: Mapping[str, float] | Scheme | RateSchedule,
    recipe: Recipe,
    seed: int,
    session: Session,
) -> Mixed:
    """Train the encoder of a directory on the members of a mix by name, with a new head each, for the recipe's ``steps``.

    A step's member is drawn by the rates of that step from (seed, step) alone, its batch is the next of that member's own
    epochs. Raises UserError where a member has nothing to learn from.
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
        languages: dict[str, Mapping[str, float]] = {}
        for name, member in sorted(members.items()):
            drawn = stream_seed(own, f"stream/{name}")
            if isinstance(member, Raw):
                assert language_model, "text has a vocabulary head"
                models[name], sizes[name] = language_model, None
                rounds[name] = _text(name, member, cut, recipe, drawn)
            else:
                models[name] = model = headed(family, network, member.kind, member.labels, drawn)
                tasks[name] = model, member
                rounds[name], sizes[name], spoken = _labelled(name, model, member, cut, recipe, drawn)
                languages |= {name: spoken} if spoken else {}
        course = course_of(rates, sizes, steps)
        streams = Streams(rounds, course, own)
        watched = Checkpoints(folder, session.seconds)
        padding = network.tokenizer.pad_token_id
        place = train(MultiTaskModel(models), streams, schedule, own, padding, watched, session.watch, machine)
        return Mixed(network, tasks, language_model, fate, place, course, languages, streams.counted(place.step), [])

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


def _labelled(
    name: str, model: TaskModel, member: Labelled, cut: Encoding, recipe: Recipe, seed: int
) -> tuple[Rounds, int, Mapping[str, float]]:
    """Return the batches of a task, how many labelled examples they come from, and the shares of languages with rates."""
    features = [f for f in model.head.features(member.examples, member.labels, cut) if f.target is not None]
    if not features:
        raise UserError(f"the training set of {name} has no labelled example")
    spoken = member.spoken.arranged(features, seed) if member.spoken else None
    rounds = labelled_rounds(spoken or features, recipe, seed, whole=model.head.whole_batches)
    return rounds, len({feature.example for feature in features}), spoken.shares if spoken else {}


def _text(name: str, member: Raw, cut: Encoding, recipe: Recipe, seed: int) -> Rounds:
    return masked_rounds(member.mixture(cut, name), cut, member.mask, tokens_of_batch(recipe), seed)

"""Fine-tuning an encoder on one task: a new head, the loop, new starts after a collapse."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from isthmus.compute.device import accelerator, quickest_attention
from isthmus.core.errors import UserError
from isthmus.core.seeds import stream_seed
from isthmus.models.family import Family
from isthmus.models.head import Encoding
from isthmus.models.lora import inject
from isthmus.models.network import Network
from isthmus.models.task_model import TaskModel
from isthmus.models.trained import new_task_model, restore_head
from isthmus.study.spec import Recipe
from isthmus.training.batches import labelled_rounds, total_steps
from isthmus.training.checkpoint import Checkpoints, Place
from isthmus.training.languages import Spoken
from isthmus.training.loop import Schedule, Selection, Session, train, with_restarts
from isthmus.training.streams import alone


@dataclass(frozen=True)
class FineTuned:
    """A trained model, where its training ended, what collapsed attempts said, and the shares of languages with rates."""

    model: TaskModel
    place: Place
    collapses: list[str]
    steps: int
    languages: Mapping[str, float]


def encoding_for(network: Network, max_length: int, stride: int) -> Encoding:
    """Return how texts are cut for a network.

    Raises UserError when it has fewer positions than ``max_length``, or a window has no room for a question and a context.
    """
    least = 2 * network.frame.size + 2
    if max_length < least:
        raise UserError(f"max_length {max_length} leaves no room for text; the tokenizer of {network.folder} needs {least}")
    if network.positions is not None and max_length > network.positions:
        raise UserError(f"max_length {max_length} is more than the {network.positions} positions of {network.folder}")
    return Encoding(network.tokenizer, network.frame, max_length, stride)


def fine_tune(
    family: Family,
    encoder: Path,
    kind: str,
    labels: Sequence[str],
    examples: Sequence[Any],
    recipe: Recipe,
    seed: int,
    session: Session,
    dev_score: Callable[[TaskModel], float] | None = None,
    head: Path | None = None,
    spoken: Spoken | None = None,
    lora: Mapping[str, Any] | None = None,
) -> FineTuned:
    """Train a head and the encoder on examples under a recipe; ``dev_score`` serves early stopping.

    The head is new, or goes on from the one in the folder ``head``, whose labels must be ``labels``.
    Examples are one pool, or drawn by language as ``spoken`` says. With ``lora`` ({rank, alpha}) the encoder is frozen but
    for low-rank updates.
    """

    def run(attempt: int, folder: Path) -> FineTuned:
        own = seed if attempt == 0 else stream_seed(seed, f"attempt/{attempt}")
        machine = accelerator()
        model = new_task_model(family, encoder, kind, labels, stream_seed(own, "head"))
        if head:
            restore_head(model, head)
        if lora:
            inject(model.network, lora["rank"], lora["alpha"], stream_seed(own, "lora"))
        model.network.attend(quickest_attention(machine.device))
        cut = encoding_for(model.network, recipe.max_length, recipe.stride)
        features = [f for f in model.head.features(examples, labels, cut) if f.target is not None]
        if not features:
            raise UserError("the training set has no labelled example")
        drawn = spoken.arranged(features, own) if spoken else None
        rounds = labelled_rounds(drawn or features, recipe, own, whole=model.head.whole_batches)
        steps = total_steps(rounds, recipe)
        schedule = Schedule(
            recipe.learning_rate, steps, recipe.warmup, recipe.weight_decay, recipe.clip, recipe.precision
        )  # fmt: skip
        stop = recipe.early_stopping
        selection = None
        if stop and dev_score:
            selection = Selection(stop.every, stop.patience, lambda: dev_score(model))
        padding = model.network.tokenizer.pad_token_id
        place = train(
            model, alone(rounds), schedule, own, padding, Checkpoints(folder, session.seconds), session.watch, machine,
            selection,
        )  # fmt: skip
        return FineTuned(model, place, [], steps, drawn.shares if drawn else {})

    result, collapses = with_restarts(run, session.work, recipe.restarts)
    return replace(result, collapses=collapses)

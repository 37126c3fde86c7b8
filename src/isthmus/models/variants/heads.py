"""Attention heads that matter least, taken out of a trained model for good.

Importance after Michel, Levy and Neubig 2019 ("Are Sixteen Heads Really Better than One?"): the mean over labelled examples
of the absolute gradient of an example's loss with respect to a mask on the head's output, brought to length 1 in each
layer. Heads of all layers are ranked together, and each layer keeps at least one. Nothing is trained afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from isthmus.compute.device import accelerator, micro_tokens, quickest_attention
from isthmus.core.errors import UserError
from isthmus.models.feature import Feature, joined, packed, pad
from isthmus.models.pruning import attentions, head_counts, remove_heads
from isthmus.models.running import refuse_after
from isthmus.models.task_model import TaskModel
from isthmus.models.trained import ENCODER, head_record, load_task_model
from isthmus.models.variant import Change, Making, copy_model, write_running

FEATURES = 512  # on which importance is measured
WHOLE = 16  # pairs told from each other, where a batch is one feature


def make(making: Making) -> None:
    """Write the model with the share ``heads`` of its attention heads.

    Raises UserError for a share that is not between 0 and 1 or takes no head out, a model without a head of its own or that
    is not run as it was trained, an architecture whose heads cannot be taken out, and examples without labels.
    """
    share = making.settings["heads"]
    if not 0 < share < 1:
        raise UserError(f"heads: found {share}; expected the share that is kept, above 0 and below 1")
    running = refuse_after(making.source, "heads")
    head_record(making.source)
    network = making.family.load(making.source / ENCODER)
    model, _, labels = load_task_model(making.family, network, making.source)
    counts = head_counts(network.body)  # an architecture that is not known is told before anything is computed
    if _left(counts, share) == sum(counts):
        what = f"which leaves all {sum(counts)} heads in {len(counts)} layers; expected less, and several heads a layer"
        raise UserError(f"heads: found {share}, {what}")
    network.attend(quickest_attention(accelerator().device))
    model.to(accelerator().device)
    features = model.head.features(making.examples[:FEATURES], labels, making.encoding(network))
    features = [feature for feature in features if feature.target is not None][:FEATURES]
    if not features:
        raise UserError("heads: found no labelled example; the importance of heads is measured on training examples")
    kept = most_important(importance(model, features, making.tick), share)
    model.to("cpu")
    remove_heads(network.body, kept)
    network.save(making.out / ENCODER)
    copy_model(making.source, making.out, but=(ENCODER,))
    told = {"share": share, "heads": sum(map(len, kept)), "of": sum(counts), "kept": kept}
    write_running(making.out, running.after("heads", told))


def importance(model: TaskModel, features: Sequence[Feature], tick: Callable[[int, int], None]) -> list[Tensor]:
    """Return, by layer, the importance of each head: the mean over features of its mask's absolute gradient, of length 1."""
    model.eval().requires_grad_(requires_grad=False)
    network, counts = model.network, head_counts(model.body)
    sums = [torch.zeros(count, dtype=torch.float64) for count in counts]
    done = 0
    for part in _parts(features, micro_tokens(network.device), whole=model.head.whole_batches):
        batch = pad(part, network.tokenizer.pad_token_id).to(network.device)
        masks = [torch.ones(len(batch.ids), count, device=network.device, requires_grad=True) for count in counts]
        with masked(model, masks):
            loss = model(batch).total
        rows = [feature.rows for feature in part]
        for total, gradient in zip(sums, torch.autograd.grad(loss, masks), strict=True):
            # A feature of several windows has one loss: the gradients of its rows belong together.
            of_features = torch.stack([own.sum(0) for own in torch.split(gradient.double().cpu(), rows)])
            total += of_features.abs().sum(0)
        done += len(part)
        tick(done, len(features))
    return [total / total.norm().clamp(min=1e-300) for total in sums]


def _parts(features: Sequence[Feature], tokens: int, *, whole: bool) -> Iterator[list[Feature]]:
    """Yield the features of each batch; where a batch is ``whole``, one feature that holds several."""
    if whole:
        yield from ([joined(features[i : i + WHOLE])] for i in range(0, len(features), WHOLE))
        return
    for chosen in packed(features, tokens):
        yield [features[i] for i in chosen]


@contextmanager
def masked(model: TaskModel, masks: Sequence[Tensor]) -> Iterator[None]:
    """Multiply the outputs of the heads of each layer by ``masks`` inside a ``with``: a number a row and head, or a head."""

    def hook(mask: Tensor) -> Callable[[Any, tuple[Any, ...]], tuple[Any, ...]]:
        def multiply(_: Any, given: tuple[Any, ...]) -> tuple[Any, ...]:
            states, *rest = given
            by_head = states.unflatten(-1, (mask.shape[-1], -1))
            spread = mask.reshape(-1, 1, mask.shape[-1], 1).to(states)
            return ((by_head * spread).flatten(-2), *rest)

        return multiply

    parts = attentions(model.body)
    hooks = [part.output.dense.register_forward_pre_hook(hook(m)) for part, m in zip(parts, masks, strict=True)]
    try:
        yield
    finally:
        for one in hooks:
            one.remove()


def most_important(importances: Sequence[Tensor], share: float) -> list[list[int]]:
    """Return, by layer, the heads that are kept: the best of each layer, then the best of all up to ``share`` of them."""
    order = sorted(
        (-float(value), layer, head) for layer, own in enumerate(importances) for head, value in enumerate(own)
    )  # fmt: skip
    kept: list[set[int]] = [set() for _ in importances]
    for _, layer, head in order:
        if not kept[layer]:
            kept[layer].add(head)
    room = _left(list(map(len, importances)), share) - len(kept)
    for _, layer, head in order:
        if room > 0 and head not in kept[layer]:
            kept[layer].add(head)
            room -= 1
    return [sorted(heads) for heads in kept]


def _left(counts: Sequence[int], share: float) -> int:
    """Return how many of the heads in layers are left: the share of all, and one a layer at the least."""
    return max(len(counts), round(share * sum(counts)))


CHANGE = Change(make, examples=True)

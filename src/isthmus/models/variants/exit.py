"""Early exit by confidence: a head for each layer below the last, trained while the network stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from isthmus.compute.device import accelerator, micro_tokens, quickest_attention
from isthmus.core.errors import UserError
from isthmus.core.seeds import stream_seed
from isthmus.models.exiting import check_confidence, new_exits, save_exits, states_below
from isthmus.models.feature import Feature, packed, pad
from isthmus.models.running import refuse_after
from isthmus.models.task_model import TaskModel
from isthmus.models.trained import ENCODER, head_record, load_task_model
from isthmus.models.variant import EXITS, Change, Making, copy_model, write_running

KIND = "classification"  # of which a window has one answer
FEATURES = 4096  # that exits are trained on
STEPS = 500
BATCH = 64
LEARNING_RATE = 1e-3
SEED = 0  # of drop-out and of the order of features


def make(making: Making) -> None:
    """Write the model with exits that are taken at the confidence ``exit``.

    Raises UserError for a confidence that is not between 0 and 1, another kind than classification, a model that is not run
    as it was trained, a network of one layer, and examples without labels.
    """
    confidence = making.settings["exit"]
    check_confidence(confidence)
    running = refuse_after(making.source, "exit")
    kind, _ = head_record(making.source)
    if kind != KIND:
        raise UserError(f"{making.source}: exit answers from a lower layer, which serves {KIND} alone; found {kind}")
    network = making.family.load(making.source / ENCODER)
    model, _, labels = load_task_model(making.family, network, making.source)
    exits = new_exits(model)  # a network that is too low is told before anything is computed
    network.attend(quickest_attention(accelerator().device))
    model.to(accelerator().device)
    features = model.head.features(making.examples[:FEATURES], labels, making.encoding(network))
    features = [feature for feature in features if feature.target is not None][:FEATURES]
    if not features:
        raise UserError("exit: found no labelled example; heads of lower layers are trained on training examples")
    steps = len(features) + STEPS
    states = cached(model, features, lambda done: making.tick(done, steps))
    target = torch.tensor([feature.target for feature in features], device=network.device)
    exits.to(network.device)
    train_exits(exits, states, target, lambda done: making.tick(len(features) + done, steps))
    copy_model(making.source, making.out)
    save_exits(exits, making.out / EXITS)
    told = {"confidence": confidence, "exits": len(exits), "features": len(features)}
    write_running(making.out, running.after("exit", told, exit=confidence))


def cached(model: TaskModel, features: Sequence[Feature], tick: Callable[[int], None]) -> Tensor:
    """Return the states (layers - 1) x features x H of first sub-words, on the network's device."""
    model.eval()
    found: dict[int, Tensor] = {}
    for chosen in packed(features, micro_tokens(model.network.device)):
        batch = pad([features[i] for i in chosen], model.network.tokenizer.pad_token_id).to(model.network.device)
        found.update(zip(chosen, states_below(model, batch).unbind(1), strict=True))
        tick(len(found))
    return torch.stack([found[i] for i in range(len(features))], 1)


def train_exits(exits: nn.ModuleList, states: Tensor, target: Tensor, tick: Callable[[int], None]) -> None:
    """Train each exit on the states of its layer, all on the same features: AdamW, its rate falling to 0."""
    exits.train()
    optimizer = torch.optim.AdamW(exits.parameters(), lr=LEARNING_RATE)
    draw = torch.Generator().manual_seed(stream_seed(SEED, "order"))
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * (1 - step / STEPS)
        rows = torch.randint(len(target), (BATCH,), generator=draw).to(target.device)
        torch.manual_seed(stream_seed(SEED, f"dropout/{step}"))
        losses = [
            nn.functional.cross_entropy(own(below[rows]), target[rows]) for own, below in zip(exits, states, strict=True)
        ]
        optimizer.zero_grad()
        torch.autograd.backward(torch.stack(losses).sum())
        optimizer.step()
        tick(step + 1)
    exits.eval()


CHANGE = Change(make, examples=True)

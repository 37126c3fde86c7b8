"""Early exit: a classifier that answers from the first layer that is confident, and goes no further.

Each layer below the last has a head of its own, trained on the frozen network's states, as in the second stage of DeeBERT
(Xin et al. 2020); different here: what decides is the highest probability, not the entropy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from isthmus.core.errors import SetupError, UserError
from isthmus.models.feature import Batch
from isthmus.models.network import Network
from isthmus.models.stack import layers_of
from isthmus.models.task_model import TaskModel


class Exit(nn.Module):
    """A copy of the last layer's head, on states brought to mean 0 and variance 1: below it some networks norm none."""

    def __init__(self, head: nn.Module) -> None:
        super().__init__()
        self.head = deepcopy(head)

    def forward(self, states: Tensor) -> Tensor:
        """Return logits B x L of the states B x H of first sub-words."""
        logits: Tensor = self.head(nn.functional.layer_norm(states, states.shape[-1:]).unsqueeze(1)).float()
        return logits


def new_exits(model: TaskModel) -> nn.ModuleList:
    """Return an exit for each layer of a model but the last; raises UserError where there is no other layer."""
    depth = model.network.depth
    if depth < 2:
        raise UserError(f"exit: {model.network.folder} has one layer; expected two or more, to leave at one before the last")
    return nn.ModuleList(Exit(model.module) for _ in range(depth - 1)).to(model.network.device)


def check_confidence(confidence: float) -> None:
    """Raise UserError for a confidence at which everything would leave at the first layer, or nothing ever."""
    if not 0 < confidence < 1:
        raise UserError(f"exit: found {confidence}; expected a confidence above 0 and below 1")


class _AllLeft(Exception):  # not an error: how a network is stopped on its way up
    """Every window of a batch has its answer."""


@contextmanager
def watched(network: Network, see: Callable[[int, Tensor], None]) -> Iterator[None]:
    """Call ``see(layer, states)`` with the states B x H of first sub-words above each layer but the last, from layer 1."""

    def hook(number: int) -> Callable[..., None]:
        return lambda _module, _given, output: see(number, (output[0] if isinstance(output, tuple) else output)[:, 0])

    layers = list(layers_of(network))[:-1]
    hooks = [layer.register_forward_hook(hook(number)) for number, layer in enumerate(layers, start=1)]
    try:
        yield
    finally:
        for one in hooks:
            one.remove()


def states_below(model: TaskModel, batch: Batch) -> Tensor:
    """Return the states (layers - 1) x B x H of first sub-words above each layer but the last."""
    seen: list[Tensor] = []
    with torch.no_grad(), watched(model.network, lambda _, states: seen.append(states.float())):
        model.network.hidden(model.body, batch)
    return torch.stack(seen)


class ExitingModel(nn.Module):
    """A classifier with exits, with the face of a task model.

    A window's answer is that of the first layer whose highest probability is at least ``confidence``, else the last one's;
    the other windows of its batch play no part. A batch goes up until all of its windows have left. ``layers_used`` counts
    the windows that left at each layer, the lowest first.
    """

    def __init__(self, model: TaskModel, exits: nn.ModuleList, confidence: float) -> None:
        check_confidence(confidence)
        super().__init__()
        self.model, self.exits, self.confidence = model, exits, confidence
        self.head, self.network = model.head, model.network
        self.precision: str | None = None  # as whoever predicts asks
        self.layers_used = [0] * model.network.depth

    @property
    def device(self) -> torch.device:
        """Return where the weights are."""
        return self.network.device

    @property
    def mean_depth(self) -> float | None:
        """Return how many layers a window took on average since ``forget``, None where there was none."""
        windows = sum(self.layers_used)
        return sum(layer * count for layer, count in enumerate(self.layers_used, start=1)) / windows if windows else None

    def forget(self) -> None:
        """Begin to count layers anew."""
        self.layers_used = [0] * self.network.depth

    @torch.no_grad()
    def outputs(self, batch: Batch) -> list[Any]:
        """Return the log-probabilities of each window, from the layer that it left at."""
        answers: dict[int, Tensor] = {}  # by row

        def see(layer: int, states: Tensor) -> None:
            found = self.exits[layer - 1](states).log_softmax(-1).cpu()
            sure = (found.exp().amax(-1) >= self.confidence).nonzero().flatten().tolist()
            left = {row: found[row] for row in sure if row not in answers}
            answers.update(left)
            self.layers_used[layer - 1] += len(left)
            if len(answers) == len(batch.features):
                raise _AllLeft

        try:
            with watched(self.network, see):
                hidden = self.network.hidden(self.model.body, batch)
        except _AllLeft:
            return [answers[row] for row in range(len(batch.features))]
        self.layers_used[-1] += len(batch.features) - len(answers)
        last = self.head.outputs(self.model.module, hidden, batch)
        return [answers.get(row, own) for row, own in enumerate(last)]


def save_exits(exits: Sequence[nn.Module] | nn.ModuleList, file: Path) -> None:
    """Write the weights of exits, those of layer 1 as ``1.NAME``."""
    weights = {f"{i}.{k}": v.cpu().contiguous() for i, own in enumerate(exits, 1) for k, v in own.state_dict().items()}
    save_file(weights, str(file))


def load_exiting(model: TaskModel, file: Path, confidence: float, device: torch.device) -> ExitingModel:
    """Return a task model that answers early by the exits in a file, on a device.

    Raises SetupError where the exits are not this model's.
    """
    exits = new_exits(model)
    try:
        weights = load_file(str(file))
        for number, own in enumerate(exits, start=1):
            mark = f"{number}."
            own.load_state_dict({k.removeprefix(mark): v for k, v in weights.items() if k.startswith(mark)})
        if len({name.split(".", 1)[0] for name in weights}) != len(exits):
            raise ValueError(f"it has not {len(exits)} exits")
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise SetupError(f"{file}: no exits of {model.network.folder} ({' '.join(str(error).split())[:200]})") from error
    return ExitingModel(model, exits, confidence).to(device).eval()

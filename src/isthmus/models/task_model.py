"""What the training loop can train: an encoder under a head, a masked language model, and several of them at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModelForMaskedLM

from isthmus.core.errors import UserError
from isthmus.models.contrast import Contrast
from isthmus.models.feature import IGNORED, ROWS, Batch, rounded_up
from isthmus.models.head import Head, Loss
from isthmus.models.network import Network, load_tokenizer, random_weights, save_encoder
from isthmus.models.pruning import KEPT_HEADS

# Where architectures keep what turns hidden states into vocabulary logits, applied in order.
LANGUAGE_HEADS = (("lm_head",), ("cls",), ("head", "decoder"))


class TaskModel(nn.Module):
    """An encoder body under the module of one head.

    ``precision`` is what the encoder's weights were made for (``precision.py``), if anything; autocast is then left off.
    """

    def __init__(self, network: Network, head: Head, module: nn.Module) -> None:
        super().__init__()
        self.body, self.module = network.body, module
        self.network, self.head = network, head
        self.precision: str | None = None

    @property
    def device(self) -> torch.device:
        """Return where the weights are."""
        return self.network.device

    def forward(self, batch: Batch) -> Loss:
        """Return the loss of a labelled batch."""
        return self.head.loss(self.module, self.network.hidden(self.body, batch), batch)

    @torch.no_grad()
    def outputs(self, batch: Batch) -> list[Any]:
        """Return the head's outputs, one a feature."""
        hidden = self.network.hidden(self.body, batch)
        return self.head.outputs(self.module, hidden.float() if self.precision == "bf16" else hidden, batch)


class MaskedLanguageModel(nn.Module):
    """A Hugging Face masked language model whose vocabulary logits are computed at masked positions only."""

    def __init__(self, model: Any, tokenizer: Any, folder: Path) -> None:
        super().__init__()
        self.model = model
        self.network = Network(model.base_model, tokenizer, folder)
        self.parts = [names for names in LANGUAGE_HEADS if all(hasattr(model, name) for name in names)]
        if not self.parts:
            raise UserError(f"no masked language modelling is known for model_type {model.config.model_type!r}")

    def forward(self, batch: Batch) -> Loss:
        """Return the cross-entropy summed over masked sub-words; targets are lists of T ids, IGNORED elsewhere."""
        hidden = self.network.hidden(self.model.base_model, batch)
        target = torch.full(batch.ids.shape, IGNORED, dtype=torch.long)
        for row, feature in enumerate(batch.features):
            target[row, : len(feature.target)] = torch.tensor(feature.target)
        target = target.to(hidden.device)
        at = (target.flatten() != IGNORED).nonzero().flatten()
        filled = nn.functional.pad(at, (0, rounded_up(len(at), ROWS) - len(at)))
        wanted = target.flatten()[filled]
        wanted[len(at) :] = IGNORED
        states: Tensor = hidden.flatten(0, 1)[filled]
        for name in self.parts[0]:
            states = getattr(self.model, name)(states)
        total = nn.functional.cross_entropy(states.float(), wanted, reduction="sum", ignore_index=IGNORED)
        return Loss(total, torch.tensor(float(len(at))), None)

    def save(self, folder: Path, *, half: bool = False) -> None:
        """Write a directory that AutoModelForMaskedLM, AutoModel and AutoTokenizer load, on demand in 16-bit floats."""
        save_encoder(self.model.half() if half else self.model, self.network.folder, folder)


Learner = TaskModel | MaskedLanguageModel | Contrast


class MultiTaskModel(nn.Module):
    """Models by stream that share one encoder body; a batch goes through the model of its stream."""

    def __init__(self, models: Mapping[str, Learner]) -> None:
        super().__init__()
        self.place = {name: i for i, name in enumerate(models)}
        self.models = nn.ModuleList(models.values())
        self.network = next(iter(models.values())).network

    def forward(self, batch: Batch) -> Loss:
        """Return the loss of a batch by the model of its stream."""
        loss: Loss = self.models[self.place[batch.stream]](batch)
        return loss


def new_language_model(settings: dict[str, Any], tokenizer_folder: Path, seed: int) -> MaskedLanguageModel:
    """Return a masked language model with random weights drawn from ``seed``."""
    tokenizer = load_tokenizer(tokenizer_folder)
    return MaskedLanguageModel(random_weights(AutoModelForMaskedLM, settings, tokenizer, seed), tokenizer, tokenizer_folder)


def load_language_model(folder: Path, seed: int) -> tuple[MaskedLanguageModel, str]:
    """Load an encoder directory as a masked language model, and say what became of the vocabulary head: carried or new.

    A new head is drawn from ``seed``. Raises UserError for an encoder that heads were taken out of.
    """
    config = AutoConfig.from_pretrained(str(folder), trust_remote_code=False, local_files_only=True)
    if getattr(config, KEPT_HEADS, None):
        what = "found an encoder that attention heads were taken out of; expected one that has them all"
        raise UserError(f"{folder}: no language model can be trained on from here: {what}")
    torch.manual_seed(seed)
    model, info = AutoModelForMaskedLM.from_pretrained(
        str(folder), use_safetensors=True, trust_remote_code=False, local_files_only=True, dtype=torch.float32,
        output_loading_info=True,
    )  # fmt: skip
    fate = "new" if info["missing_keys"] else "carried"
    return MaskedLanguageModel(model, load_tokenizer(folder), folder), fate

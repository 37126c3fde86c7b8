"""A trained model at work: from the text of an example to its prediction, one at a time or many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch

from isthmus.compute.device import autocast, micro_tokens
from isthmus.efficiency.bare import Bare, bare
from isthmus.evaluation.predict import in_batches
from isthmus.models.exiting import ExitingModel
from isthmus.models.feature import Batch, Feature, pad
from isthmus.models.head import Encoding
from isthmus.models.running import Answering

# What a layer's states may hold on a CPU, in numbers (sub-words times hidden size): what one product writes is then still in
# the cache when the next one reads it. Of 3 layers x 128 and 12 x 384 batches of this size were answered most quickly.
IN_CACHE = 3 * 2**16
FEWEST = 256  # sub-words in a batch, however large the network


@dataclass(frozen=True)
class Server:
    """A model, its labels, how texts become windows, and the precision of its matrix products.

    What it answers is what ``evaluation/predict.py`` predicts; the encoder's layers are run without what a library does
    around them where they can be (``bare.py``).
    """

    model: Answering
    labels: Sequence[str]
    encoding: Encoding
    precision: str

    def __post_init__(self) -> None:
        self.model.eval()
        _ = self.quick  # made as it is loaded, not with the first answer

    @cached_property
    def quick(self) -> Bare | None:
        """Return the quick form of the model's body, None where it has none."""
        return bare(self.model, self.autocast_precision)

    @property
    def batch_tokens(self) -> int:
        """Return how many padded sub-words are in one batch, at most, where many examples are answered."""
        return served_tokens(self.device, self.model.network.hidden_size)

    def outputs(self, batch: Batch) -> list[Any]:
        """Return the head's outputs, one a feature, in the precision asked for; no gradient is kept."""
        with torch.inference_mode():  # always: in another mode torch.compile would compile anew
            if self.quick is None:
                with autocast(self.device, self.autocast_precision):
                    return self.model.outputs(batch)
            model: Any = self.model
            hidden = model.network.hidden(self.quick, batch)
            found: list[Any] = model.head.outputs(model.module, hidden.float(), batch)
            return found

    @property
    def autocast_precision(self) -> str:
        """Return the precision asked for, or fp32 (no autocast) where the model has one of its own."""
        return self.precision if self.model.precision is None else "fp32"

    @property
    def device(self) -> torch.device:
        """Return where the model computes."""
        return self.model.device

    def features(self, examples: Sequence[Any]) -> list[Feature]:
        """Return the windows of examples."""
        found: list[Feature] = self.model.head.features(examples, self.labels, self.encoding)
        return found

    def answer(self, example: Any) -> Any:
        """Return the prediction of one example, all its windows in one batch as far as they fit."""
        features = self.features([example])
        device = self.device
        if sum(feature.length * feature.rows for feature in features) > micro_tokens(device):
            return self._read([example], features)[0]
        outputs = self.outputs(pad(features, self.encoding.tokenizer.pad_token_id).to(device))
        return self.model.head.predictions([example], features, outputs, self.labels)[0]

    def answers(self, examples: Sequence[Any]) -> list[Any]:
        """Return the predictions of examples, computed in batches of like lengths."""
        return self._read(examples, self.features(examples))

    def depth(self, examples: Sequence[Any]) -> float | None:
        """Return how many layers a window of examples goes through on average, None where lower layers never answer."""
        if not isinstance(self.model, ExitingModel):
            return None
        self.model.forget()
        self.answers(examples)
        return self.model.mean_depth

    def _read(self, examples: Sequence[Any], features: Sequence[Feature]) -> list[Any]:
        padding, tokens = self.encoding.tokenizer.pad_token_id, self.batch_tokens
        outputs = in_batches(features, padding, self.device, "fp32", self.outputs, lambda *_: None, tokens)
        found: list[Any] = self.model.head.predictions(examples, features, outputs, self.labels)
        return found


def served_tokens(device: torch.device, hidden_size: int) -> int:
    """Return how many padded sub-words are in one batch of a server on a device, at most."""
    if device.type != "cpu":
        return micro_tokens(device)
    return min(micro_tokens(device), max(FEWEST, IN_CACHE // hidden_size))

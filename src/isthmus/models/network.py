"""An encoder with its tokenizer: loading, saving and making one with random weights, always as a Hugging Face directory."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import Any

import torch
from huggingface_hub.errors import StrictDataclassError
from torch import Tensor, nn
from tqdm import tqdm
from transformers import CONFIG_MAPPING, AutoConfig, AutoModel, AutoTokenizer
from transformers.utils import logging

from isthmus.core.errors import SetupError, UnknownName, UserError
from isthmus.models.feature import WIDTH, Batch, Frame, frame_of
from isthmus.models.pruning import KEPT_HEADS, pruned_class

# Bars and reports of a library's loading are noise in the log of a step. The lock of a bar that a library shows all the
# same, as torch's exporter does, is that of threads: one of processes would outlive its worker.
logging.disable_progress_bar()
tqdm.set_lock(RLock())
logging.set_verbosity_error()

SEGMENT_POSITIONS = "segment_positions"  # in a configuration: the positions of a pair's second text begin anew
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json")


@dataclass
class Network:
    """An encoder body and its tokenizer; ``folder`` is where they were loaded from."""

    body: nn.Module
    tokenizer: Any
    folder: Path

    @cached_property
    def frame(self) -> Frame:
        """Return the special tokens of the tokenizer."""
        return frame_of(self.tokenizer)

    @property
    def hidden_size(self) -> int:
        """Return H."""
        config: Any = self.body.config
        return int(config.hidden_size)

    @property
    def dropout(self) -> float:
        """Return the dropout that the configuration gives classifiers, else hidden states, else 0."""
        config: Any = self.body.config
        for name in ("classifier_dropout", "hidden_dropout_prob"):
            value = getattr(config, name, None)
            if value is not None:
                return float(value)
        return 0.0

    @property
    def positions(self) -> int | None:
        """Return the longest input the network takes, padded as batches are, or None where it sets no bound."""
        config: Any = self.body.config
        size = getattr(config, "max_position_embeddings", None)
        if size is None:
            return None
        return (int(size) - self.first_position) // WIDTH * WIDTH

    @cached_property
    def first_position(self) -> int:
        """Return the number of the first position: 0, but RoBERTa and its like count from the padding index + 1."""
        tables: list[Any] = [part for name, part in self.body.named_modules() if name.endswith("position_embeddings")]
        # Their table of positions says so.
        starts = [table.padding_idx + 1 for table in tables if getattr(table, "padding_idx", None) is not None]
        return max(starts, default=0)

    @property
    def device(self) -> torch.device:
        """Return where the weights are."""
        return next(self.body.parameters()).device

    @property
    def depth(self) -> int:
        """Return how many layers there are above the embeddings."""
        config: Any = self.body.config
        return int(config.num_hidden_layers)

    def check_layer(self, layer: int) -> None:
        """Raise UserError for a layer that there is not; 0 is the embeddings, -1 the last."""
        if not -self.depth - 1 <= layer <= self.depth:
            what = f"expected 0 (embeddings) to {self.depth}, or -1 (the last) down to {-self.depth - 1}"
            raise UserError(f"{self.folder}: the network has no layer {layer}; {what}")

    def hidden(self, body: nn.Module, batch: Batch) -> Tensor:
        """Return the last hidden states B x T x H of ``body``, this network's or a wrapped one."""
        states: Tensor = body(**self._inputs(batch)).last_hidden_state
        return states

    def layers(self, batch: Batch) -> tuple[Tensor, ...]:
        """Return the hidden states B x T x H of every layer, from the embeddings (0) to what ``hidden`` returns."""
        output = self.body(**self._inputs(batch), output_hidden_states=True)
        return (*output.hidden_states[:-1], output.last_hidden_state)

    def _inputs(self, batch: Batch) -> dict[str, Tensor]:
        inputs = {"input_ids": batch.ids, "attention_mask": batch.mask}
        if "token_type_ids" in self.tokenizer.model_input_names:
            inputs["token_type_ids"] = batch.types
        if getattr(self.body.config, SEGMENT_POSITIONS, False):
            positions = segment_positions(batch.ids, self.frame)
            inputs["position_ids"] = positions + self.first_position
            if getattr(self.body.config, "type_vocab_size", 1) > 1:
                place = torch.arange(positions.shape[1], device=positions.device)
                inputs["token_type_ids"] = (positions != place).long()
        return inputs

    def attend(self, how: str) -> None:
        """Choose the implementation of attention: ``eager`` or ``sdpa``."""
        body: Any = self.body
        body.set_attn_implementation(how)

    def save(self, folder: Path) -> None:
        """Write a directory that AutoModel and AutoTokenizer load: safetensors, configuration, tokenizer."""
        save_encoder(self.body, self.folder, folder)


def segment_positions(ids: Tensor, frame: Frame) -> Tensor:
    """Return positions B x T that begin anew, after the one before the first text, with the second text of a pair.

    What is said first in one text and first in the other then stands at the same place: attention finds a translation there
    before it has learnt any word.
    """
    place = torch.arange(ids.shape[1], device=ids.device).expand_as(ids)
    if not frame.between:
        return place
    last = frame.between[-1]
    # The second text begins where the last token between two texts was seen as often as it stands before a second text.
    seen = (ids == last).cumsum(-1) >= [*frame.before, *frame.between].count(last)
    inside = seen.roll(1, -1)
    inside[:, 0] = False
    start = inside.int().argmax(-1, keepdim=True) - len(frame.before)
    return torch.where(inside, place - start, place)


def load_tokenizer(folder: Path) -> Any:
    """Load a fast tokenizer from a directory; raises SetupError where there is none or it has no padding token."""
    try:
        # A text frames nothing by spelling a special token, </s> or [SEP] say: such a word is split like any other.
        tokenizer = AutoTokenizer.from_pretrained(
            str(folder), use_fast=True, trust_remote_code=False, local_files_only=True, split_special_tokens=True
        )
    except (OSError, ValueError, json.JSONDecodeError) as error:
        raise SetupError(f"{folder}: no tokenizer can be loaded from here ({str(error).splitlines()[0]})") from error
    if not tokenizer.is_fast:
        raise SetupError(
            f"{folder}: the tokenizer has no tokenizer.json; isthmus needs a fast tokenizer (character offsets)"
        )
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token
    # Some directories ask for texts to be cut or padded; here windows do the one and batches the other.
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    return tokenizer


def load_network(folder: Path) -> Network:
    """Load an encoder and its tokenizer from a Hugging Face directory; weights only from safetensors, in fp32."""
    given: dict[str, Any] = {"trust_remote_code": False, "local_files_only": True}
    try:
        config = AutoConfig.from_pretrained(str(folder), **given)
        auto: Any = pruned_class(config) if getattr(config, KEPT_HEADS, None) else AutoModel
        body = auto.from_pretrained(str(folder), use_safetensors=True, dtype=torch.float32, **given)
    except (OSError, ValueError) as error:
        raise SetupError(f"{folder}: no encoder can be loaded from here ({str(error).splitlines()[0]})") from error
    return Network(body, load_tokenizer(folder), folder)


def outline(folder: Path) -> Network:
    """Load tokenizer and configuration of a Hugging Face directory under a body without weights, which computes nothing."""
    try:
        config = AutoConfig.from_pretrained(str(folder), trust_remote_code=False, local_files_only=True)
        with torch.device("meta"):
            body = pruned_class(config)(config) if getattr(config, KEPT_HEADS, None) else AutoModel.from_config(config)
    except (OSError, ValueError) as error:
        raise SetupError(f"{folder}: no configuration can be loaded from here ({str(error).splitlines()[0]})") from error
    return Network(body, load_tokenizer(folder), folder)


def configuration(settings: Mapping[str, Any], tokenizer: Any) -> Any:
    """Return a Hugging Face configuration from plain settings, vocabulary and special ids taken from the tokenizer.

    Raises UnknownName for an unknown ``model_type``, UserError for a field that is not what the architecture expects.
    """
    fields = copy.deepcopy(dict(settings))
    kind = fields.pop("model_type", None)
    if kind not in CONFIG_MAPPING:
        raise UnknownName("model_type of the network", str(kind), CONFIG_MAPPING)
    special = {"pad": tokenizer.pad_token_id, "bos": tokenizer.bos_token_id, "eos": tokenizer.eos_token_id}
    special |= {"cls": tokenizer.cls_token_id, "sep": tokenizer.sep_token_id}
    ids = {f"{name}_token_id": value for name, value in special.items() if value is not None}
    try:
        return AutoConfig.for_model(kind, **{"vocab_size": len(tokenizer), **ids, **fields})
    except (ValueError, TypeError, KeyError, StrictDataclassError) as error:
        raise UserError(f"network: no configuration of model_type {kind!r} ({_brief(error)})") from error


def random_encoder(settings: Mapping[str, Any], tokenizer: Any, seed: int) -> nn.Module:
    """Return an encoder with random weights drawn from ``seed``."""
    body: nn.Module = random_weights(AutoModel, settings, tokenizer, seed)
    return body


def random_weights(auto: Any, settings: Mapping[str, Any], tokenizer: Any, seed: int) -> Any:
    """Return a network of one of transformers' Auto classes; raises UserError where none can be built from the settings."""
    config = configuration(settings, tokenizer)
    torch.manual_seed(seed)
    try:
        return auto.from_config(config)
    except (ValueError, TypeError, KeyError, AssertionError, RuntimeError) as error:
        raise UserError(f"network: no {auto.__name__} of model_type {config.model_type!r} ({_brief(error)})") from error


def _brief(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def save_encoder(body: nn.Module, tokenizer_folder: Path, folder: Path) -> None:
    """Write the encoder and a copy of the tokenizer's files."""
    folder.mkdir(parents=True, exist_ok=True)
    saver: Any = body
    saver.save_pretrained(str(folder), safe_serialization=True)
    for name in TOKENIZER_FILES:
        if (tokenizer_folder / name).exists():
            shutil.copyfile(tokenizer_folder / name, folder / name)

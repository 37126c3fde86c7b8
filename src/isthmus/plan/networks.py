"""How large a network of the hub is, known without fetching anything: as the study says, from the cache, or from a table."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from isthmus.core.remembered import cache_folder
from isthmus.study.document import read_mapping
from isthmus.study.model import ModelSpec
from isthmus.study.network import Shape, wrong_sizes

TABLE = Path(__file__).with_name("networks.yaml")
BYTES_A_WEIGHT = 4.0
GATED = ("modernbert", "qwen2", "qwen3", "llama", "mistral", "gemma", "gemma2")  # whose configurations do not say so
OTHER_NAMES = {  # of T5 and BART: what is called otherwise elsewhere
    "d_model": "hidden_size",
    "num_layers": "num_hidden_layers",
    "encoder_layers": "num_hidden_layers",
    "d_ff": "intermediate_size",
    "encoder_ffn_dim": "intermediate_size",
    "num_heads": "num_attention_heads",
    "encoder_attention_heads": "num_attention_heads",
    "d_kv": "head_dim",
    "num_decoder_layers": "decoder_layers",
    "input_embedding_size": "embedding_size",
}


@dataclass(frozen=True, slots=True)
class NetworkSize:
    """Weights outside and inside the embeddings, layers and width; zeros and None where they are not known.

    ``decoder`` is the part of the body that a decoder beside an encoder has.
    """

    body: float = 0.0
    embeddings: float = 0.0
    layers: int | None = None
    hidden: int | None = None
    decoder: float = 0.0

    @property
    def known(self) -> bool:
        """Say whether anything is known of the network."""
        return self.body > 0

    @property
    def weights(self) -> float:
        """Return all weights."""
        return self.body + self.embeddings

    @property
    def disk(self) -> float:
        """Return bytes of a saved encoder."""
        return self.weights * BYTES_A_WEIGHT

    def cut(self, layers: int) -> NetworkSize:
        """Return the size with only so many layers of the encoder; as it is where its layers are not known."""
        if not self.layers:
            return self
        body = (self.body - self.decoder) * layers / self.layers + self.decoder
        return replace(self, body=body, layers=layers)


def network_size(config: Mapping[str, Any], vocabulary: int | None = None) -> NetworkSize:
    """Return the size of an encoder from its Hugging Face configuration; zeros where that lacks the usual fields.

    Matrices are counted; biases, norms, positions and relative-position tables, some hundredths of the whole, are not.
    """
    given = {**{ours: config[theirs] for theirs, ours in OTHER_NAMES.items() if config.get(theirs)}, **config}
    hidden, layers = given.get("hidden_size"), given.get("num_hidden_layers")
    inner, words = given.get("intermediate_size"), vocabulary or given.get("vocab_size")
    if not (hidden and layers and inner and words) or wrong_sizes(given):
        return NetworkSize()
    gated = given.get("gated") or given.get("is_gated_act") or str(given.get("feed_forward_proj", "")).startswith("gated")
    feed_forward = (3.0 if gated or given.get("model_type") in GATED else 2.0) * hidden * inner
    attention = _attention(given, hidden)
    decoder = (given.get("decoder_layers") or 0) * (2 * attention + feed_forward)
    narrow = given.get("embedding_size") or hidden
    body = layers * (attention + feed_forward) + decoder
    return NetworkSize(body, float(words) * narrow, layers, hidden, decoder)


def _attention(config: Mapping[str, Any], hidden: int) -> float:
    """Return the weights of one attention: query and output, and keys and values, which several heads may share."""
    heads = config.get("num_attention_heads")
    if not heads:
        return 4.0 * hidden * hidden
    each = config.get("head_dim") or hidden // heads
    shared = config.get("num_key_value_heads") or heads
    return float(2 * hidden * each * (heads + shared))


@cache
def known_shapes() -> Mapping[str, Shape]:
    """Return the shapes of the table that comes with the package, by name on the hub."""
    return {name: Shape.model_validate(shape) for name, shape in read_mapping(TABLE)[0].items()}


def size_on_hub(name: str, revision: str | None, stated: Shape | None = None) -> NetworkSize:
    """Return the size of a network of the hub: as ``stated``, else of its cached configuration, else as the table has it."""
    if stated is not None:
        return network_size(stated.model_dump())
    cached = network_size(_cached_config(name, revision or ""))
    if cached.known:
        return cached
    by_name = {known.lower(): shape for known, shape in known_shapes().items()}
    # Before the hub had owners of all models, some were known by their last name alone.
    by_name |= {known.partition("/")[2]: shape for known, shape in by_name.items()}
    found = by_name.get(name.lower())
    return network_size(found.model_dump()) if found else NetworkSize()


def size_of(model: ModelSpec) -> NetworkSize:
    """Return the size of a model of the hub, whose name must be given."""
    assert model.name, "a model of the hub has a name"
    return size_on_hub(model.name, model.revision, model.network)


def _cached_config(name: str, revision: str) -> Mapping[str, Any]:
    """Return the configuration of a snapshot in the hub's own cache, empty where it is not there or cannot be read."""
    # The places that huggingface_hub itself looks at, which is not loaded for this.
    home = Path(os.environ.get("HF_HOME") or cache_folder().parent / "huggingface")
    hub = Path(os.environ.get("HF_HUB_CACHE") or home / "hub")
    file = hub / f"models--{name.replace('/', '--')}" / "snapshots" / revision / "config.json"
    try:
        content = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}

"""Fewer layers: the lowest ones of an encoder, under the normalisation that the architecture ends in, where it has one.

Done before the target is trained, so that its head is learnt on the layer that is now the last (Sajjad et al. 2023, On the
effect of dropping layers of pre-trained transformer models).
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from isthmus.core.errors import UserError
from isthmus.models.network import TOKENIZER_FILES, Network, load_tokenizer
from isthmus.models.pruning import KEPT_HEADS
from isthmus.models.stack import layers_of
from isthmus.models.trained import ENCODER
from isthmus.models.variant import ADAPTER, EXITS, ONNX, Change, Making, copy_model, read_running, write_running
from isthmus.models.whole import load_whole, parameters_of, save_whole


def make(making: Making) -> None:
    """Fill a folder with the model, of which ``layers`` of the settings stay; raises UserError as ``drop_layers`` does."""
    for part in (ONNX, EXITS, ADAPTER):
        if (making.source / part).exists():
            raise UserError(f"{making.source}: layers are dropped before anything hangs on them; found {part}")
    told = drop_layers(making.source / ENCODER, making.out / ENCODER, making.settings["layers"])
    copy_model(making.source, making.out, but=(ENCODER,))
    write_running(making.out, read_running(making.source).after("layers", told))


def drop_layers(source: Path, out: Path, layers: int) -> dict[str, Any]:
    """Write an encoder directory with the lowest ``layers`` layers; return layers and parameters, [before, after].

    Raises UserError where there are not more layers than that, and for an architecture whose layers are not a list.
    """
    model = load_whole(source)
    depth = int(model.config.num_hidden_layers)
    if layers == depth:
        raise UserError(f"layers: found {layers}, which changes nothing: {source} has {depth}; expected {_choice(depth)}")
    if not 1 <= layers < depth:
        raise UserError(f"layers: found {layers}, and {source} has {depth}; expected {_choice(depth)}")
    before = parameters_of(model)
    stack = layers_of(Network(model.base_model, load_tokenizer(source), source))
    del stack[layers:]
    for field, value in model.config.to_dict().items():
        one_each = isinstance(value, list) and len(value) == depth
        if one_each and ("layer" in field or field == KEPT_HEADS):
            setattr(model.config, field, value[:layers])
    model.config.num_hidden_layers = layers
    save_whole(model, out)
    for file in TOKENIZER_FILES:
        if (source / file).exists():
            shutil.copyfile(source / file, out / file)
    return {"layers": [depth, layers], "parameters": [before, parameters_of(model)]}


def _choice(depth: int) -> str:
    return f"1 to {depth - 1}" if depth > 2 else "1" if depth == 2 else "a model of several layers"


CHANGE = Change(make)

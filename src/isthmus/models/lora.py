"""Low-rank adaptation (LoRA, Hu et al. 2021) of an encoder by the library peft: put in, saved, loaded and folded in.

Each linear layer of attention and of feed-forward gets an update of two small matrices, ``alpha`` / ``rank`` times their
product; those alone are trained, the encoder's own weights stay. Biases, embeddings and norms have no update.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn

from isthmus.core.errors import SetupError, UserError
from isthmus.models.network import Network
from isthmus.models.stack import layers_of

ADAPTER = "adapter"  # folder beside an encoder's: updates that are not folded in
WEIGHTS = "adapter_model.safetensors"  # peft's names
CONFIG = "adapter_config.json"
PREFIX = "base_model.model."  # what peft's own models put before the names of weights


def _library() -> Any:
    """Import peft; raises SetupError where it is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of libraries that peft looks for
            import peft
    except ImportError as error:
        raise SetupError(f"lora needs an extra, pip install 'isthmus[lora]' ({error})") from error
    return peft


def inject(network: Network, rank: int, alpha: float, seed: int) -> None:
    """Freeze a network and put updates on the linear layers of attention and feed-forward, drawn from ``seed``.

    What the network computes is the same as before: the second matrix of each update is 0.
    """
    wanted = {id(part) for part in layers_of(network).modules() if isinstance(part, nn.Linear)}
    names = [name for name, part in network.body.named_modules() if id(part) in wanted]
    library = _library()
    config = library.LoraConfig(r=rank, lora_alpha=alpha, target_modules=names, lora_dropout=0.0, bias="none")
    torch.manual_seed(seed)
    _put(library, config, network)


def _put(library: Any, config: Any, network: Network) -> None:
    if adapted(network):
        raise UserError(f"{network.folder}: the encoder has low-rank updates already; fold them in first (merge: true)")
    network.body.requires_grad_(requires_grad=False)
    library.inject_adapter_in_model(config, network.body)


def adapted(network: Network) -> bool:
    """Say whether a network has updates that are not folded in."""
    return any(True for _ in _updated(network.body))


def _updated(body: nn.Module) -> Iterator[tuple[nn.Module, str, Any]]:
    """Yield (parent, name, layer) of each layer with an update."""
    for parent in list(body.modules()):
        for name, part in list(parent.named_children()):
            if hasattr(part, "lora_A") and hasattr(part, "base_layer"):
                yield parent, name, part


@contextmanager
def without_updates(network: Network) -> Iterator[None]:
    """Leave the updates out inside a ``with``: the network has its own layers under their own names."""
    updated = list(_updated(network.body))
    for parent, name, part in updated:
        setattr(parent, name, part.base_layer)
    try:
        yield
    finally:
        for parent, name, part in updated:
            setattr(parent, name, part)


def save(network: Network, folder: Path) -> None:
    """Write the updates of a network as peft's own models read them: safetensors and JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    body: Any = network.body
    tensors = _library().get_peft_model_state_dict(body)
    save_file({PREFIX + name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}, str(folder / WEIGHTS))
    body.peft_config["default"].save_pretrained(str(folder))
    record = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    record["target_modules"] = sorted(record["target_modules"])  # a set, in another order every time
    (folder / CONFIG).write_text(json.dumps(record, indent=2, sort_keys=True), encoding="utf-8")


def attach(network: Network, folder: Path) -> None:
    """Put the updates in a folder on a network, not folded in.

    Raises SetupError for a folder that holds none, or those of another network.
    """
    library = _library()
    try:
        tensors = {name.removeprefix(PREFIX): tensor for name, tensor in load_file(str(folder / WEIGHTS)).items()}
        if not (folder / CONFIG).exists():  # or peft would ask the hub
            raise FileNotFoundError(f"there is no {CONFIG}")
        config = library.PeftConfig.from_pretrained(str(folder), local_files_only=True)
        _put(library, config, network)
        result = library.set_peft_model_state_dict(network.body, tensors)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise SetupError(f"{folder}: no low-rank updates of {network.folder} ({str(error).splitlines()[0]})") from error
    lacking = [name for name in result.missing_keys if "lora_" in name]
    if lacking or result.unexpected_keys:
        name = [*lacking, *result.unexpected_keys][0]
        raise SetupError(f"{folder}: no low-rank updates of {network.folder} ({name} is on one side alone)")
    network.body.to(network.device)


def merge(network: Network) -> None:
    """Fold the updates into the weights of a network, which is then like any other; raises UserError where it has none."""
    updated = list(_updated(network.body))
    if not updated:
        raise UserError(f"{network.folder}: the encoder has no low-rank updates to fold in")
    for parent, name, part in updated:
        part.merge()
        setattr(parent, name, part.base_layer)
    del network.body.peft_config
    network.body.requires_grad_(requires_grad=True)

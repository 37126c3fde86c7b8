"""An encoder directory with all that it holds, a vocabulary head too, in the numbers it is stored in: to change and save."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from transformers import AutoConfig, AutoModel, AutoModelForMaskedLM

from isthmus.core.errors import SetupError
from isthmus.models.pruning import KEPT_HEADS, pruned_class


def load_whole(folder: Path) -> Any:
    """Load an encoder, under its vocabulary head where it has one; raises SetupError where there is none."""
    try:
        config = AutoConfig.from_pretrained(str(folder), trust_remote_code=False, local_files_only=True)
        masked = any(name.endswith("ForMaskedLM") for name in config.architectures or ())
        auto = AutoModelForMaskedLM if masked else AutoModel
        if getattr(config, KEPT_HEADS, None):
            auto = pruned_class(config)
        return auto.from_pretrained(
            str(folder), use_safetensors=True, trust_remote_code=False, local_files_only=True, dtype="auto"
        )
    except (OSError, ValueError) as error:
        raise SetupError(f"{folder}: no encoder can be loaded from here ({str(error).splitlines()[0]})") from error


def parameters_of(model: Any) -> int:
    """Return how many parameters a model has, those in several places counted once."""
    return sum(own.numel() for own in model.parameters())


def save_whole(model: Any, folder: Path) -> None:
    """Write configuration and safetensors; the tokenizer's files are another's affair."""
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(str(folder), safe_serialization=True)

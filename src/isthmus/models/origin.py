"""Where an encoder comes from: a repository of the Hugging Face hub, a directory, or a random draw."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

from isthmus.core.errors import SetupError
from isthmus.models.network import TOKENIZER_FILES, load_network, load_tokenizer, random_encoder, save_encoder

WANTED = ("config.json", "*.safetensors", "*.safetensors.index.json", *TOKENIZER_FILES, "*.model", "vocab.*", "merges.txt")


def download(name: str, revision: str, output: Path) -> None:
    """Fetch one revision of a hub repository: configuration, tokenizer and safetensors weights, nothing that is pickled.

    Raises SetupError when the hub cannot be reached, or the repository has no safetensors.
    """
    try:
        folder = Path(snapshot_download(name, revision=revision, allow_patterns=list(WANTED)))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise SetupError(f"{name} at {revision} cannot be fetched from the hub ({str(error).splitlines()[0]})") from error
    if not list(folder.glob("*.safetensors")):
        raise SetupError(
            f"{name} at {revision} has no safetensors weights; isthmus reads no pickles. Choose a revision with them"
        )
    copy_directory(folder, output)


def copy_directory(folder: str | Path, output: Path) -> None:
    """Copy the files of a Hugging Face directory that a network is loaded from, and check that it loads."""
    output.mkdir(parents=True)
    for pattern in WANTED:
        for file in Path(folder).glob(pattern):
            shutil.copyfile(file, output / file.name)
    load_network(output)


def randomise(config: Mapping[str, Any] | None, tokenizer: str | Path, seed: int, output: Path) -> None:
    """Write an encoder with random weights, from a configuration or from the one beside the tokenizer."""
    folder = Path(tokenizer)
    if config is None:
        config = load_network(folder).body.config.to_dict()  # type: ignore[operator, union-attr]
    save_encoder(random_encoder(config, load_tokenizer(folder), seed), folder, output)

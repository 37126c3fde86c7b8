"""bf16: the weights of an encoder kept, and computed with, in 16 bits; those of its head stay in fp32."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from isthmus.models.running import refuse_after
from isthmus.models.trained import ENCODER
from isthmus.models.variant import Change, Making, copy_model, write_running


def make(making: Making) -> None:
    """Copy a model, the weights of its encoder rounded to bf16, which is also how they lie on disk.

    Raises UserError for an exported graph, and for a model with early exits or updates that are not folded in.
    """
    running = refuse_after(making.source, "bf16", runtimes=("torch", "compile"))
    copy_model(making.source, making.out)
    files = sorted((making.out / ENCODER).glob("*.safetensors"))
    for done, file in enumerate(files, 1):
        _round(file)
        making.tick(done, len(files))
    told = {"bytes": sum(file.stat().st_size for file in files)}
    write_running(making.out, running.after("bf16", told, precision="bf16"))


def _round(file: Path) -> None:
    with safe_open(file, "pt") as opened:
        metadata = opened.metadata()
    weights = {n: w.to(torch.bfloat16) if w.is_floating_point() else w for n, w in load_file(file).items()}
    file.unlink()  # it may be a link to the source's, which some releases of the library would write into
    save_file(weights, file, metadata)


CHANGE = Change(make)

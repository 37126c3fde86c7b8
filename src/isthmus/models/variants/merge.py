"""Low-rank updates folded into the encoder: one matrix where there were three, and the same function."""

from __future__ import annotations

from isthmus.core.errors import UserError
from isthmus.models.lora import attach, merge
from isthmus.models.running import refuse_after
from isthmus.models.trained import ENCODER
from isthmus.models.variant import ADAPTER, Change, Making, copy_model, write_running


def make(making: Making) -> None:
    """Write the model with its ``adapter/`` folded into ``encoder/``; raises UserError where it has no adapter."""
    folder = making.source / ADAPTER
    if not folder.exists():
        raise UserError(f"{making.source}: merge found no {ADAPTER}/; expected a model that was trained with lora")
    running = refuse_after(making.source, "merge", adapter=True)
    network = making.family.load(making.source / ENCODER)
    attach(network, folder)
    merge(network)
    network.save(making.out / ENCODER)
    copy_model(making.source, making.out, but=(ENCODER, ADAPTER))
    write_running(making.out, running.after("merge"))


CHANGE = Change(make)

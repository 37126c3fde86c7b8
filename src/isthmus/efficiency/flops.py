"""Floating-point operations of an example: two for each multiplication with its sum, of matrix products and attention.

Counted by torch as the network runs (torch.utils.flop_counter), on windows as they are padded when they come one at a time.
Without an early exit they hang on the shape alone, and so each shape is counted once. What torch cannot count, int8 and
exported graphs, has those of the network it was made of: the same products of smaller numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from isthmus.efficiency.disk import skeleton
from isthmus.efficiency.rounds import shape_of
from isthmus.efficiency.serve import Server
from isthmus.models.feature import Batch, pad
from isthmus.models.variant import read_running

EXITING = 64  # examples that are counted one by one where a lower layer may answer


def flops_of(server: Server, folder: Path, examples: Sequence[Any]) -> float:
    """Return the mean operations of an example of these, answered by itself with the checkpoint of a folder."""
    running = read_running(folder)
    if running.exit is not None:
        some = examples[:: -(-len(examples) // EXITING)]
        return sum(_counted(lambda batch: server.model.outputs(batch), _batch(server, one)) for one in some) / len(some)
    run = _network(server, folder)
    by_shape: dict[tuple[int, int], float] = {}
    total = 0.0
    for example in examples:
        shape = shape_of(server, example)
        if shape not in by_shape:
            by_shape[shape] = _counted(run, _batch(server, example))
        total += by_shape[shape]
    return total / len(examples)


def _network(server: Server, folder: Path) -> Callable[[Batch], Any]:
    """Return what runs encoder and head of a server in a form that torch can count."""
    running, head = read_running(folder), server.model.head
    if running.runtime != "onnx" and running.precision != "int8":
        network, module = server.model.network, getattr(server.model, "module", None)
        # The network's own body is the one that was not compiled.
        return lambda batch: head.logits(module, network.hidden(network.body, batch).float())
    outlined, empty = skeleton(server, folder)
    outlined.attend("eager")
    body: Any = outlined.body

    def unmasked(**given: Any) -> Any:
        # A network may ask whether a mask hides anything, which what has no values cannot say.
        return body(**{key: value for key, value in given.items() if key != "attention_mask"})

    return lambda batch: head.logits(empty, outlined.hidden(unmasked, batch.to(torch.device("meta"))))  # type: ignore[arg-type]


def _batch(server: Server, example: Any) -> Batch:
    return pad(server.features([example]), server.encoding.tokenizer.pad_token_id).to(server.device)


def _counted(run: Callable[[Batch], Any], batch: Batch) -> float:
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), counter:
        run(batch)
    return float(counter.get_total_flops())

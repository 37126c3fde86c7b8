"""int8: linear layers computed with whole numbers of 8 bits, what goes into them quantised as it comes.

In torch the artifact keeps its weights and they are quantised when it is loaded; a graph is quantised here, once, its
embeddings with it. Both have a scale for each row of weights. A graph's weights have 7 bits: with 8, sums of products run
over on CPUs without instructions for them (onnxruntime's ``reduce_range``), and a variant answers the same on every machine.
"""

from __future__ import annotations

from pathlib import Path

import torch

from isthmus.models.onnx_model import onnxruntime
from isthmus.models.precision import stored_bytes, to_int8
from isthmus.models.running import refuse_after
from isthmus.models.trained import ENCODER, load_task_model
from isthmus.models.variant import GRAPH, ONNX, Change, Making, copy_model, write_running
from isthmus.models.variants.onnx import graph_bytes, in_parts, onnx_package


def make(making: Making) -> None:
    """Copy a model and quantise its graph, or note that it is quantised when it is loaded; tell what its weights then take.

    Raises UserError for a compiled model, and for one with early exits or updates that are not folded in.
    """
    running = refuse_after(making.source, "int8", runtimes=("torch", "onnx"))
    if running.runtime == "onnx":
        copy_model(making.source, making.out, but={ONNX})
        (making.out / ONNX).mkdir()
        quantise(making.source / ONNX / GRAPH, making.out / ONNX / GRAPH)
        told = {"bytes": graph_bytes(making.out / ONNX)}
    else:
        copy_model(making.source, making.out)
        told = {"bytes": _quantised_bytes(making)}
    write_running(making.out, running.after("int8", told, precision="int8"))
    making.tick(1, 1)


def _quantised_bytes(making: Making) -> int:
    model, _, _ = load_task_model(making.family, making.family.load(making.source / ENCODER), making.source)
    with torch.no_grad():
        to_int8(model)
    return stored_bytes(model)


def quantise(graph: Path, out: Path) -> None:
    """Write a graph whose products of matrices and tables of embeddings are in int8, scaled by rows."""
    onnx = onnx_package()
    onnxruntime()
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.quant_utils import add_pre_process_metadata

    model = onnx.load(str(graph))
    # Its shapes are known already, which is what the step before would be for; unmarked, a graph gets a warning.
    add_pre_process_metadata(model)
    parts = in_parts(graph_bytes(graph.parent))
    quantize_dynamic(
        model, str(out), per_channel=True, reduce_range=True, weight_type=QuantType.QInt8, use_external_data_format=parts
    )


CHANGE = Change(make)

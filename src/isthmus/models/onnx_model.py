"""A task model exported to ONNX: the graph computes logits, the head's ``read`` makes outputs of them.

No weights are loaded by torch: of the encoder's directory, only the tokenizer and the configuration are read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from isthmus.core.errors import SetupError
from isthmus.models.feature import Batch
from isthmus.models.head import Head
from isthmus.models.network import Network


class OnnxModel:
    """A graph under the head that reads its logits; predicted with as a TaskModel is.

    ``device`` is where the graph runs: on the CPU where this onnxruntime knows no GPU. ``precision`` says fp32 or int8.
    """

    def __init__(self, session: Any, network: Network, head: Head, precision: str) -> None:
        self.session, self.network, self.head, self.precision = session, network, head, precision
        self.names = [given.name for given in session.get_inputs()]
        on_gpu = "CUDAExecutionProvider" in session.get_providers()
        self.device = torch.device("cuda" if on_gpu else "cpu")

    def eval(self) -> OnnxModel:
        """Return itself: a graph does not train."""
        return self

    def outputs(self, batch: Batch) -> list[Any]:
        """Return the head's outputs, one a feature."""
        given = {"input_ids": batch.ids, "attention_mask": batch.mask, "token_type_ids": batch.types}
        (logits,) = self.session.run(["logits"], {name: given[name].cpu().numpy() for name in self.names})
        return self.head.read(torch.from_numpy(logits), batch)


def onnxruntime() -> Any:
    """Return onnxruntime; raises SetupError where it is not installed."""
    try:
        import onnxruntime as runtime
    except ImportError as error:
        raise SetupError(f"runtime: onnx needs an extra, pip install 'isthmus[onnx]' ({error})") from error
    return runtime


def open_session(graph: Path, device: torch.device, threads: int | None = None) -> Any:
    """Return a session that runs a graph on so many threads (torch's number where none is said), one operator at a time.

    Raises SetupError where onnxruntime is missing or the graph cannot be read.
    """
    runtime = onnxruntime()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads() if threads is None else threads
    options.inter_op_num_threads = 1
    # Its threads wait for work by spinning. Within an answer that is quick; after it they would take the cores from whatever
    # runs next, a variant that is timed beside this one say.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    options.log_severity_level = 3  # errors alone; a warning of each constant it folds is of no use
    wanted = ["CUDAExecutionProvider"] if device.type == "cuda" else []
    there = [name for name in wanted if name in runtime.get_available_providers()]
    try:
        return runtime.InferenceSession(str(graph), options, providers=[*there, "CPUExecutionProvider"])
    except Exception as error:  # its errors have no class above them but this
        raise SetupError(f"{graph}: onnxruntime cannot read this graph ({' '.join(str(error).split())[:200]})") from error

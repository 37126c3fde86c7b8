"""Compiling: torch.compile makes kernels of an encoder when it first runs; the artifact is the model as it was."""

from __future__ import annotations

import torch

from isthmus.models.running import check_compiler, refuse_after
from isthmus.models.variant import Change, Making, copy_model, write_running


def make(making: Making) -> None:
    """Copy a model and note that it is compiled when it is loaded; sizes of batches may change without compiling again.

    Raises SetupError where this machine has no compiler, UserError for a model that does not run all its layers in torch.
    """
    running = refuse_after(making.source, "compile", adapter=True)
    check_compiler(torch.device("cuda" if torch.cuda.is_available() else "cpu"))
    copy_model(making.source, making.out)
    write_running(making.out, running.after("compile", runtime="compile"))
    making.tick(1, 1)


CHANGE = Change(make)

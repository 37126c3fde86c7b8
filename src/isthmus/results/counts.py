"""The sums behind a score, example by example, as a file: counts.safetensors beside scores.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COUNTS = "counts.safetensors"


def write_counts(folder: Path, counts: Mapping[str, Sequence[tuple[float, ...]]]) -> None:
    """Write one float32 tensor a metric: a row an example, in the order of the predictions."""
    import numpy as np
    from safetensors.numpy import save_file

    save_file({metric: np.array(rows, np.float32) for metric, rows in counts.items()}, folder / COUNTS)


def read_counts(folder: Path) -> dict[str, NDArray[np.float32]]:
    """Return {metric: n x columns} of a score, nothing where its data had no labels."""
    from safetensors.numpy import load_file

    file = folder / COUNTS
    return load_file(file) if file.exists() else {}

"""What a step costs beside its arithmetic: a long-lived forked worker against a fresh process for each step."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from isthmus.execution.board import Silent
from isthmus.execution.local import EXECUTOR
from isthmus.plan.graph import Plan, in_order
from isthmus.plan.step import Step
from isthmus.sources.directory import Directory
from isthmus.store.store import Store
from isthmus.tasks.task import load_task

STEPS = 40
PRELOADED = "import torch, accelerate, transformers.modeling_utils"


def plan(data: Path) -> Plan:
    """Return a plan of STEPS small baseline steps on a toy tagging task."""
    files = load_task("udpos").files
    (data / "udpos").mkdir(parents=True)
    rows = "\n".join("a\tDET\ncat\tNOUN\n" for _ in range(50))
    for split in ("train", "test"):
        (data / "udpos" / f"{split}-en.tsv").write_text(
            rows + ("\nends\tVERB\n" if split == "test" else ""), encoding="utf-8"
        )
    record = {
        split: {"task": "udpos", "language": "en", "split": split,
                "digest": Directory(data).fingerprint(files, "en", split).digest}
        for split in ("train", "test")
    }  # fmt: skip
    steps = [
        Step(
            "baseline",
            {"name": "majority", "kind": "tagging", "labels": ["DET", "NOUN", "VERB"], "train": record["train"],
             "data": record["test"], "max_examples": 10 + i},
            name=f"step {i}", places={"data": str(data)},
        )
        for i in range(STEPS)
    ]  # fmt: skip
    return Plan(in_order(steps), ())


def main() -> None:
    """Print both costs of one step and their ratio, start-up of the first worker included."""
    folder = Path(tempfile.mkdtemp())
    work = plan(folder / "data")
    begun = time.perf_counter()
    report = EXECUTOR.run(work, Store(folder / "store"), jobs=1, show=Silent())
    assert report.fine, report
    together = (time.perf_counter() - begun) / STEPS
    fresh = []
    for _ in range(3):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", PRELOADED], check=True)
        fresh.append(time.perf_counter() - begun)
    alone = sorted(fresh)[1]
    print(
        f"one of {STEPS} steps in a shared worker: {together:.3f} s; a fresh process before its step begins: {alone:.2f} s"
    )
    print(f"ratio {alone / together:.1f}")


if __name__ == "__main__":
    main()

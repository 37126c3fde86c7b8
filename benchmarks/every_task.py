"""Every task on its real sample: nine intermediate tasks judged on held-back rows, the targets in every language at hand.

A small encoder is pretrained on public text for minutes, as in studies/real-mini.yaml; then each task is a target of one
study, a few hundred steps each, beside its baselines: half an hour or more on two cores. ``every_task.py DIR`` keeps data
and store in DIR, so that a second run goes on from there.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from _real_data import lay_out, real_data

MINI = Path(__file__).parents[1] / "studies/real-mini.yaml"
TOKENS = 4_000_000
NINE = ("anli_plus", "mnli", "qqp", "squad", "squad_v2", "hellaswag", "ccg", "cosmosqa", "commonsenseqa")
DEV = {"splits": ["dev"]}
TARGETS = [
    *({"task": name, **DEV} for name in NINE),
    {"task": "xnli"}, {"task": "pawsx"}, {"task": "udpos"}, {"task": "panx", "splits": ["test", "dev"]},
    {"task": "xquad", "train": "tydiqa"}, {"task": "mlqa", "train": "tydiqa", **DEV}, {"task": "tydiqa"},
    {"task": "bucc2018", "layer": "chosen"}, {"task": "tatoeba", "layer": "chosen", "chosen_on": "fr"},
    {"task": "xcopa", "splits": ["test", "dev"]}, {"task": "lareqa"},
]  # fmt: skip


def small_model() -> dict:
    """Return the model of studies/real-mini.yaml, pretrained on fewer tokens."""
    model = yaml.safe_load(MINI.read_text("utf-8"))["model"]
    return {"pretrain": model["pretrain"] | {"tokens": TOKENS}}


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp())
    lay_out(real_data(), folder / "data")
    study = {
        "study": "every-task", "question": "Does every task train, and is it judged in every language there is?",
        "data": str(folder / "data"), "model": small_model(), "seeds": [1],
        "arms": {"none": []}, "targets": TARGETS, "source": "en", "languages": "all",
        "recipe": {
            "learning_rate": 5.0e-4, "steps": 300, "batch_examples": 32, "max_length": 128, "stride": 32,
            "precision": "bf16",
        },
        "overrides": {"squad_sentences": {"batch_examples": 16}},
    }  # fmt: skip
    file = folder / "every-task.yaml"
    file.write_text(yaml.safe_dump(study, sort_keys=False), encoding="utf-8")
    subprocess.run([Path(sys.executable).with_name("isthmus"), "run", file, "--store", folder / "store"], check=True)


if __name__ == "__main__":
    main()

"""Nine XTREME tasks in every language at hand with one checkpoint: how often the model is loaded, and sentences a second.

A mix of five tasks trains one encoder with a head each; every target is judged with the head that fits, as it is.
``python benchmarks/one_checkpoint.py DIR`` takes the encoder that benchmarks/every_task.py pretrained in DIR.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch
import yaml

from _real_data import lay_out, real_data
from _side_by_side import heading
from every_task import small_model
from isthmus.core.files import read_text
from isthmus.execution.actions import predict
from isthmus.execution.context import Context
from isthmus.execution.data import read_data
from isthmus.execution.loaded import encoder_of, task_model_of
from isthmus.plan.planner import make_plan
from isthmus.sources.directory import Directory
from isthmus.store.store import Store
from isthmus.study.load import load_study

MIX = ["mnli", "panx", "qqp", "tydiqa", "udpos"]  # qqp's two labels are those of pawsx
AS_IS = {"head": "as-is"}
TARGETS = [
    {"task": "xnli", **AS_IS}, {"task": "pawsx", **AS_IS}, {"task": "udpos", **AS_IS},
    {"task": "panx", "splits": ["test", "dev"], **AS_IS}, {"task": "xquad", **AS_IS},
    {"task": "mlqa", "splits": ["dev"], **AS_IS}, {"task": "tydiqa", **AS_IS},
    {"task": "bucc2018", "layer": "chosen"}, {"task": "tatoeba", "layer": "chosen", "chosen_on": "fr"},
]  # fmt: skip


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp())
    lay_out(real_data(), folder / "data")
    study = {
        "study": "one-checkpoint", "question": "How fast is one checkpoint judged on nine tasks?",
        "data": str(folder / "data"), "model": small_model(), "seeds": [1],
        "arms": {"multi": [{"mix": MIX, "rates": {"scheme": "uniform"}, "recipe": {"steps": 600}}]},
        "targets": TARGETS, "source": "en", "languages": "all", "baselines": [],
        "recipe": {
            "learning_rate": 5.0e-4, "steps": 600, "batch_examples": 32, "max_length": 128, "stride": 32,
            "precision": "bf16",
        },
    }  # fmt: skip
    file = folder / "one-checkpoint.yaml"
    file.write_text(yaml.safe_dump(study, sort_keys=False), encoding="utf-8")
    subprocess.run(
        [Path(sys.executable).with_name("isthmus"), "run", file, "--store", folder / "store", "--jobs", "1"], check=True
    )
    measure(file, folder)


def measure(file: Path, folder: Path) -> None:
    """Predict everything once more in this process, the store's checkpoint being there, and say what it took."""
    asked = load_study(file).study
    places = {"data": asked.data}
    plan, store = make_plan(asked, Directory(Path(asked.data)), places), Store(folder / "store")
    steps = [step for step in plan if step.kind == "predict"]
    heading("nine tasks, one checkpoint")
    torch.set_num_threads(1)
    encoder_of.cache_clear()
    task_model_of.cache_clear()
    examples, languages = 0, set()
    begun = time.perf_counter()
    for number, step in enumerate(steps):
        output = Path(tempfile.mkdtemp())
        inputs = {role: store.open(id_) for role, id_ in step.inputs.items()}
        predict.run(Context(step, inputs, output, output, lambda _: None, lambda: False))
        record = step.settings["data"]
        languages.add(record["language"])
        found = len(read_text(output / "predictions.jsonl").split("\n")) - 1
        examples += found if step.settings["kind"] not in ("retrieval", "mining") else _both_sides(step, places)
        print(f"  {number + 1:>3} {record['task']:<9} {record['language']:<4} {found:>6}", flush=True)
    seconds = time.perf_counter() - begun
    tasks = {step.settings["data"]["task"] for step in steps}
    loads = encoder_of.cache_info().misses
    print(
        f"{len(tasks)} tasks, {len(languages)} languages, {len(steps)} test sets, {examples} sentences or questions: "
        f"{seconds:.0f} s, {examples / seconds:.0f} a second; the encoder was loaded {loads} time(s)"
    )


def _both_sides(step, places) -> int:
    """Return how many different sentences a comparison encodes."""
    rows = read_data(step.settings["data"], places)
    if step.settings["kind"] == "retrieval":
        return len({row.query for row in rows}) + len({row.candidate for row in rows})
    return len({row.text for row in rows}) + len(set(rows[0].candidates.values()))


if __name__ == "__main__":
    main()

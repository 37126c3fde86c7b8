"""The demonstration from end to end, as a user runs it, with a smaller network and less training than it ships with."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

STUDIES = Path(__file__).parents[2] / "studies"
SMALLER = {
    "hidden_size: 64": "hidden_size: 32",
    "num_hidden_layers: 2": "num_hidden_layers: 1",
    "tokens: 1_000_000": "tokens: 20_000",
    "epochs: 10": "epochs: 1",
    "languages: all": "languages: [en, de]",
}


class Demo:
    """A copy of the demonstration in a folder of its own, and the command line in processes of their own."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(STUDIES / "demo-data", folder / "demo-data")
        self.folder, self.file = folder, folder / "demo.yaml"
        self.file.write_text((STUDIES / "demo.yaml").read_text("utf-8"), "utf-8")
        for old, new in SMALLER.items():
            self.change(old, new)

    def change(self, old: str, new: str) -> None:
        """Replace what stands once in the study."""
        text = self.file.read_text("utf-8")
        assert text.count(old) == 1, old
        self.file.write_text(text.replace(old, new), "utf-8")

    def __call__(self, *arguments: str) -> str:
        """Run a command that must end well; return what it prints on stdout."""
        env = {**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache"), "ISTHMUS_STORE": str(self.folder / "store")}
        command = [sys.executable, "-c", "from isthmus.cli import main; main()", *arguments]
        ended = subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def json(self, *arguments: str) -> dict:
        """Run a command with --json; return the document it prints."""
        return json.loads(self(*arguments, "--json"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Demo:
    return Demo(tmp_path_factory.mktemp("demo"))


def test_the_data_are_what_their_script_writes(tmp_path):
    runpy.run_path(str(STUDIES / "demo-data/make.py"))["main"](tmp_path)
    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    kept = [
        path for path in (STUDIES / "demo-data").rglob("*") if path.suffix in (".tsv", ".txt") or path.match("tatoeba/*")
    ]
    assert written == {path.relative_to(STUDIES / "demo-data"): path.read_bytes() for path in kept}


def test_a_study_from_its_plan_to_its_table_and_what_a_change_costs(demo):
    planned = demo.json("plan", "demo.yaml")
    steps = planned["kinds"]["all"]["steps"]
    assert planned["kinds"]["all"]["to_run"] == steps
    assert planned["training_runs"] == {"shared": 8, "alone": 10}

    first = demo.json("run", "demo.yaml")
    assert first["counts"] == {"done": steps}
    assert first["results"]["summary"]["missing"] == 0
    again = demo.json("run", "demo.yaml")
    assert (again["counts"], again["results"]) == ({"cached": steps}, first["results"])

    demo.change("languages: [en, de]", "languages: all")
    listed = demo.json("plan", "demo.yaml", "--steps")["steps"]
    new = [step for step in listed if step["state"] == "new"]
    assert {step["kind"] for step in new} == {"predict", "baseline", "score"}
    assert all("/es/" in step["name"] for step in new)
    assert demo.json("run", "demo.yaml")["counts"] == {"done": len(new), "cached": steps}

    tables = demo("show", "demo.yaml", "--languages")
    assert all(name in tables for name in ("udpos", "tatoeba", "names", "baseline:lexicon", "baseline:untrained", "\nes "))
    assert "| names |" in demo("show", "demo.yaml", "--markdown")
    heads = [run["heads"] for run in demo.json("show", "demo.yaml", "--training")]
    assert {"tagging": "new", "of the stage before": "dropped"} in heads
    rows = demo.json("show", "demo.yaml")["rows"]
    assert {row["language"] for row in rows} == {"en", "de", "es"}
    assert len(demo("show", "demo.yaml", "--csv").splitlines()) == len(rows) + 1
    status = demo.json("status", "demo.yaml")
    assert status["cells"]["filled"] == status["cells"]["all"]

    demo.change("recipe: {learning_rate: 1.0e-3", "recipe: {learning_rate: 5.0e-4")
    causes = demo.json("plan", "demo.yaml", "--why")["why"]
    assert {change["key"] for cause in causes for change in cause["changes"]} == {"settings.recipe.learning_rate"}
    assert {cause["step"] for cause in causes if cause["step"].startswith("none")} == {
        "none/seed 1/udpos",
        "none/seed 2/udpos",
    }
    assert demo.json("store", "verify")["problems"] == []

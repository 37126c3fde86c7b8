"""`isthmus bench predict` as it is typed: tables or one JSON document, and one clear error for what cannot be measured."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path

import pytest

from isthmus.core.errors import SetupError
from isthmus.results.measured import read_measurements

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))
sys.path.insert(0, str(Path(__file__).parents[1] / "efficiency"))

from models_to_export import checkpoint
from tiny_networks import one_thread, still, wordpiece_folder, write_encoder  # noqa: F401

from isthmus.cli.bench import _chosen
from isthmus.cli.checkpoint import Wanted
from isthmus.efficiency import measure as measuring
from isthmus.efficiency.fresh import FirstCall

ROWS = {
    "en": ["The quick brown fox jumps\tthe dog sleeps\tneutral", "She sells sea shells\tby the shore\tentailment"],
    "de": ["Der schnelle braune Fuchs\tder faule Hund\tneutral", "Die Stadt\tin Berlin\tcontradiction"],
}
DATA = ("--task", "xnli", "--data", "data")
LITTLE = ("--seconds", "0", "--queries", "4", "--rounds", "2")


@pytest.fixture(scope="module")
def model(tmp_path_factory, wordpiece_folder):  # noqa: F811
    root = tmp_path_factory.mktemp("model")
    encoder = write_encoder(still("bert"), wordpiece_folder, root / "plain")
    return checkpoint("classification", encoder, root / "nli")


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A current directory with data of xnli; first calls take no fresh process."""

    def at_once(checkpoints, serving, examples, tick):
        return [FirstCall(0.5, 1000) for _ in checkpoints]

    monkeypatch.setattr(measuring, "measure", partial(measuring.measure, fresh=at_once))
    (tmp_path / "data/xnli").mkdir(parents=True)
    for language, rows in ROWS.items():
        (tmp_path / f"data/xnli/test-{language}.tsv").write_text("\n".join(rows) + "\n", "utf-8")
    (tmp_path / "data/mnli").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("ISTHMUS_STORE", raising=False)
    return tmp_path


def test_a_model_and_its_forms_are_measured_in_every_language_side_by_side(isthmus, place, model):
    told = isthmus("bench", "predict", str(model), *DATA, *LITTLE, "--variant", "bf16", "--variant", "layers=1")
    assert told.exit_code == 0, told.stderr
    lines = told.stdout.splitlines()
    assert lines[0].startswith("xnli on ")
    assert any(line.startswith("energy: ") for line in lines)
    assert any("the machine was" in line for line in lines)
    for name in ("nli", "nli bf16", "nli layers=1"):
        assert sum(f" {name} " in f" {line} " for line in lines) >= 5
    assert all(any(line.strip().startswith(language) for line in lines) for language in ("de", "en", "all"))
    assert "p50 ms" in told.stdout
    assert "tokens / s" in told.stdout


def test_the_json_is_what_is_written_and_nothing_else_is_printed(isthmus, place, model):
    told = isthmus(
        "bench",
        "predict",
        str(model),
        *DATA,
        *LITTLE,
        "--variant",
        "int8",
        "--languages",
        "de",
        "--out",
        "new/m.json",
        "--json",
    )
    assert told.exit_code == 0, told.stderr
    document, written = json.loads(told.stdout), read_measurements(place / "new/m.json")
    assert [one["name"] for one in document["timed"]] == [one.name for one in written.timed] == ["nli", "nli int8"]
    assert [one["variant"] for one in document["timed"]] == ["", "int8"]
    assert (document["task"], document["protocol"]["queries"], document["machine"]["threads"]) == ("xnli", 4, 1)
    spoken = document["timed"][1]["languages"]
    assert list(spoken) == ["de"]
    assert spoken["de"]["examples"] == 2
    assert len(spoken["de"]["latency"]["rounds"]) >= 2
    assert document["timed"][1]["disk_bytes"] < document["timed"][0]["disk_bytes"]
    assert told.stderr == ""


def test_the_grid_is_there_where_it_is_asked_for(isthmus, place, model):
    told = isthmus(
        "bench", "predict", str(model), *DATA, *LITTLE, "--languages", "en", "--precision", "bf16", "--batch-grid", "--json"
    )
    points = json.loads(told.stdout)["timed"][0]["grid"]
    assert {point["batch"] for point in points} >= {1, 32}
    assert max(point["length"] for point in points) <= 128


def test_a_vocabulary_is_trimmed_to_the_sentences_of_its_languages(isthmus, place, model):
    told = isthmus(
        "bench", "predict", str(model), *DATA, *LITTLE, "--variant", "vocabulary=de", "--languages", "de", "--json"
    )
    full, trimmed = json.loads(told.stdout)["timed"]
    assert trimmed["parameters"] < full["parameters"]
    assert trimmed["languages"]["de"]["sub_words"] == full["languages"]["de"]["sub_words"]


def test_what_was_made_is_gone_however_it_ends(isthmus, place, model, monkeypatch):
    (place / "rooms").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place / "rooms"))
    seen = []

    def interrupted(*_, **__):
        seen.extend(entry.name for entry in (place / "rooms").rglob("variant.json"))
        raise KeyboardInterrupt

    monkeypatch.setattr(measuring, "measure", interrupted)
    told = isthmus("bench", "predict", str(model), *DATA, *LITTLE, "--variant", "bf16")
    assert told.exit_code == 130
    assert "interrupted; nothing was lost" in told.stderr
    assert seen == ["variant.json"]
    assert list((place / "rooms").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([*DATA, "--device", "cuda:99"], "device: found 'cuda:99'"),
        ([*DATA, "--device", "gpu"], "device: found 'gpu', no name of a device"),
        ([*DATA, "--languages", "en,dee"], "no test or dev sentences of xnli in 'dee'; did you mean 'de'"),
        ([*DATA, "--languages", ","], "--languages: found ','"),
        ([*DATA, "--variant", "int9"], "--variant: unknown form 'int9'; did you mean 'int8'"),
        ([*DATA, "--variant", "bf16", "--variant", "bf16"], "--variant: 'bf16' is asked for twice"),
        ([*DATA, "--variant", "layers=2"], "which changes nothing"),
        ([*DATA, "--variant", "vocabulary=fr"], "no test or dev sentences of xnli in 'fr'"),
        ([*DATA, "--variant", "heads=0.5"], "train"),
        ([*DATA, "--arm", "none"], "--arm goes with a study"),
        (["--task", "pawsx", "--data", "data"], "its head is not for pawsx"),
        (["--data", "data"], "--task does"),
        ([*DATA, "--out", "data"], "--out: data is a directory"),
    ],
)
def test_what_cannot_be_measured_is_one_error(isthmus, place, model, arguments, message):
    told = isthmus("bench", "predict", str(model), *LITTLE, *arguments)
    assert told.exit_code == 2
    assert told.stdout == ""
    assert message in told.stderr
    assert told.stderr.count("error:") == 1
    asked = isthmus("bench", "predict", str(model), *LITTLE, *arguments, "--json")
    assert message in json.loads(asked.stdout)["error"]["message"]


def test_a_file_that_cannot_be_written_is_told(isthmus, place, model):
    (place / "file").touch()
    told = isthmus("bench", "predict", str(model), *DATA, *LITTLE, "--languages", "en", "--out", "file/m.json")
    assert told.exit_code == 2
    assert "--out: file/m.json cannot be written" in told.stderr


def test_models_of_two_tasks_are_not_compared(monkeypatch, tmp_path, place, model):
    from isthmus.cli import bench
    from isthmus.tasks.task import load_task

    found = iter([("a", "xnli", 96), ("b", "pawsx", 96)])

    def choose(*_):
        name, task, length = next(found)
        return type("C", (), {"name": name, "task": load_task(task), "family": "encoder", "max_length": length, "stride": 8})

    monkeypatch.setattr(bench, "choose", choose)
    with pytest.raises(SetupError, match="a is for xnli and b for pawsx; what is compared answers the same sentences"):
        _chosen(["a", "b"], tmp_path, Wanted(), (), ())


def test_variants_that_a_study_declares_are_taken_from_its_store_and_others_are_made(monkeypatch, study):
    from isthmus.cli import bench
    from isthmus.tasks.task import load_task

    study.write_text(study.read_text("utf-8") + "variants: {small: {precision: int8}}\n", "utf-8")
    asked = []

    def choose(checkpoint, _, wanted):
        asked.append((checkpoint, wanted.arm, wanted.variant))
        found = {"task": load_task("udpos"), "family": "encoder", "max_length": 96, "stride": 8}
        return type("C", (), {"name": "x", **found})

    monkeypatch.setattr(bench, "choose", choose)
    _, forms = _chosen([str(study)], study.parent, Wanted(), ("none", "names"), ("small", "bf16"))
    assert [(arm, variant) for _, arm, variant in asked] == [
        ("none", ""), ("names", ""), ("none", "small"), ("names", "small")
    ]  # fmt: skip
    assert [form.name for form in forms] == ["bf16"]

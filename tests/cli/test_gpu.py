"""What `isthmus plan --gpu` says."""

from __future__ import annotations

import json

import pytest

HUB_MODEL = "model: {name: FacebookAI/xlm-roberta-large, revision: abc}\n"


@pytest.fixture
def large(study, monkeypatch, tmp_path):
    """The small study with a large model of the hub, three arms that begin alike, and bf16."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "no cache"))
    text = study.read_text("utf-8")
    text = text[: text.index("model:")] + HUB_MODEL + text[text.index("seeds:") :]
    study.write_text(text.replace("batch_tokens: 100}", "batch_tokens: 100_000, precision: bf16}"), "utf-8")
    return study


def plan(isthmus, *arguments: str) -> dict:
    told = isthmus("plan", "study.yaml", "--json", *arguments)
    assert (told.exit_code, told.stderr) == (0, "")
    return json.loads(told.stdout)


def words(isthmus, *arguments: str) -> str:
    return isthmus("plan", "study.yaml", *arguments).stdout


def test_gpu_hours_are_told_of_every_kind_and_in_all(isthmus, large):
    kinds = plan(isthmus, "--gpu", "h100", "--utilisation", "0.5")["kinds"]
    train = kinds["train"]
    assert train["gpu_hours"] == pytest.approx(train["flops"] / (989e12 * 0.5) / 3600)
    assert kinds["all"]["gpu_hours"] == pytest.approx(sum(kinds[kind]["gpu_hours"] for kind in kinds if kind != "all"))
    assert "GPU-hours" in words(isthmus, "--gpu", "h100")
    assert "GPU-hours" not in words(isthmus)


def test_every_step_tells_its_tokens_operations_hours_and_disk(isthmus, large):
    found = plan(isthmus, "--gpu", "h100", "--steps")
    assert sum(one["tokens"] for one in found["steps"]) == pytest.approx(found["kinds"]["all"]["tokens"])
    assert sum(one["gpu_hours"] for one in found["steps"]) == pytest.approx(found["kinds"]["all"]["gpu_hours"])
    assert sum(one["disk"] for one in found["steps"]) == pytest.approx(found["kinds"]["all"]["disk"])
    [header] = [line for line in words(isthmus, "--gpu", "h100", "--steps").splitlines() if "state" in line]
    assert header.split() == ["step", "kind", "id", "state", "tokens", "FLOPs", "GPU-hours", "disk"]


def test_time_and_price_follow_from_the_hours(isthmus, large):
    told = plan(isthmus, "--gpu", "t4", "--gpus", "2", "--price", "3")["gpu"]
    assert told["price"] == pytest.approx(3 * told["gpu_hours"])
    assert told["gpu_hours"] / 2 <= told["wall_clock_hours"] < told["gpu_hours"]
    assert "on 2 of them" in words(isthmus, "--gpu", "t4", "--gpus", "2")


def test_what_does_not_fit_is_told_with_its_name(isthmus, large):
    told = plan(isthmus, "--gpu", "t4")["gpu"]["too_large"]
    assert {one["step"].split("/")[0] for one in told} == {"none", "names"}
    assert "would not fit into one t4" in words(isthmus, "--gpu", "t4")
    assert "would not fit" not in words(isthmus, "--gpu", "h200")


def test_a_gpu_without_bf16_is_told(isthmus, large):
    assert "v100 has no bf16" in words(isthmus, "--gpu", "v100")
    assert "has no bf16:" not in words(isthmus, "--gpu", "h100")


def test_what_sharing_spares_is_told_in_tokens_operations_disk_and_hours(isthmus, large):
    text = large.read_text("utf-8").replace("  names: [panx]\n", "  names: [panx]\n  again: [panx, udpos]\n")
    large.write_text(text, "utf-8")
    found = plan(isthmus, "--gpu", "h100")
    assert found["training_runs"] == {"shared": 8, "alone": 12}
    for key in ("tokens", "flops", "disk", "hours"):
        assert 0 < found["shared"][key] < found["alone"][key]
    assert "GPU-hours, the model itself left out" in words(isthmus, "--gpu", "h100")


def test_a_model_of_unknown_size_has_question_marks_and_no_zeros(isthmus, large):
    large.write_text(large.read_text("utf-8").replace("FacebookAI/xlm-roberta-large", "some/model"), "utf-8")
    found = plan(isthmus, "--gpu", "h100", "--steps")
    assert found["kinds"]["train"]["flops"] is None
    assert found["gpu"]["unsized"] == sum(one["gpu_hours"] is None for one in found["steps"]) > 0
    [row] = [line.split() for line in words(isthmus, "--gpu", "h100").splitlines() if line.split()[:1] == ["train"]]
    assert row.count("?") == 3  # FLOPs, time where nobody measured, GPU-hours
    assert "whose size is not known" in words(isthmus, "--gpu", "h100")


def test_the_study_can_say_how_large_a_model_is(isthmus, large):
    shape = "network: {hidden_size: 16, num_hidden_layers: 1, intermediate_size: 32, vocab_size: 100}"
    large.write_text(large.read_text("utf-8").replace("FacebookAI/xlm-roberta-large, ", f"some/model, {shape}, "), "utf-8")
    assert plan(isthmus)["kinds"]["all"]["flops"] > 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--gpu", "h10"), "h100"),
        (("--gpus", "2"), "--gpus goes with --gpu"),
        (("--price", "2"), "--price goes with --gpu"),
        (("--utilisation", "0.5"), "--utilisation goes with --gpu"),
        (("--gpu", "h100", "--utilisation", "0"), "above 0 and up to 1"),
        (("--gpu", "h100", "--utilisation", "1.5"), "above 0 and up to 1"),
        (("--gpu", "h100", "--price", "-1"), "what a GPU-hour costs"),
        (("--gpu", "h100", "--price", "nan"), "what a GPU-hour costs"),
        (("--gpu", "h100", "--price", "inf"), "what a GPU-hour costs"),
    ],
)
def test_odd_figures_are_refused(isthmus, study, arguments, said):
    told = isthmus("plan", "study.yaml", *arguments)
    assert told.exit_code == 2
    assert said in told.stderr

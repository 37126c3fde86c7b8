"""What inference costs, on the terminal and for other programs."""

from __future__ import annotations

import csv
import json

import pytest

from isthmus.results.measured import (
    FILE,
    Interval,
    Latency,
    Machine,
    Measurements,
    Noise,
    Protocol,
    Spoken,
    Throughput,
    Timed,
    write_measurements,
)

ADDED = "variants: {small: {precision: int8}}\nefficiency: {languages: [en, de]}\n"
ROUNDS = 20


def spoken(factor: float) -> Spoken:
    rounds = tuple(factor * (1 + 0.01 * (i % 3)) for i in range(ROUNDS))
    one = Interval(factor, factor, factor)
    return Spoken(10, 20, 40, 1e6, Latency(one, one, one, one, ROUNDS, rounds), Throughput(one, one, rounds))


@pytest.fixture
def measured(study, opened, keep):
    """The study with a variant, every score counted, and measurements in which that variant takes half the time."""
    study.write_text(study.read_text("utf-8") + ADDED, "utf-8")
    found = opened()
    cells = {cell.step for cell in (*found.plan.cells, *found.plan.variants)}
    for step in found.plan:
        if step.kind != "bench":
            keep(found.store, step, **({"right": [5, 6, 7, 4] * 5} if step.id in cells else {}))
            continue
        timed = tuple(
            Timed(one["label"], one["arm"], "", one["variant"], one["seed"], 9, 9, 0.1, 9,
                  {language: spoken(0.5 if one["variant"] else 1.0) for language in ("en", "de")})
            for one in step.settings["checkpoints"]
        )  # fmt: skip
        scratch = found.store.begin(step.id)
        machine = Machine("a CPU", 2, 1, "cpu", 10**9, {"torch": "2"})
        whole = Measurements(machine, Protocol(), "udpos", "", Noise(False, (), 0.0, 0.0, 0.0), timed)
        write_measurements(scratch.output / FILE, whole)
        found.store.commit(step.id, scratch, step.payload, step.name, {})
    return opened()


def test_tables_of_cost_stand_on_the_terminal_with_what_they_come_to(isthmus, measured):
    text = isthmus("show", "study.yaml", "--efficiency").stdout
    for words in ("×0.500", "equivalent", "a CPU", "latency is the same in 2 of 2 comparisons", "what each cheaper form"):
        assert words in text
    assert "cost in each language" not in text
    assert "cost in each language" in isthmus("show", "study.yaml", "--efficiency", "--languages").stdout


def test_markdown_csv_and_json_hold_the_same_costs(isthmus, measured):
    assert (
        "### cost of the full models, the mean over languages"
        in isthmus("show", "study.yaml", "--efficiency", "--markdown").stdout
    )
    rows = list(csv.DictReader(isthmus("show", "study.yaml", "--efficiency", "--csv").stdout.splitlines()))
    found = json.loads(isthmus("show", "study.yaml", "--efficiency", "--json").stdout)
    assert [float(row["p50"]) for row in rows] == [one["p50"]["value"] for one in found["spent"]]
    assert {(row["arm"], row["variant"]) for row in rows} == {(a, v) for a in ("none", "names") for v in ("", "small")}
    assert {one["outcome"] for one in found["same"]} == {"equivalent"}


def test_an_unbegun_study_says_what_is_missing_of_its_costs(isthmus, study):
    study.write_text(study.read_text("utf-8") + ADDED, "utf-8")
    told = isthmus("show", "study.yaml", "--efficiency")
    assert told.exit_code == 0
    assert "8 of 8 scores of variants are still missing" in told.stdout
    assert "1 of 1 run of measurements is still missing" in told.stdout


def test_a_study_without_variants_is_told_what_its_file_lacks(isthmus, study):
    told = isthmus("show", "study.yaml", "--efficiency")
    assert told.exit_code == 2
    assert "neither variants nor measurements" in told.stderr
    assert "`variants:`" in told.stderr


@pytest.mark.parametrize("other", ["--effects", "--training", "--metric f1"])
def test_costs_go_with_no_other_table(isthmus, study, other):
    told = isthmus("show", "study.yaml", "--efficiency", *other.split())
    assert told.exit_code == 2
    assert "--efficiency goes with" in told.stderr

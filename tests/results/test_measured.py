"""Measurements on disk: read as they were written, and every fault told by its place."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from isthmus.core.errors import CorruptArtifact
from isthmus.results.measured import (
    GridPoint,
    Interval,
    Latency,
    Machine,
    Measurements,
    Noise,
    Protocol,
    Spoken,
    Throughput,
    Timed,
    read_measurements,
    write_measurements,
)

FIGURE = Interval(0.010, 0.009, 0.012)
LATENCY = Latency(FIGURE, FIGURE, FIGURE, FIGURE, 4, (0.02, 0.021))
SPOKEN = Spoken(3, 20, 31, 1e6, LATENCY, Throughput(FIGURE, FIGURE, (0.5, 0.6)), None)
TIMED = Timed(
    "none/full/1", "none", "small", "", 1, 100, 25, 0.7, 10**6, {"en": SPOKEN, "ja": SPOKEN}, (GridPoint(1, 8, 0.1),)
)
MEASURED = Measurements(
    Machine("a CPU", 2, 1, "cpu", 8 * 2**30, {"torch": "2.13"}, "rapl"),
    Protocol(rounds=2),
    "xnli",
    "small",
    Noise(True, ("it is noisy: “very”",), 0.1, -0.02, 0.3, 0.0, "powersave"),
    (TIMED, replace(TIMED, name="none/int8/1", variant="int8", languages={"en": SPOKEN, "ja": replace(SPOKEN, joules=2.5)})),
)


@pytest.fixture
def file(tmp_path):
    write_measurements(tmp_path / "measurements.json", MEASURED)
    return tmp_path / "measurements.json"


def test_what_was_written_is_read(file):
    assert read_measurements(file) == MEASURED


def test_how_far_up_an_early_exit_goes_is_kept_and_files_from_before_it_was_told_are_read(file, tmp_path):
    early = replace(TIMED, languages={"en": replace(SPOKEN, depth=1.25), "ja": SPOKEN})
    write_measurements(tmp_path / "early.json", replace(MEASURED, timed=(early,)))
    assert read_measurements(tmp_path / "early.json").timed[0].languages["en"].depth == 1.25
    record = json.loads(file.read_text())
    for timed in record["timed"]:
        for spoken in timed["languages"].values():
            del spoken["depth"]
    file.write_text(json.dumps(record))
    assert read_measurements(file) == MEASURED


def changed(file, *places, to):
    """Change one value of the file, or take it out where it becomes Ellipsis."""
    record = at = json.loads(file.read_text())
    for place in places[:-1]:
        at = at[place]
    if to is ...:
        del at[places[-1]]
    else:
        at[places[-1]] = to
    file.write_text(json.dumps(record))


LATER = ("timed", 1, "languages", "ja")


@pytest.mark.parametrize(
    ("places", "to", "told"),
    [
        (("machine", "cores"), "2", "machine.cores"),
        (("machine", "threads"), ..., "machine.threads"),
        (("machine", "colour"), "red", "machine.colour"),
        (("noise", "why"), "noisy", "noise.why"),
        (("timed", 0, "disk_bytes"), 1.5, "timed.0.disk_bytes"),
        ((*LATER, "latency", "p50"), [1, 2, 3], "timed.1.languages.ja.latency.p50"),
        ((*LATER, "latency", "p50", "low"), float("nan"), "timed.1.languages.ja.latency.p50.low"),
        ((*LATER, "latency", "p99", "low"), 0.02, "'none/int8/1' in 'ja': p99: 0.01 is not within 0.02 to 0.012"),
        ((*LATER, "throughput", "tokens_per_second"), {"value": 0.0, "low": 0.0, "high": 1.0}, "tokens_per_second"),
        ((*LATER, "latency", "rounds"), [0.02], "latency: 1 rounds, 2 expected"),
        ((*LATER, "throughput", "rounds"), [0.5, -0.5], "throughput: a round of -0.5 seconds"),
        ((*LATER, "throughput", "rounds"), [], "throughput: 0 rounds, 2 expected"),
        (("timed", 1, "name"), "none/full/1", "'none/full/1' is there twice"),
        (("timed", 1, "languages", "ja"), ..., "'none/int8/1' has other languages than 'none/full/1'"),
        (("timed",), [], "nothing was measured"),
    ],
)
def test_a_fault_is_told_by_its_place(file, places, to, told):
    changed(file, *places, to=to)
    with pytest.raises(CorruptArtifact) as error:
        read_measurements(file)
    assert str(error.value).startswith(f"{file}: ")
    assert told in str(error.value)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"machine": null}'])
def test_what_is_no_such_file_is_told(file, content):
    file.write_bytes(content)
    with pytest.raises(CorruptArtifact, match=r"measurements\.json: "):
        read_measurements(file)


def test_a_file_that_was_cut_off_is_told_and_one_that_is_missing(file):
    file.write_bytes(file.read_bytes()[:-30])
    with pytest.raises(CorruptArtifact, match="Invalid JSON"):
        read_measurements(file)
    file.unlink()
    with pytest.raises(CorruptArtifact, match="cannot be read"):
        read_measurements(file)


def test_figures_that_are_no_numbers_are_not_written(tmp_path):
    with pytest.raises(ValueError, match="JSON compliant"):
        write_measurements(tmp_path / "m.json", replace(MEASURED, noise=replace(MEASURED.noise, spread=float("inf"))))
    assert not list(tmp_path.iterdir())

"""Fixtures of all tests."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# No test asks how long something takes. Continuous integration tries the same examples each time; elsewhere they are new.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The directory of real data in the official layout that ISTHMUS_DATA names; the test is skipped without it."""
    given = os.environ.get("ISTHMUS_DATA")
    if not given:
        pytest.skip("ISTHMUS_DATA does not name a directory of data in the official XTREME layout")
    return Path(given)


@pytest.fixture
def hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Write parquet files into a cache of the hub, laid out as huggingface_hub lays it out; the hub itself is out of reach.

    ``write(repo, commit, file, columns, classes)``: columns are {name: values}, classes {name: names of its classes}, which
    are written into the metadata as the hub's files have them.
    """
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)

    def write(
        repo: str, commit: str, file: str, columns: Mapping[str, Any], classes: Mapping[str, Sequence[str]] | None = None
    ) -> Path:
        import pyarrow
        from pyarrow import parquet

        table = pyarrow.table(dict(columns))
        features = {}
        for name, names in (classes or {}).items():
            label = {"names": list(names), "_type": "ClassLabel"}
            listed = pyarrow.types.is_list(table.schema.field(name).type)
            features[name] = {"feature": label, "_type": "Sequence"} if listed else label
        if features:
            table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
        path = tmp_path / f"hub/datasets--{repo.replace('/', '--')}/snapshots/{commit}" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        parquet.write_table(table, path, row_group_size=2)
        return path

    return write


@pytest.fixture
def measurements() -> Callable[..., Any]:
    """A function that returns measurements of made-up seconds: {(arm, variant): {language: seconds of each round}}.

    A round of latency is of two queries; a pass over ten examples takes five times as long as a round.
    """
    from isthmus.results.measured import Interval, Latency, Machine, Measurements, Noise, Protocol, Spoken, Throughput, Timed

    def spoken(rounds: Sequence[float]) -> Spoken:
        one = Interval(1.0, 0.9, 1.1)
        passes = tuple(5 * seconds for seconds in rounds)
        latency = Latency(one, one, one, one, 2 * len(rounds), tuple(rounds))
        return Spoken(10, 100, 130, 2e6, latency, Throughput(one, one, passes))

    def build(
        rounds: Mapping[tuple[str, str], Mapping[str, Sequence[float]]],
        task: str = "xnli",
        model: str = "",
        noise: Sequence[str] = (),
        seed: int = 1,
    ) -> Measurements:
        timed = tuple(
            Timed(f"{arm}/{variant}", arm, model, variant, seed, 400, 100, 0.5, 800, {k: spoken(v) for k, v in own.items()})
            for (arm, variant), own in rounds.items()
        )
        machine = Machine("a CPU", 2, 1, "cpu", 1, {})
        return Measurements(machine, Protocol(), task, model, Noise(bool(noise), tuple(noise), 0.0, 0.0, 0.0), timed)

    return build

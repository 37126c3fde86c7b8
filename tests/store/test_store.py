"""An artifact is complete or absent, whatever happens while it is written."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from isthmus.core.errors import CorruptArtifact, SetupError, StoreError
from isthmus.core.hashing import digest
from isthmus.store import manifest as manifest_module
from isthmus.store.store import Store


def test_making_a_store_object_touches_no_disk(tmp_path: Path) -> None:
    store = Store(tmp_path / "nowhere")
    assert not store.has(digest(1))
    assert list(store.ids()) == [] == store.verify()
    assert not store.root.exists()


def test_what_was_committed_is_there_and_its_scratch_is_gone(store: Store, put) -> None:
    id = put({"a": 1}, "train mnli", weights=b"\0" * 1000)
    assert store.has(id)
    assert store.open(id) == store.path(id)
    assert store.path(id).parent.name == id[:2]
    assert (store.open(id) / "weights").read_bytes() == b"\0" * 1000
    assert (store.manifest(id).name, store.manifest(id).provenance) == ("train mnli", {"host": "here"})
    assert list(store.ids()) == [id]
    assert list((store.root / "scratch").iterdir()) == list((store.root / "trash").iterdir()) == []


def test_a_step_begun_again_finds_its_work_but_an_empty_output(store: Store) -> None:
    first = store.begin(digest(1))
    (first.output / "half").write_bytes(b"x")
    (first.work / "checkpoint").write_bytes(b"x")
    again = store.begin(digest(1))
    assert again == first
    assert list(again.output.iterdir()) == []
    assert [file.name for file in again.work.iterdir()] == ["checkpoint"]


def test_the_first_commit_stays_when_a_second_comes(store: Store, put) -> None:
    id = put({"a": 1}, file=b"first")
    assert put({"a": 1}, file=b"second") == id
    assert (store.open(id) / "file").read_bytes() == b"first"
    assert not (store.root / "scratch" / id).exists()


def test_a_commit_that_loses_the_race_at_the_rename_keeps_the_winner(store: Store, put, monkeypatch) -> None:
    id = put({"a": 1}, file=b"first")
    answers = iter([False, True])
    monkeypatch.setattr(store, "has", lambda _: next(answers))
    put({"a": 1}, file=b"second")
    assert (store.open(id) / "file").read_bytes() == b"first"


def test_the_remains_of_an_artifact_do_not_block_a_commit(store: Store, put) -> None:
    id = digest({"a": 1})
    store.path(id).mkdir(parents=True)
    (store.path(id) / "file").write_bytes(b"remains")
    assert not store.has(id)
    assert [problem.what for problem in store.verify()] == ["missing"]
    put({"a": 1}, file=b"whole")
    assert (store.open(id) / "file").read_bytes() == b"whole"


def test_a_payload_of_another_step_is_refused(store: Store) -> None:
    with pytest.raises(AssertionError, match="payload"):
        store.commit(digest(1), store.begin(digest(1)), {"a": 2}, "wrong", {})


def test_damage_is_found_named_mended_and_nothing_else_suffers(store: Store, put) -> None:
    good, bad = put({"a": 1}), put({"a": 2}, "predict xnli sw", predictions=b"12345")
    (store.path(bad) / "predictions").write_bytes(b"12346")
    (store.path(bad) / "stray").write_bytes(b"")
    found = [(problem.id, problem.name, problem.file, problem.what.split(":")[0]) for problem in store.verify()]
    assert found == [(bad, "predict xnli sw", "predictions", "changed"), (bad, "predict xnli sw", "stray", "foreign")]
    assert store.verify([good]) == []
    with pytest.raises(CorruptArtifact, match=rf"{bad[:12]} \(predict xnli sw\): predictions: changed.*store repair"):
        store.open(bad)
    store.discard(bad)
    assert not store.has(bad)
    assert put({"a": 2}, predictions=b"12345") == bad
    assert store.verify() == []


def test_discarding_what_is_not_there_is_no_error(store: Store) -> None:
    store.discard(digest(1))


@pytest.mark.parametrize(
    ("code", "words"), [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "read-only"), (errno.EIO, "Input/output error")]
)
def test_a_disk_that_fails_in_a_commit_is_told_and_loses_nothing(store: Store, put, monkeypatch, code, words) -> None:
    kept = put({"a": 1})
    id = digest({"a": 2})
    scratch = store.begin(id)
    (scratch.output / "weights").write_bytes(b"x" * 100)
    (scratch.work / "checkpoint").write_bytes(b"x")

    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(manifest_module.os, "fsync", fail)
        with pytest.raises(StoreError, match=f"weights.*{words}.*nothing was lost"):
            store.commit(id, scratch, {"a": 2}, "weights", {})
    assert not store.has(id)
    assert store.has(kept)
    assert (scratch.work / "checkpoint").exists()
    put({"a": 2}, weights=b"x" * 100)
    assert store.verify() == []


def test_a_file_in_place_of_the_store_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("I am in the way")
    for root in (tmp_path / "file", tmp_path / "file" / "store"):
        with pytest.raises(SetupError, match=f"{root} cannot be used: a file is in the way"):
            Store(root).prepare()


@pytest.mark.parametrize(
    ("code", "words"), [(errno.EROFS, "read-only"), (errno.EACCES, "read-only"), (errno.ENOSPC, "full")]
)
def test_a_store_that_cannot_be_written_is_refused_before_any_work(tmp_path: Path, monkeypatch, code, words) -> None:
    def fail(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(SetupError, match=f"{tmp_path} cannot be used: .*{words}"):
        Store(tmp_path).prepare()


def test_preparing_sweeps_what_crashes_left_but_no_checkpoint(store: Store, put) -> None:
    done, running = put({"a": 1}), digest({"a": 2})
    for name in ("old", "fresh"):
        (store.root / "leases" / f".{name}.new").write_text("{}")
    os.utime(store.root / "leases" / ".old.new", (0, 0))
    (store.root / "trash" / "half").mkdir()
    (store.root / "scratch" / done / "work").mkdir(parents=True)
    (store.begin(running).work / "checkpoint").write_bytes(b"x")
    store.prepare()
    assert [file.name for file in (store.root / "leases").iterdir()] == [".fresh.new"]
    assert list((store.root / "trash").iterdir()) == []
    assert [folder.name for folder in (store.root / "scratch").iterdir()] == [running]
    assert (store.root / "scratch" / running / "work" / "checkpoint").exists()


LOOP = """
import sys
from itertools import count
from pathlib import Path
from isthmus.core.hashing import digest
from isthmus.store.store import Store
store = Store(Path(sys.argv[1]))
store.prepare()
for number in count():
    payload = {"round": sys.argv[2], "number": number}
    id = digest(payload)
    scratch = store.begin(id)
    for name in ("a", "b"):
        (scratch.output / name).write_bytes(bytes(1000))
    store.commit(id, scratch, payload, f"step {number}", {})
    if number % 3 == 0:
        store.discard(id)
    print(number, flush=True)
"""


def test_after_a_kill_every_artifact_is_complete_or_absent(store: Store) -> None:
    for turn in range(10):
        with subprocess.Popen([sys.executable, "-c", LOOP, store.root, str(turn)], stdout=subprocess.PIPE) as process:
            assert process.stdout
            for _ in range(3):
                process.stdout.readline()
            time.sleep(0.00037 * turn)  # somewhere in the fourth step
            process.send_signal(signal.SIGKILL)
        assert store.verify() == []
    assert len(list(store.ids())) >= 20
    store.prepare()
    assert list((store.root / "trash").iterdir()) == []
    assert all(not store.has(folder.name) for folder in (store.root / "scratch").iterdir())


def seconds(action: Any, times: int) -> float:
    start = time.process_time()  # of this process alone, so that a busy machine fails no test
    for _ in range(times):
        action()
    return (time.process_time() - start) / times


def test_looking_and_opening_are_fast(store: Store, put) -> None:
    id = put({"a": 0}, file=bytes(1000))
    assert min(seconds(lambda: store.has(id), 3000) for _ in range(3)) * 3000 < 0.05
    assert min(seconds(lambda: store.open(id), 100) for _ in range(3)) < 0.001


def test_a_small_commit_waits_for_the_disk_once_a_file_and_once_a_folder(store: Store, put, monkeypatch) -> None:
    waits: list[int] = []
    monkeypatch.setattr(manifest_module.os, "fsync", waits.append)
    put({"a": 1}, a=bytes(1000), b=bytes(1000))
    assert len(waits) == 6  # two files, the manifest, the artifact's folder, objects/ab, and, as that is new, objects

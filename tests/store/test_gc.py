"""Only what nobody wants, holds or touched lately is removed."""

from __future__ import annotations

import os
import time

from isthmus.core.hashing import digest
from isthmus.store.gc import plan_removal, remove
from isthmus.store.lease import acquire
from isthmus.store.store import Store


def test_all_that_is_kept_of_an_unwanted_step_goes_and_a_wanted_one_keeps_its_checkpoints(store: Store, put) -> None:
    wanted, unwanted = put({"a": 1}), put({"a": 2}, "train mnli", weights=bytes(5000))
    resumable, abandoned = digest({"a": 3}), digest({"a": 4})
    for id in (resumable, abandoned):
        (store.begin(id).work / "checkpoint").write_bytes(bytes(300))
    for id in (wanted, unwanted, abandoned):
        store.log_path(id).write_bytes(bytes(10))
    planned = plan_removal(store, {wanted, resumable})
    assert {removal.id: removal.name for removal in planned} == {unwanted: "train mnli", abandoned: ""}
    assert {removal.id: removal.size for removal in planned}[abandoned] == 310
    assert {removal.id: removal.size for removal in planned}[unwanted] == store.size(unwanted) > 5010
    assert remove(store, planned) == planned
    assert store.known() == {wanted, resumable}
    assert store.traces(unwanted) == store.traces(abandoned) == []
    assert (store.begin(resumable).work / "checkpoint").exists()
    assert list((store.root / "trash").iterdir()) == list((store.root / "leases").iterdir()) == []
    assert store.verify() == []


def test_what_someone_works_on_is_not_planned(store: Store, put) -> None:
    id = put({"a": 1})
    with acquire(store.root, id):
        assert plan_removal(store, set()) == []
    assert [removal.id for removal in plan_removal(store, set())] == [id]


def test_what_someone_took_up_after_the_plan_stays(store: Store, put) -> None:
    taken, free = put({"a": 1}), put({"a": 2})
    planned = plan_removal(store, set())
    with acquire(store.root, taken):
        assert [removal.id for removal in remove(store, planned)] == [free]
    assert list(store.ids()) == [taken]


def test_only_what_is_old_enough_goes(store: Store, put) -> None:
    old, new, checkpointed = put({"a": 1}), put({"a": 2}), digest({"a": 3})
    long_ago = time.time() - 10 * 86400
    (store.begin(checkpointed).work / "checkpoint").write_bytes(b"today's, in an old folder")
    for path in [*store.path(old).iterdir(), store.path(old), *(store.root / "scratch" / checkpointed).iterdir()]:
        os.utime(path, (long_ago, long_ago))
    assert [removal.id for removal in plan_removal(store, set(), older_than_days=9)] == [old]
    assert plan_removal(store, set(), older_than_days=11) == []
    assert {removal.id for removal in plan_removal(store, set())} == {old, new, checkpointed}


def test_a_damaged_artifact_can_be_removed(store: Store, put) -> None:
    id = put({"a": 1})
    (store.path(id) / "manifest.json").write_bytes(b"{")
    assert [(removal.id, removal.name) for removal in remove(store, plan_removal(store, set()))] == [(id, "")]
    assert store.known() == set()

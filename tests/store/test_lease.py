"""At most one live process has a lease; a dead one's passes to exactly one other."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from isthmus.core.errors import LeaseLost, StoreError
from isthmus.core.hashing import digest
from isthmus.store import lease as lease_module
from isthmus.store.lease import Owner, acquire, held
from isthmus.store.store import Store

ID = digest("a step")


def here(**changes) -> Owner:
    """An owner like this process, with some things different."""
    owner = Owner("host", lease_module._space(), os.getpid(), lease_module._status(os.getpid())[1], "another")
    return replace(owner, **changes)


def plant(store: Store, owner: Owner, id: str = ID, age: float = 0.0) -> Path:
    path = store.root / "leases" / id
    path.write_text(json.dumps(asdict(owner)))
    os.utime(path, (time.time() - age,) * 2)
    return path


@pytest.fixture
def gone() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def files(store: Store) -> list[str]:
    return sorted(file.name for file in (store.root / "leases").iterdir())


def test_one_holds_it_and_gives_it_back(store: Store) -> None:
    assert held(store.root, ID) is None
    with acquire(store.root, ID) as lease:
        lease.check()
        assert held(store.root, ID) == lease.owner
        assert lease.owner.pid == os.getpid()
        assert acquire(store.root, ID) is None
        assert files(store) == [ID]
    assert files(store) == []
    assert held(store.root, ID) is None


def test_the_lease_is_given_back_when_the_work_fails(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), acquire(store.root, ID):
        _ = 1 / 0
    assert files(store) == []


def test_giving_back_twice_takes_nothing_from_the_next_owner(store: Store) -> None:
    first = acquire(store.root, ID)
    first.release()
    with acquire(store.root, ID) as second:
        first.release()
        second.check()


@pytest.mark.parametrize(
    ("changes", "age", "live"),
    [
        ({}, 1e6, True),  # silent but alive: a stopped process is not robbed
        ({"start": 1}, 0.0, False),  # its number was given to another process
        ({"start": None}, 0.0, True),
        ({"space": "another machine"}, 50.0, True),
        ({"space": "another machine"}, 70.0, False),
    ],
)
def test_who_counts_as_alive(store: Store, changes: dict, age: float, live: bool) -> None:
    plant(store, here(**changes), age=age)
    assert (held(store.root, ID) is not None) == live
    lease = acquire(store.root, ID)
    assert (lease is None) == live
    if lease:
        lease.check()
        lease.release()
        assert files(store) == []


def test_a_dead_process_loses_its_lease_at_once(store: Store, gone: int) -> None:
    plant(store, here(pid=gone, start=None))
    assert held(store.root, ID) is None
    with acquire(store.root, ID) as lease:
        lease.check()


def test_a_killed_process_that_nobody_waited_for_is_dead(store: Store) -> None:
    process = subprocess.Popen(["sleep", "60"])
    plant(store, here(pid=process.pid, start=lease_module._status(process.pid)[1]))
    assert held(store.root, ID) is not None
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it ended and stays a zombie
    assert held(store.root, ID) is None
    process.wait()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}'])
def test_a_lease_emptied_by_a_power_cut_is_stale_when_old(store: Store, content: str) -> None:
    path = store.root / "leases" / ID
    path.write_text(content)
    assert acquire(store.root, ID) is None
    os.utime(path, (0, 0))
    with acquire(store.root, ID) as lease:
        lease.check()


def test_the_heart_beat_keeps_a_lease_fresh(store: Store, monkeypatch) -> None:
    monkeypatch.setattr(lease_module, "HEARTBEAT", 0.01)
    with acquire(store.root, ID) as lease:
        os.utime(lease.path, (0, 0))
        deadline = time.monotonic() + 5
        while lease.path.stat().st_mtime == 0 and time.monotonic() < deadline:
            time.sleep(0.005)
        assert time.time() - lease.path.stat().st_mtime < 10
        assert not lease.lost


def test_a_lost_lease_is_noticed_and_left_to_its_new_owner(store: Store, monkeypatch) -> None:
    monkeypatch.setattr(lease_module, "HEARTBEAT", 0.01)
    lease = acquire(store.root, ID)
    plant(store, here(host="elsewhere", pid=4711))
    with pytest.raises(LeaseLost, match=f"{ID[:12]} is lost: process 4711 on elsewhere took it over"):
        lease.check()
    lease._heart.join(5)
    assert lease.lost
    lease.release()
    assert files(store) == [ID]


def test_a_lease_whose_file_was_deleted_is_lost(store: Store) -> None:
    lease = acquire(store.root, ID)
    lease.path.unlink()
    with pytest.raises(LeaseLost, match="gone"):
        lease.check()
    lease.release()


@pytest.mark.parametrize("claimant", ["dead", "dead twice", "the dead owner itself", "live"])
def test_a_crash_in_the_middle_of_a_takeover_does_not_block_the_next(store: Store, gone: int, claimant: str) -> None:
    dead = here(pid=gone, start=None)
    plant(store, replace(dead, token="T"))
    if claimant == "live":
        plant(store, here(token="C"), f".{ID}.T")
        assert acquire(store.root, ID) is None
        return
    plant(store, replace(dead, token="T" if "itself" in claimant else "C"), f".{ID}.T")
    if claimant == "dead twice":
        plant(store, replace(dead, token="D"), f"..{ID}.T.C")
    with acquire(store.root, ID) as lease:
        lease.check()
        assert files(store) == [ID]


def test_who_comes_late_to_a_takeover_leaves_the_fresh_lease_alone(store: Store, gone: int, monkeypatch) -> None:
    """The late one saw the dead owner, slept, and claims only after another has the lease: it must look again."""
    plant(store, here(pid=gone, start=None, token="T"))
    look, winners = lease_module._look, []

    def slow(path: Path):
        seen = look(path)
        if not winners and path.name == ID:
            winners.append(None)
            winners[0] = acquire(store.root, ID)
        return seen

    monkeypatch.setattr(lease_module, "_look", slow)
    assert acquire(store.root, ID) is None
    winners[0].check()
    winners[0].release()
    assert files(store) == []


def test_a_disk_that_fails_is_told(store: Store, monkeypatch) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(StoreError, match="the disk is full"):
        acquire(store.root, ID)


RACE = """
import sys, time
from pathlib import Path
from isthmus.store import lease
root, rounds = Path(sys.argv[1]), int(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
mine = [id for id in map(str, range(rounds)) if lease.acquire(root, id)]
print(*mine, flush=True)
sys.stdin.readline()
"""


def race(store: Store, processes: int, rounds: int) -> list[str]:
    """Let processes run for the same leases in the same order and return everything that any of them got."""
    command = [sys.executable, "-c", RACE, str(store.root), str(rounds)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    runners = [subprocess.Popen(command, **pipes) for _ in range(processes)]
    try:
        for runner in runners:
            runner.stdout.readline()
        for runner in runners:
            runner.stdin.write("\n")
            runner.stdin.flush()
        return [id for runner in runners for id in runner.stdout.readline().split()]
    finally:
        for runner in runners:
            runner.send_signal(signal.SIGKILL)
            runner.communicate()


@pytest.mark.parametrize("processes", [2, 4])
def test_of_several_processes_exactly_one_gets_a_lease_and_one_each_dead_owners(store: Store, processes: int) -> None:
    everyone = [str(number) for number in range(80)]
    assert sorted(race(store, processes, 80), key=int) == everyone
    assert files(store) == sorted(everyone)  # now all of dead owners
    assert sorted(race(store, processes, 80), key=int) == everyone
    assert files(store) == sorted(everyone)


COUNT = """
import sys
from pathlib import Path
from isthmus.store.lease import acquire
root, counter = Path(sys.argv[1]), Path(sys.argv[2])
done = 0
while done < 50:
    lease = acquire(root, "counter")
    if lease is None:
        continue
    with lease:
        number = int(counter.read_text())
        counter.write_text(str(number + 1))
    done += 1
"""


def test_leases_taken_and_given_back_in_turns_exclude_each_other(store: Store, tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    counter.write_text("0")
    runners = [subprocess.Popen([sys.executable, "-c", COUNT, store.root, counter]) for _ in range(3)]
    assert [runner.wait() for runner in runners] == [0, 0, 0]
    assert counter.read_text() == "150"
    assert files(store) == []

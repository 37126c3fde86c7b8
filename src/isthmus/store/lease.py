"""Leases: at most one live process works on a step, whoever dies, on one machine or on several that share the store.

A lease is a file that is linked into place complete, so no crash leaves half of one. Only who holds the claim on it, a
second such file named after the lease and its owner's token, may remove or replace it. Of several processes that find
the same dead owner one makes the claim and renames it onto the lease; the others find a live claim, or a lease that is
no longer the one they saw. A claim whose maker died is claimed in the same way.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import time
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from threading import Event, Thread

from isthmus.core.errors import LeaseLost
from isthmus.store.faults import disk_faults

HEARTBEAT = 5.0  # seconds between two signs of life
STALE_AFTER = 60.0  # seconds without one, after which an owner whose process cannot be seen counts as dead


@dataclass(frozen=True, slots=True)
class Owner:
    """A process that holds a lease; ``space`` says where its process number means something (boot and namespace)."""

    host: str
    space: str
    pid: int
    start: int | None  # when the process started, in the kernel's ticks
    token: str


class Lease:
    """The right to work on a step, kept alive by a thread until it is released; also a context manager."""

    def __init__(self, path: Path, owner: Owner) -> None:
        self.path, self.owner = path, owner
        self._released, self._lost = Event(), Event()
        self._heart = Thread(target=self._beat, name=f"lease {path.name[:12]}", daemon=True)
        self._heart.start()

    @property
    def lost(self) -> bool:
        """Tell, without a look at the disk, whether the last heart-beat found another owner."""
        return self._lost.is_set()

    def check(self) -> None:
        """Raise LeaseLost if the lease is no longer ours; called right before a commit."""
        with disk_faults(f"lease of step {self.path.name[:12]}"):
            seen = _look(self.path)
        if not self._is_ours(seen):
            by = f"process {seen[0].pid} on {seen[0].host} took it over" if seen else "its file is gone"
            raise LeaseLost(f"the lease of step {self.path.name[:12]} is lost: {by}; this process commits nothing for it")

    def release(self) -> None:
        """Give the lease back; another's is left alone."""
        self._released.set()
        self._heart.join()
        claim = _claim_on(self.path, self.owner)
        with disk_faults(f"lease of step {self.path.name[:12]}"):
            try:
                os.link(self.path, claim)
            except (FileExistsError, FileNotFoundError):
                return  # it was, or is just being, taken over
            if self._is_ours(_look(self.path)):
                self.path.unlink()
            claim.unlink()

    def __enter__(self) -> Lease:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _is_ours(self, seen: tuple[Owner, float] | None) -> bool:
        return seen is not None and seen[0].token == self.owner.token

    def _beat(self) -> None:
        while not self._released.wait(HEARTBEAT):
            try:
                if not self._is_ours(_look(self.path)):
                    self._lost.set()
                    return
                os.utime(self.path)
            except OSError:  # a passing fault of a network disk; if it lasts, `check` tells
                continue


def acquire(store_root: Path, id: str) -> Lease | None:
    """Return the lease of a step, or None while another live process has it; raises StoreError on a fault of the disk.

    Who gets it looks at the store again before working: the last owner may have finished.
    """
    owner = Owner(socket.gethostname(), _space(), os.getpid(), _status(os.getpid())[1], secrets.token_hex(8))
    path = store_root / "leases" / id
    record = path.with_name(f".{owner.token}.new")
    with disk_faults(f"lease of step {id[:12]}"):
        try:
            record.write_text(json.dumps(asdict(owner)), encoding="utf-8")
            taken = _take(path, record)
        finally:
            record.unlink(missing_ok=True)
    return Lease(path, owner) if taken else None


def held(store_root: Path, id: str) -> Owner | None:
    """Return the live owner of a step's lease, or None."""
    seen = _look(store_root / "leases" / id)
    return seen[0] if seen and _live(seen[0], time.time() - seen[1]) else None


def _take(path: Path, record: Path) -> bool:
    try:
        os.link(record, path)
    except FileExistsError:
        pass
    else:
        return True
    seen = _look(path)
    if seen is None:
        return _take(path, record)
    owner, beaten = seen
    if _live(owner, record.stat().st_mtime - beaten):  # both times by the clock of the disk
        return False
    claim = _claim_on(path, owner)
    if not _take(claim, record):
        return False
    again = _look(path)
    if again is None or again[0].token != owner.token:
        claim.unlink()
        return _take(path, record)
    claim.rename(path)
    return True


def _claim_on(path: Path, owner: Owner) -> Path:
    return path.with_name(f".{path.name}.{owner.token}")


def _look(path: Path) -> tuple[Owner, float] | None:
    """Return the owner in a lease file and the time of its last heart-beat, or None where there is no file."""
    try:
        with path.open(encoding="utf-8") as stream:
            text, beaten = stream.read(), os.fstat(stream.fileno()).st_mtime
    except FileNotFoundError:
        return None
    try:
        return Owner(**json.loads(text)), beaten
    except (ValueError, TypeError):  # emptied by a power cut: nobody's, and stale once it is old
        return Owner("unknown", "", 0, None, "unreadable"), beaten


def _live(owner: Owner, silent: float) -> bool:
    return _running(owner.pid, owner.start) if owner.space == _space() else silent < STALE_AFTER


@cache
def _space() -> str:
    """Return what two processes share that see the same process numbers."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return socket.gethostname()


def _running(pid: int, start: int | None) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it lives, under another user
    state, started = _status(pid)
    return state not in ("Z", "X") and (start == started or None in (start, started))


def _status(pid: int) -> tuple[str, int | None]:
    """Return a process's state letter and start time, as far as /proc tells (see proc(5))."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return "", None
    return fields[0], int(fields[19])

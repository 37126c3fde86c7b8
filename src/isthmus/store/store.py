"""The store: artifacts by content address, each complete or absent whatever crashes, and never overwritten."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isthmus.core.errors import SetupError
from isthmus.core.hashing import digest
from isthmus.store.faults import disk_faults, reason
from isthmus.store.manifest import (
    MANIFEST,
    Manifest,
    Problem,
    corrupt,
    listing,
    problems,
    read_manifest,
    sync,
    write_manifest,
)

FOLDERS = ("objects", "scratch", "leases", "logs", "trash")
ORPHAN_AFTER = 3600.0  # seconds; the temporary files beside the leases live for milliseconds


@dataclass(frozen=True, slots=True)
class Scratch:
    """Where a step works: ``output`` becomes the artifact, ``work`` survives a crash."""

    folder: Path

    @property
    def output(self) -> Path:
        """Return the folder that is committed."""
        return self.folder / "out"

    @property
    def work(self) -> Path:
        """Return the folder for checkpoints."""
        return self.folder / "work"


class Store:
    """A folder of artifacts that many processes and machines may share."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._objects = f"{root}/objects"

    def prepare(self) -> None:
        """Make the folders, prove that files can be written and linked, and sweep what crashed processes left.

        Raises SetupError naming the folder when it is read-only, no folder, or its disk is full.
        """
        probe = self.root / "leases" / f".{secrets.token_hex(8)}.probe"
        try:
            for name in FOLDERS:
                (self.root / name).mkdir(parents=True, exist_ok=True)
            try:
                probe.write_bytes(bytes(4096))
                sync(probe)
                os.link(probe, probe.with_suffix(".link"))
            finally:
                probe.unlink(missing_ok=True)
                probe.with_suffix(".link").unlink(missing_ok=True)
            self._sweep()
        except OSError as error:
            raise SetupError(f"the store {self.root} cannot be used: {reason(error)}; choose another folder") from error

    def has(self, id: str) -> bool:
        """Tell whether an artifact is complete, by one look at the disk."""
        return os.path.isfile(f"{self._objects}/{id[:2]}/{id}/{MANIFEST}")  # noqa: PTH113 - five times as fast

    def path(self, id: str) -> Path:
        """Return where an artifact lies, or would lie."""
        return self.root / "objects" / id[:2] / id

    def log_path(self, id: str) -> Path:
        """Return where the output of a step is kept."""
        return self.root / "logs" / f"{id}.log"

    def manifest(self, id: str) -> Manifest:
        """Return the manifest of an artifact; raises CorruptArtifact when it is unreadable or another artifact's."""
        return read_manifest(self.path(id))

    def open(self, id: str, verify: bool = True) -> Path:
        """Return the folder of an artifact after comparing it with its manifest.

        Raises CorruptArtifact naming the artifact and the file. Without ``verify`` only names and sizes are compared.
        """
        for problem in problems(self.path(id), digests=verify):
            raise corrupt(problem)
        return self.path(id)

    def begin(self, id: str) -> Scratch:
        """Return a step's scratch folder: its output empty, its work as an earlier run left it."""
        scratch = Scratch(self.root / "scratch" / id)
        with disk_faults(f"step {id[:12]}"):
            self._throw_away(scratch.output)
            scratch.work.mkdir(parents=True, exist_ok=True)
            scratch.output.mkdir()
        return scratch

    def commit(
        self, id: str, scratch: Scratch, payload: Mapping[str, Any], name: str, provenance: Mapping[str, Any]
    ) -> None:
        """Make a step's output the artifact, all at once, unless another process did so first; then drop the scratch.

        Raises StoreError when the disk does not let it, the scratch folder left as it was.
        """
        assert digest(payload) == id, f"{name}: this payload is not that of {id}"
        with disk_faults(f"artifact {id[:12]} ({name})"):
            if not self.has(id):
                write_manifest(scratch.output, id, name, payload, provenance)
                self._publish(id, scratch.output)
            self._throw_away(scratch.folder)

    def verify(self, ids: Iterable[str] | None = None) -> list[Problem]:
        """Return everything that is wrong with the given artifacts, or with all; an absent artifact is no problem."""
        folders = self._folders() if ids is None else map(self.path, ids)
        return [problem for folder in folders for problem in problems(folder) if folder.is_dir()]

    def discard(self, id: str) -> None:
        """Remove an artifact, at once for everyone who looks, so that the next run computes it again."""
        with disk_faults(f"artifact {id[:12]}"):
            self._throw_away(self.path(id))

    def forget(self, id: str) -> None:
        """Remove all that is kept of a step: artifact, scratch and log."""
        with disk_faults(f"step {id[:12]}"):
            for trace in self.traces(id):
                self._throw_away(trace)

    def traces(self, id: str) -> list[Path]:
        """Return what there is of a step: its artifact (damaged ones too), its scratch folder, its log."""
        places = (self.path(id), self.root / "scratch" / id, self.log_path(id))
        return [place for place in places if place.exists()]

    def ids(self) -> Iterator[str]:
        """Yield the ids of all complete artifacts, in order."""
        return (folder.name for folder in self._folders() if self.has(folder.name))

    def known(self) -> set[str]:
        """Return the ids of all steps that left a trace, finished or not."""
        scratch, logs = (self.root / "scratch").glob("*"), (self.root / "logs").glob("*.log")
        return {path.name for path in (*self._folders(), *scratch)} | {path.stem for path in logs}

    def files(self, id: str) -> list[os.stat_result]:
        """Return the status of every file that is kept of a step."""
        traces = self.traces(id)
        return [status for trace in traces for status in (listing(trace).values() if trace.is_dir() else [trace.stat()])]

    def size(self, id: str) -> int:
        """Return the bytes that a step's artifact, scratch and log take."""
        return sum(status.st_size for status in self.files(id))

    def _folders(self) -> Iterator[Path]:
        return (folder for folder in sorted(Path(self._objects).glob("??/*")) if folder.name[:2] == folder.parent.name)

    def _publish(self, id: str, output: Path) -> None:
        target = self.path(id)
        if not target.parent.is_dir():
            target.parent.mkdir(parents=True, exist_ok=True)
            sync(target.parent.parent)
        try:
            output.rename(target)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            if self.has(id):
                return
            self._throw_away(target)  # without a manifest it is the remains of an artifact
            output.rename(target)
        sync(target.parent)

    def _throw_away(self, place: Path) -> None:
        grave = self.root / "trash" / f"{place.name}.{secrets.token_hex(8)}"
        grave.parent.mkdir(exist_ok=True)
        try:
            place.rename(grave)
        except FileNotFoundError:
            return
        _erase(grave)

    def _sweep(self) -> None:
        for grave in (self.root / "trash").iterdir():
            _erase(grave)
        for scratch in (self.root / "scratch").iterdir():
            if self.has(scratch.name):  # a crash fell between publishing the artifact and dropping its scratch
                self._throw_away(scratch)
        for temporary in (self.root / "leases").glob(".*"):
            try:
                if time.time() - temporary.stat().st_mtime > ORPHAN_AFTER:
                    temporary.unlink()
            except FileNotFoundError:  # another process was faster
                continue


def _erase(grave: Path) -> None:
    # Two processes may erase the same grave: what one does not find the other has removed, the rest waits for a sweep.
    if grave.is_dir():
        shutil.rmtree(grave, ignore_errors=True)
    else:
        grave.unlink(missing_ok=True)

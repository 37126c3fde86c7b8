"""The manifest of an artifact: what it is, where it came from, each file's size and digest; and the search for damage."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from isthmus.core.errors import CorruptArtifact
from isthmus.core.hashing import canonical, digest, file_digest

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of a complete artifact; ``files`` maps a relative path to (size in bytes, SHA-256)."""

    id: str
    name: str
    payload: Mapping[str, Any]
    created: str  # UTC, ISO 8601
    provenance: Mapping[str, Any]
    files: Mapping[str, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with one file of an artifact; ``name`` is empty where the manifest cannot be read."""

    id: str
    name: str
    file: str
    what: str

    def __str__(self) -> str:
        return f"artifact {self.id[:12]}{f' ({self.name})' if self.name else ''}: {self.file}: {self.what}"


def listing(folder: Path) -> dict[str, os.stat_result]:
    """Return {relative path: its own status} of everything below a folder that is not itself a folder.

    What another process removes meanwhile is passed over.
    """
    found: dict[str, os.stat_result] = {}
    pending = [""]
    while pending:
        prefix = pending.pop()
        with suppress(FileNotFoundError), os.scandir(folder / prefix) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(f"{prefix}{entry.name}/")
                else:
                    with suppress(FileNotFoundError):
                        found[prefix + entry.name] = entry.stat(follow_symlinks=False)
    return found


def sync(path: Path) -> None:
    """Return when a file's bytes, or a folder's entries, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_manifest(folder: Path, id: str, name: str, payload: Mapping[str, Any], provenance: Mapping[str, Any]) -> None:
    """Bring every file of a folder to the disk, then, as the last of them, its manifest."""
    found = listing(folder)
    odd = [path for path, status in found.items() if path == MANIFEST or not stat.S_ISREG(status.st_mode)]
    assert not odd, f"{name}: an artifact holds plain files and leaves {MANIFEST} to the store; found {odd}"
    for path in found:
        sync(folder / path)
    files = {path: (status.st_size, file_digest(folder / path)) for path, status in found.items()}
    created = datetime.now(UTC).isoformat(timespec="seconds")
    manifest = Manifest(id, name, canonical(payload), created, canonical(provenance), files)
    (folder / MANIFEST).write_bytes(_encode(asdict(manifest)))
    sync(folder / MANIFEST)
    for directory, _, _ in os.walk(folder):
        sync(Path(directory))


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of the artifact in a folder; raises CorruptArtifact when it is damaged or another artifact's."""
    parsed = _parse(folder)
    if isinstance(parsed, Problem):
        raise corrupt(parsed)
    return parsed


def corrupt(problem: Problem) -> CorruptArtifact:
    """Return the error for a problem, which says how to mend it."""
    return CorruptArtifact(
        f"{problem}; `isthmus store repair` (or deleting the folder of {problem.id}) lets the next run compute it again"
    )


def problems(folder: Path, *, digests: bool = True) -> Iterator[Problem]:
    """Yield everything that is wrong with the artifact in a folder; without ``digests`` no byte of its files is read."""
    manifest = _parse(folder)
    if isinstance(manifest, Problem):
        yield manifest
        return
    found = listing(folder)
    found.pop(MANIFEST, None)
    for path in sorted(manifest.files.keys() | found.keys()):
        what = _fault(folder / path, manifest.files.get(path), found.get(path), digests)
        if what:
            yield Problem(manifest.id, manifest.name, path, what)


def _fault(path: Path, recorded: tuple[int, str] | None, status: os.stat_result | None, digests: bool) -> str | None:
    if recorded is None:
        return "foreign: no file of this artifact"
    if status is None:
        return "missing"
    size, sha256 = recorded
    if not stat.S_ISREG(status.st_mode):
        return "not a plain file"
    if status.st_size != size:
        return f"{'truncated' if status.st_size < size else 'too long'}: {status.st_size} bytes instead of {size}"
    try:
        return "changed: its bytes are not those that were written" if digests and file_digest(path) != sha256 else None
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def _encode(body: Mapping[str, Any]) -> bytes:
    # The seal covers what nothing else does (name, date, provenance); reading compares the bytes with a fresh encoding.
    seal = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    return json.dumps({**body, "seal": seal}, sort_keys=True, indent=1).encode()


def _parse(folder: Path) -> Manifest | Problem:
    def problem(what: str) -> Problem:
        return Problem(folder.name, "", MANIFEST, what)

    try:
        raw = (folder / MANIFEST).read_bytes()
        body = json.loads(raw)
    except FileNotFoundError:
        return problem("missing")
    except OSError as error:
        return problem(f"cannot be read ({error.strerror})")
    except ValueError:
        return problem("unreadable: not JSON")
    if not isinstance(body, dict) or body.keys() - {"seal"} != {field.name for field in fields(Manifest)}:
        return problem("unreadable: not a manifest")
    body.pop("seal", None)
    if _encode(body) != raw:
        return problem("changed: its bytes are not those that were written")
    body["files"] = {path: (size, sha256) for path, (size, sha256) in body["files"].items()}
    manifest = Manifest(**body)
    if manifest.id != folder.name or digest(manifest.payload) != folder.name:
        return problem(f"foreign: it is that of {manifest.id[:12]} ({manifest.name})")
    return manifest

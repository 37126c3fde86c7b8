"""The Hugging Face hub as a source: parquet files of pinned revisions, fetched when they are first read.

Parquet and no loading scripts: nothing that a repository holds is run or unpickled. huggingface_hub fetches the files and
keeps them in its usual cache, and pyarrow reads them; ``datasets`` would read the same files, and keep them once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from isthmus.core.errors import DataError, SetupError, nearest
from isthmus.core.hashing import digest
from isthmus.sources.example import Example
from isthmus.sources.files import Files, HubFiles
from isthmus.sources.json_lines import Record
from isthmus.sources.parquet import read_rows
from isthmus.sources.shape import load_shape
from isthmus.sources.source import Fingerprint

COMMIT = re.compile("[0-9a-f]{40}")
SHARD = re.compile(r"-\d+-of-(\d+)")  # one of several files that together are a split
MEGABYTES = 1.0  # of text, where a set does not say how much it has


@dataclass(frozen=True)
class Hub:
    """Reads the repositories that tasks name; ``revisions`` are {repository: commit} to read instead of the pinned ones."""

    revisions: Mapping[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """Return what this source is called where others have a directory."""
        return Path("hub")

    def languages(self, files: Files, split: str) -> tuple[str, ...]:
        """Return the languages that the hub has a split of, as declared: nothing is fetched."""
        there = [_languages(hub, split) for hub in _repositories(files)]
        if not there and files.joined:
            return tuple(sorted(set.intersection(*(set(self.languages(part, split)) for part in files.joined))))
        return tuple(sorted(set().union(*there)))

    def domains(self, files: Files, split: str) -> tuple[str, ...]:  # noqa: ARG002
        """Return none: raw text by domain is not on the hub in a form that is read here."""
        return ()

    def fingerprint(self, files: Files, language: str, split: str) -> Fingerprint:
        """Return the identity of one split by repository, commit, files and meaning of columns: nothing is fetched.

        The size is the one declared. Raises DataError for what the hub lacks, and where no commit is pinned.
        """
        parts = [(hub, self._identity(hub, language, split)) for _, hub in self._parts(files, language, split)]
        size = sum(dict(hub.megabytes).get(split, MEGABYTES) for hub, _ in parts)
        counts = [dict(hub.examples).get(split) for hub, _ in parts]
        examples = sum(count for count in counts if count) if all(counts) else None
        return Fingerprint(digest([identity for _, identity in parts]), int(size * 1e6), examples)

    def read(self, files: Files, language: str, split: str, labels: Sequence[str] = ()) -> list[Example]:
        """Return all examples of a split; raises DataError for each malformed row, as ``repo@commit/file:row: what``.

        What is not in the cache is fetched; raises SetupError where that cannot be done, saying how it can.
        """
        found: list[Example] = []
        for prefix, hub in self._parts(files, language, split):
            rows = list(self._rows(hub, language, split))
            if hub.undecided and any(row.content["label"] is not None for row in rows):
                rows = [row for row in rows if row.content["label"] is not None]
            examples = load_shape(hub.shape)(rows, labels)
            found += [replace(e, id=f"{prefix}{e.id}") for e in examples] if prefix else examples
        return found

    def _parts(self, files: Files, language: str, split: str) -> list[tuple[str, HubFiles]]:
        """Return (prefix of ids, repository) of what a split is read from; several where sets are joined."""
        there = _repositories(files)
        if not there and files.joined:
            parts = [self._parts(part, language, split) for part in files.joined]
            return [(f"{i}.{prefix}", hub) for i, own in enumerate(parts) for prefix, hub in own]
        if not there:
            instead = files.obtain or f"A directory may hold them, as {files.pattern(split) or files.format}"
            raise DataError(self.root, f"these data are not on the hub as parquet. {instead}")
        found = next((hub for hub in there if language in _languages(hub, split)), None)
        if found is None:
            known = self.languages(files, split)
            what = f"these data have no {split} split in {language!r} on the hub; {nearest(language, known)}"
            raise DataError(there[0].repo, what)
        return [("", found)]

    def _commit(self, hub: HubFiles) -> str:
        commit = self.revisions.get(hub.repo, hub.revision)
        if not COMMIT.fullmatch(commit):
            found = f"found {commit!r}, " if commit else "no revision is pinned, "
            what = f"{found}expected a commit of 40 hex digits; name it in the study: revisions: {{{hub.repo}: COMMIT}}"
            raise DataError(hub.repo, what)
        return commit

    def _identity(self, hub: HubFiles, language: str, split: str) -> dict[str, object]:
        return {
            "repo": hub.repo,
            "revision": self._commit(hub),
            "path": _path(hub, language, split),
            "shape": hub.shape,
            "columns": hub.columns,
            "labels": hub.labels,
            "undecided": hub.undecided,
            "rows": hub.rows and [hub.named(part, language) for part in hub.rows],
        }

    def _rows(self, hub: HubFiles, language: str, split: str) -> Iterator[Record]:
        """Yield the rows of a split, their columns named as its shape knows them."""
        commit, renamed = self._commit(hub), dict(hub.labels)
        columns: dict[str, tuple[str, ...]] = {}
        for name, column in hub.columns:
            columns[name] = (*columns.get(name, ()), column)
        if hub.rows:
            columns[ROWS] = (hub.rows[0],)
        folder, files = _files(hub, commit, _path(hub, language, split))
        shown = Path(f"{hub.repo}@{commit[:8]}")
        found = chain.from_iterable(read_rows(file, shown / file.relative_to(folder), columns) for file in files)
        empty = True
        for row in found:
            if hub.rows and not str(row.content.pop(ROWS)).startswith(hub.named(hub.rows[1], language)):
                continue
            if renamed and row.content["label"] is not None:
                row.content["label"] = renamed.get(str(row.content["label"]), row.content["label"])
            empty = False
            yield row
        if empty:
            raise DataError(shown / files[0].relative_to(folder), f"no row of the {split} split in {language!r}")


ROWS = "rows"  # what the column that tells languages apart is called in a record


def _repositories(files: Files) -> list[HubFiles]:
    """Return where a set lies on the hub: that of its own layout first, then those of others."""
    return [layout.hub for layout in (files, *files.others) if layout.hub]


def _languages(hub: HubFiles, split: str) -> set[str]:
    """Return the languages in which a repository has a split."""
    return set(hub.languages) - set(dict(hub.missing).get(split, ())) if split in dict(hub.splits) else set()


def _path(hub: HubFiles, language: str, split: str) -> str:
    config = hub.named(hub.config, language)
    return hub.path.format(config=config, split=dict(hub.splits)[split])


def _files(hub: HubFiles, commit: str, pattern: str) -> tuple[Path, list[Path]]:
    """Return the folder of a snapshot and the files in it that match a pattern, fetched where the cache lacks some."""
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError

    def snapshot(*, cached: bool) -> tuple[Path, list[Path]]:
        folder = Path(
            snapshot_download(
                hub.repo, repo_type="dataset", revision=commit, allow_patterns=[pattern], local_files_only=cached
            )
        )
        return folder, sorted(folder.glob(pattern))

    try:
        folder, found = snapshot(cached=True)
        if _whole(found):
            return folder, found
    except FileNotFoundError:
        pass  # not in the cache, or not all of it
    try:
        folder, found = snapshot(cached=False)
        # Where the hub cannot be reached, a part of a snapshot may come back, but never this list.
        there = [] if _whole(found) else HfApi().list_repo_files(hub.repo, revision=commit, repo_type="dataset")
    except RevisionNotFoundError as error:
        raise DataError(hub.repo, f"the hub has no commit {commit} of this repository") from error
    except RepositoryNotFoundError as error:
        what = "the hub has no such repository, or shows it only to those who accepted its terms (hf auth login)"
        raise DataError(hub.repo, what) from error
    except Exception as error:  # those of the library below huggingface_hub have no base in common with its own
        raise SetupError(_unreachable(hub, commit, pattern, error)) from error
    if not _whole(found):
        what = f"the commit {commit} has no file {pattern}, or not all of them; {nearest(pattern, there)}"
        raise DataError(hub.repo, what)
    return folder, found


def _whole(found: Sequence[Path]) -> bool:
    """Say whether files are all of a split: as many as the name of the first says."""
    count = SHARD.search(found[0].name) if found else None
    return len(found) == int(count[1]) if count else bool(found)


def _unreachable(hub: HubFiles, commit: str, pattern: str, error: Exception) -> str:
    command = f"hf download {hub.repo} --repo-type dataset --revision {commit} --include '{pattern}'"
    reason = (str(error).splitlines() or [type(error).__name__])[0].split(". ")[0]
    return (
        f"{pattern} of {hub.repo} is not in the cache, and the hub cannot be reached ({reason}). Where it can: {command}; "
        "then copy the cache here (HF_HOME names it, ~/.cache/huggingface where it is not set)"
    )

"""The commits of the hub that a study names: each must be one of a repository that the study reads."""

from __future__ import annotations

from collections.abc import Iterable

from isthmus.core.errors import StudyError, nearest
from isthmus.sources.files import Files
from isthmus.study.spec import Study
from isthmus.tasks.task import load_task


def check_revisions(study: Study, tasks: Iterable[str]) -> None:
    """Raise StudyError for a repository that none of the tasks a study uses is read from."""
    read = {repo for task in tasks for repo in _repositories(load_task(task).files)}
    for repo in study.revisions:
        if repo not in read:
            raise StudyError(f"nothing in this study is read from {repo!r}; {nearest(repo, read)}", key=f"revisions.{repo}")


def _repositories(files: Files) -> set[str]:
    own = {files.hub.repo} if files.hub else set()
    return own.union(*(_repositories(part) for part in (*files.others, *files.joined)))

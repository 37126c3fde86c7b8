"""Floor 6: what tests of tasks need, ours and those of packages that add a task: ``check_task``."""

from isthmus.testing.check import check_task

__all__ = ["check_task"]

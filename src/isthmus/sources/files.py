"""Where a data set's files lie below the root of a data directory, and in which format."""

from __future__ import annotations

from dataclasses import dataclass

SPLITS = ("train", "dev", "test")


@dataclass(frozen=True, slots=True)
class Files:
    """One path pattern a split, with ``{language}`` in it, in the official layout; None where the split does not exist.

    ``format`` names a file of ``sources/formats``. ``languages`` are those of a pattern that holds no ``{language}``.
    """

    format: str
    train: str | None = None
    dev: str | None = None
    test: str | None = None
    languages: tuple[str, ...] = ("en",)

    def pattern(self, split: str) -> str | None:
        """Return the pattern of one split."""
        assert split in SPLITS, split
        pattern: str | None = getattr(self, split)
        return pattern

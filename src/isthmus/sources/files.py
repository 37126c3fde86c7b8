"""Where a data set's files lie below the root of a data directory, in which format, and where on the hub."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

SPLITS = ("train", "dev", "test")
LANGUAGE = "{language}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HubFiles:
    """Where a data set lies on the Hugging Face hub: parquet files of a repository at a pinned revision.

    ``path`` is a pattern of file names in the repository, with ``{config}`` and ``{split}`` in it; ``config`` a pattern with
    ``{language}``, ``configs`` the languages whose configuration is named otherwise. ``splits`` are (ours, the hub's).
    ``shape`` names a function of ``sources/shapes``, which makes an example of a row; ``columns`` are (its name, the hub's).
    ``revision`` is a commit, empty where none could be verified: then a study must name one.
    """

    repo: str
    revision: str
    shape: str
    path: str = "{config}/{split}-*.parquet"
    config: str = "default"
    configs: tuple[tuple[str, str], ...] = ()
    splits: tuple[tuple[str, str], ...] = (("train", "train"), ("dev", "validation"), ("test", "test"))
    columns: tuple[tuple[str, str], ...] = ()
    languages: tuple[str, ...] = ("en",)


@dataclass(frozen=True, slots=True)
class Files:
    """One path pattern a split, with ``{language}`` in it, in the official layout; None where the split does not exist.

    ``format`` names a file of ``sources/formats``. ``languages`` are those of a pattern that holds no ``{language}``.
    ``others`` are further layouts, as the set itself is released: where a split is not in this one, they are looked at in
    order. ``joined`` are sets that together are this one, read one after another; such files have no pattern of their own.
    ``obtain`` says how to get what may not be downloaded freely: what, from whom, and where to put it.
    """

    format: str
    train: str | None = None
    dev: str | None = None
    test: str | None = None
    languages: tuple[str, ...] = ("en",)
    others: tuple[Files, ...] = ()
    joined: tuple[Files, ...] = ()
    hub: HubFiles | None = None
    obtain: str = ""

    def pattern(self, split: str) -> str | None:
        """Return the pattern of one split."""
        assert split in SPLITS, split
        pattern: str | None = getattr(self, split)
        return pattern

    def layouts(self, split: str) -> Iterator[Files]:
        """Yield this layout and the others, as far as they have a split."""
        yield from (layout for layout in (self, *self.others) if layout.pattern(split))

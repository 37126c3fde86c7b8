"""Where a data set's files lie below the root of a data directory, in which format, and where on the hub."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

SPLITS = ("train", "dev", "test")
LANGUAGE = "{language}"
DOMAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]*")  # what a domain of raw text may be called


@dataclass(frozen=True, slots=True, kw_only=True)
class HubFiles:
    """Where a data set lies on the Hugging Face hub: parquet files of a repository at a pinned revision.

    ``revision`` is a commit; where it is empty, a study must name one. ``path`` is a pattern of names of files there, with
    ``{config}`` and ``{split}`` in it; ``config`` may hold ``{language}``, and ``names`` are (language, what stands for it
    there) where that is another word. ``splits`` are (ours, the hub's), ``missing`` (split, languages that lack it).
    ``shape`` names a file of ``sources/shapes``, which makes examples of rows; ``columns`` are (its name, the hub's), every
    column that is read: one name for several columns makes a list of them. ``labels`` are (the hub's, ours) where they
    differ, and rows without a label were withheld from test sets, unless ``undecided``: then annotators disagreed about
    them, and they are left out. ``rows`` are (column, beginning of its value), with ``{language}``, where a file holds
    several languages. ``megabytes`` are (split, text of one language, about), from which costs are estimated, and
    ``examples`` (split, examples of one language, of the source language where they differ), as the authors count them.
    """

    repo: str
    revision: str
    shape: str
    columns: tuple[tuple[str, str], ...]
    path: str = "{config}/{split}-*.parquet"
    config: str = "default"
    languages: tuple[str, ...] = ("en",)
    names: tuple[tuple[str, str], ...] = ()
    splits: tuple[tuple[str, str], ...] = (("train", "train"), ("dev", "validation"), ("test", "test"))
    missing: tuple[tuple[str, tuple[str, ...]], ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    undecided: bool = False
    rows: tuple[str, str] | None = None
    megabytes: tuple[tuple[str, float], ...] = ()
    examples: tuple[tuple[str, int], ...] = ()

    def named(self, pattern: str, language: str) -> str:
        """Return a pattern with what stands for a language in it."""
        return pattern.replace(LANGUAGE, dict(self.names).get(language, language))


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """How much there is of a set that has to be had by hand, so that a study can be planned before it is there.

    ``languages`` are empty where any language may be. ``megabytes`` are (split, text of one language, about); they say which
    splits there are.
    """

    megabytes: tuple[tuple[str, float], ...]
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Files:
    """One path pattern a split, with ``{language}`` in it, in the official layout; None where the split does not exist.

    ``format`` names a file of ``sources/formats``. ``languages`` are those of a pattern that holds no ``{language}``; where
    they are several, they share one file.
    ``others`` are further layouts, as the set itself is released: where a split is not in this one, they are looked at in
    order, language by language. ``joined`` are sets that together are this one, read one after another; such files have no
    pattern of their own. ``obtain`` says how to get what may not be downloaded freely: what, from whom, and where to put it;
    ``by_hand`` how much that is, of a set that the hub lacks.
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
    by_hand: ByHand | None = None

    def pattern(self, split: str) -> str | None:
        """Return the pattern of one split."""
        assert split in SPLITS, split
        pattern: str | None = getattr(self, split)
        return pattern

    def layouts(self, split: str) -> Iterator[Files]:
        """Yield this layout and the others, as far as they have a split."""
        yield from (layout for layout in (self, *self.others) if layout.pattern(split))

    def of_domain(self, domain: str) -> Files:
        """Return the files of one domain: they lie in a folder of its name, where those without a domain lie."""
        others = tuple(layout.of_domain(domain) for layout in self.others)
        train, dev, test = (_in_folder(self.pattern(split), domain) for split in SPLITS)
        return replace(self, train=train, dev=dev, test=test, others=others, hub=None)

    def has(self, split: str) -> bool:
        """Say whether a split exists in some layout or, of joined sets, in every one of them."""
        return all(part.has(split) for part in self.joined) if self.joined else any(self.layouts(split))


def _in_folder(pattern: str | None, name: str) -> str | None:
    if pattern is None:
        return None
    place, _, file = pattern.rpartition("/")
    return f"{place}/{name}/{file}"

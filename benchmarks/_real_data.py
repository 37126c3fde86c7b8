"""Real samples laid out for a study: what has no training set here gets one from its development rows, the rest held back.

Reads the directory that ISTHMUS_DATA names and writes below another; files that are fit as they are become links.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from isthmus.core.files import existing, read_text

HELD_BACK = 5  # every fifth row, paragraph or sentence
AS_THEY_ARE = ("corpora", "xnli", "panx", "udpos", "tatoeba", "tydiqa", "mlqa", "xquad", "xtreme-r", "siqa")


def real_data() -> Path:
    """Return the directory of real data; without one there is nothing to measure."""
    root = os.environ.get("ISTHMUS_DATA")
    if not root or not Path(root).is_dir():
        print("left out: ISTHMUS_DATA names no directory of real data")
        sys.exit(0)
    return Path(root)


def lay_out(root: Path, folder: Path) -> None:
    """Write training and held-back rows of every set that a study needs."""
    for name in AS_THEY_ARE:
        link(root / name, folder / name)
    own = root / "intermediate"
    for number in (1, 2, 3):
        place = f"anli_v1.0/R{number}"
        split_lines(own / "anli" / place / "dev.jsonl", folder / place / "train.jsonl", folder / place / "dev.jsonl")
    for name in ("snli", "mnli", "commonsenseqa"):
        link(own / name, folder / name)
    link(own / "qqp/glue", folder / "QQP")
    split_squad(root / "xquad/xquad.en.json", folder / "squad/train-v1.1.json", folder / "squad/dev-v1.1.json")
    two = folder / "squad_v2.0"
    split_squad(own / "squad_v2.0/dev-small.json", two / "train-v2.0.json", two / "dev-v2.0.json")
    hella = folder / "hellaswag"
    split_lines(own / "hellaswag/hellaswag_val.jsonl", hella / "hellaswag_train.jsonl", hella / "hellaswag_val.jsonl")
    split_ccg(own / "ccg", folder / "ccg")
    split_csv(own / "cosmosqa/valid.csv", folder / "cosmosqa/train.csv", folder / "cosmosqa/valid.csv")
    link(existing(root / "pawsx/dev-en.tsv"), folder / "pawsx/train-en.tsv.gz")
    for file in sorted((root / "pawsx").glob("test-*")):
        link(file, folder / "pawsx" / file.name)
    split_bucc(root / "bucc2018", folder / "bucc2018")


def link(source: Path, place: Path) -> None:
    """Let a path lead to a file or a folder."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.exists():
        place.symlink_to(source.resolve())


def write(place: Path, text: str) -> None:
    """Write a file, its folder with it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def halves(rows: Sequence[str], train: Path, dev: Path, head: str = "", end: str = "\n") -> None:
    """Write every fifth row to ``dev`` and the others to ``train``, a header first."""
    for place, held in ((train, False), (dev, True)):
        kept = [row for i, row in enumerate(rows) if (i % HELD_BACK == 0) == held]
        write(place, head + "".join(row + end for row in kept))


def split_lines(source: Path, train: Path, dev: Path) -> None:
    """Split a file of one row a line."""
    halves(read_text(existing(source)).rstrip("\n").split("\n"), train, dev)


def split_ccg(source: Path, folder: Path) -> None:
    """Split the tagged sentences of two files."""
    texts = [read_text(existing(source / name)).strip("\n") for name in ("genia1000.tsv", "questions.tsv")]
    halves("\n\n".join(texts).split("\n\n"), folder / "train.tsv", folder / "dev.tsv", end="\n\n")


def split_csv(source: Path, train: Path, dev: Path) -> None:
    """Split comma-separated rows below a header."""
    head, *rows = csv.reader(StringIO(read_text(existing(source)), newline=""))

    def line(row: list[str]) -> str:
        stream = StringIO(newline="")
        csv.writer(stream, lineterminator="").writerow(row)
        return stream.getvalue()

    halves([line(row) for row in rows], train, dev, head=line(head) + "\n")


def split_squad(source: Path, train: Path, dev: Path) -> None:
    """Split the paragraphs of a file in SQuAD's layout."""
    tree = json.loads(read_text(existing(source)))
    paragraphs = [paragraph for article in tree["data"] for paragraph in article["paragraphs"]]
    for place, held in ((train, False), (dev, True)):
        kept = [paragraph for i, paragraph in enumerate(paragraphs) if (i % HELD_BACK == 0) == held]
        write(place, json.dumps({"version": tree.get("version", "1.1"), "data": [{"title": "", "paragraphs": kept}]}))


def split_bucc(source: Path, folder: Path) -> None:
    """Put every second gold pair of the Chinese sample, and every second other sentence, to dev, the rest to test."""
    sides = {
        side: dict(line.split("\t", 1) for line in read_text(existing(source / f"zh-en.dev.{side}")).strip("\n").split("\n"))
        for side in ("zh", "en")
    }
    gold = [line.split("\t") for line in read_text(existing(source / "zh-en.dev.gold")).strip("\n").split("\n")]
    home = {id_: i % 2 for i, pair in enumerate(gold) for id_ in pair}
    for half, split in enumerate(("dev", "test")):
        for side, sentences in sides.items():
            kept = [(id_, text) for i, (id_, text) in enumerate(sentences.items()) if home.get(id_, i % 2) == half]
            write(folder / f"zh-en.{split}.{side}", "".join(f"{id_}\t{text}\n" for id_, text in kept))
        pairs = "".join(f"{a}\t{b}\n" for i, (a, b) in enumerate(gold) if i % 2 == half)
        write(folder / f"zh-en.{split}.gold", pairs)

"""What a file that lies where no task looks holds: the format that reads it, found by trial on its first lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from isthmus.core.files import find, read_text
from isthmus.sources.format import FORMATS
from isthmus.survey.answers import count_answers
from isthmus.survey.head import first_lines
from isthmus.survey.through import read_through

SUFFIXES = (".tsv", ".csv", ".txt", ".json", ".jsonl", ".conllu")
SPOKEN = ("README", "LICENSE", "LICENCE", "MANIFEST", "CHANGELOG", "NOTICE", "CITATION", "SHA256SUMS")
BESIDE = ("bitext", "bucc", "mewslix", "xquad_r")  # which are known by files beside them
BROAD = ("wikiann", "tags", "pairs", "lines")  # which read almost anything
FIRST = ("squad",)  # of formats that read the same, the one meant
FAULTS = 3  # of the first rows, beyond which a format is not that of the file
SIDES = re.compile(r"(?P<stem>(?:.*[.])?(?P<one>[A-Za-z_]{2,})-(?P<english>eng?))[.](?P<side>(?P=one)|(?P=english))")
LABELS = {"0", "1", "contradiction", "contradictory", "entailment", "neutral", "not_entailment"}  # of pairs of texts


@dataclass(frozen=True, slots=True)
class Guess:
    """``format`` names the format, empty for what is no data; ``answers`` counts those of a submission.

    ``files`` are as of ``read_through``; ``part_of`` is the file that this one is a side of.
    """

    format: str = ""
    answers: int | None = None
    files: dict[str, Path] | None = None
    part_of: Path | None = None
    language: str = ""


@dataclass
class Recogniser:
    """Recognises one file after another; what the last file of a folder with the same suffix was is tried first."""

    seen: dict[tuple[Path, str], str] = field(default_factory=dict)

    def guess(self, path: Path) -> Guess:
        """Return what a file is; raises DataError for one that is named as data are and cannot be read at all."""
        name = path.name.removesuffix(".gz")
        if sides := _sides(path, name):
            return sides
        if Path(name).suffix not in SUFFIXES or Path(name).stem.upper() in SPOKEN:
            return Guess()
        answers = count_answers(path)
        if answers is not None:
            return Guess(answers=answers)
        key = (path.parent, Path(name).suffix)
        self.seen[key] = _format(path, name, self.seen.get(key, ""))
        return Guess(self.seen[key])


def _sides(path: Path, name: str) -> Guess | None:
    """Return a bitext whose files are named ``xx-en.xx`` and ``xx-en.en``, as LASER's are with ``eng``."""
    match = SIDES.fullmatch(name)
    if match is None or match["one"] == match["english"]:
        return None
    one, english = (find(path.with_name(f"{match['stem']}.{match[side]}")) for side in ("one", "english"))
    if one is None or english is None:
        return None
    if path == english:
        return Guess(part_of=one)
    return Guess("bitext", files={"xx-en.xx": one, "xx-en.en": english}, language=match["one"])


def _format(path: Path, name: str, before: str) -> str:
    """Return the format that reads the most of the first lines with the fewest faults, empty where none reads them."""
    lines = first_lines(path)
    with TemporaryDirectory() as folder:
        head = Path(folder) / name
        head.write_text(read_text(path) if name.endswith(".json") else "\n".join(lines) + "\n", "utf-8")
        best, best_value = "", 0.0
        for format_ in _candidates(head.suffix, lines, before):
            if best and best_value >= 1 and format_ in BROAD:
                break
            reading = read_through(format_, head, most=FAULTS)
            value = len(reading.examples) / (1 + 10 * len(reading.faults) + (reading.together is not None))
            if len(reading.examples) > len(reading.faults) and value > best_value:
                best, best_value = format_, value
            if before and best == before and not reading.faults:
                break
    return best


def _candidates(suffix: str, lines: list[str], before: str) -> Iterator[str]:
    """Yield formats that may read a file with such a beginning, those that read almost anything at the end."""
    if before:
        yield before
    rows = [line.split("\t") for line in lines if line.strip()]
    if suffix not in (".txt", ".tsv") or not rows or len(rows[0]) > 1:
        special = [name for name in FORMATS.names() if name not in (*BESIDE, *BROAD, before)]
        yield from sorted(special, key=lambda name: name not in FIRST)
    if sum(len(row) == 2 and " " not in row[0] + row[1] for row in rows) > len(rows) / 2:
        prefixed = all(re.match("[a-z-]{2,}:.", row[0]) for row in rows)
        yield "wikiann" if prefixed else "tags"
    elif sum(len(row) == 3 and row[2].strip() in LABELS for row in rows) > len(rows) / 2:
        yield "pairs"
    elif suffix in (".txt", ".tsv"):
        yield "lines"

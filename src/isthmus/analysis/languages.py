"""Natural languages as rows of a table: family, script, resources, pretraining text and grammar, each column with a source.

The table is ``languages.csv``; where its columns come from, and under which licence, is in docs/languages.md. What no source
says of a language is empty, and None here: nothing is guessed.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

from isthmus.core.errors import UnknownName

FILE = Path(__file__).with_name("languages.csv")
# Features of WALS that the distance is of, and what each is called there.
FEATURES: Mapping[str, str] = MappingProxyType(
    {
        "26A": "prefixing or suffixing in inflection",
        "33A": "coding of nominal plurality",
        "37A": "definite articles",
        "38A": "indefinite articles",
        "51A": "position of case affixes",
        "69A": "position of tense and aspect affixes",
        "82A": "order of subject and verb",
        "83A": "order of object and verb",
        "85A": "order of adposition and noun phrase",
        "86A": "order of genitive and noun",
        "87A": "order of adjective and noun",
        "88A": "order of demonstrative and noun",
        "89A": "order of numeral and noun",
        "90A": "order of relative clause and noun",
        "93A": "position of interrogative phrases",
        "101A": "expression of pronominal subjects",
        "112A": "negative morphemes",
        "116A": "polar questions",
    }
)
LEAST = 9  # features that must be known of both languages; half of them


@dataclass(frozen=True, slots=True)
class NaturalLanguage:
    """What is known of one language.

    ``code`` is what the benchmarks call it; ``glottocode`` and ``wals`` name it in those two catalogues. ``joshi_class`` is
    0 (no data) to 5 (plenty); ``cc100_gib`` the size of its text in CC-100 in GiB, 0 where XLM-R was not pretrained on it;
    ``order`` the dominant order of subject, object and verb; ``features`` {feature of WALS: number of its value}.
    """

    code: str
    name: str
    iso639_3: str
    glottocode: str
    wals: str | None
    family: str
    genus: str | None
    script: str
    joshi_class: int | None
    cc100_gib: float
    order: str | None
    features: Mapping[str, int] = field(default_factory=dict)


@cache
def languages() -> Mapping[str, NaturalLanguage]:
    """Return {code: language} of all in the table, by code."""
    with FILE.open(encoding="utf-8", newline="") as opened:
        rows = [_read(row) for row in csv.DictReader(opened)]
    return MappingProxyType({one.code: one for one in rows})


def language(code: str) -> NaturalLanguage:
    """Return one language by its code; raises UnknownName with the nearest codes."""
    if code not in languages():
        raise UnknownName("language of the table", code, languages())
    return languages()[code]


def _read(row: Mapping[str, str]) -> NaturalLanguage:
    return NaturalLanguage(
        code=row["code"],
        name=row["name"],
        iso639_3=row["iso639_3"],
        glottocode=row["glottocode"],
        wals=row["wals"] or None,
        family=row["family"],
        genus=row["genus"] or None,
        script=row["script"],
        joshi_class=int(row["joshi_class"]) if row["joshi_class"] else None,
        cc100_gib=float(row["cc100_gib"]),
        order=row["order"] or None,
        features=MappingProxyType({name: int(row[f"w{name}"]) for name in FEATURES if row[f"w{name}"]}),
    )


def typological_distance(one: NaturalLanguage, other: NaturalLanguage) -> float | None:
    """Return the share of ``FEATURES`` known of both in which two languages differ, None where fewer than ``LEAST`` are."""
    both = one.features.keys() & other.features.keys()
    if len(both) < LEAST:
        return None
    return sum(one.features[name] != other.features[name] for name in both) / len(both)

"""Where the sentences of an English text begin and end, by a few rules of punctuation; other languages have others."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A full stop, question or exclamation mark (several too), what closes after it, and Wikipedia's marks of notes: `."[3]`
END = re.compile(r"""[.?!]+[)\]'"\u201d\u2019]*(?:\[[\w ?]{1,20}\])*\s+""")
# What a sentence begins with, perhaps behind an opening quote or bracket.
START = re.compile(r"""['"(\[\u201c\u2018\u2022]*\s?[^\W_a-z]""")
TITLES = "Mr Mrs Ms Dr Prof Fr Rev St Sta Lt Gen Col Maj Adm Capt Sgt Rep Gov Sen Pres Mt Ft Jr Sr Bros"
SHORT = "e.g i.e cf v vs p pp c ca approx al fl b d r no vol art op sec ch jan feb aug sept oct nov dec rs est"
ABBREVIATIONS = frozenset({*TITLES.lower().split(), *SHORT.split()})
# Words that open sentences and stand in no name: what goes before them ended one, an abbreviation or not.
OPENING = "The This That These Those It He She They In On At By After During However Although While When"
OPENERS = frozenset(OPENING.split())


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the sentences of an English text, in characters, without the white space between them.

    A sentence ends at `.`, `?` or `!`, with the quotes, brackets and note marks that close behind it, where white space and
    a word follow that begins with a digit or any letter but a small one of a to z; but not at the full stop of an
    abbreviation or of an initial, unless the word that follows opens sentences and stands in no name (`The`, `In` ...).
    Nothing but white space is left out.
    """
    start = len(text) - len(text.lstrip())
    for found in END.finditer(text):
        if START.match(text, found.end()) and not _goes_on(text, start, found):
            yield start, found.start() + len(found[0].rstrip())
            start = found.end()
    end = len(text.rstrip())
    if start < end:
        yield start, end


def _goes_on(text: str, start: int, found: re.Match[str]) -> bool:
    """Say whether a full stop is only that of an abbreviation or an initial."""
    if found[0].rstrip() != ".":
        return False
    word = re.split(r"[\s(\[\"'\u201c]", text[start : found.start()])[-1]
    following = re.match(r"\w*", text[found.end() :])
    if following and following[0] in OPENERS:
        return False
    initial = re.fullmatch(r"(?:[A-Z]\.)*[A-Z]", word) is not None
    return initial or word.lower() in ABBREVIATIONS

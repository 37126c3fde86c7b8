"""What Mewsli-X's files have in common: a mention in its sentence and the description of an entity, as texts to encode.

Both are as XTREME's utils_mewslix.py makes them.
"""

from __future__ import annotations

import re
from itertools import pairwise

from isthmus.sources.json_lines import Record

BRACED = re.compile("{(.*?)}")  # braces of the text itself, which may not pass for those around the mention


def query(context: Record, mention: Record) -> str:
    """Return ``MENTION: SENTENCE``, the mention in the sentence between ``{`` and ``}``.

    The mention stands first so that no window is too short for it. One that runs over several sentences has all of them.
    Raises DataError where it is not where it says, or in no sentence.
    """
    text, span = context.text("text"), mention.record("mention_span")
    start, end, said = span.item("start", int), span.item("end", int), span.text("text")
    if not 0 <= start < end or text[start:end] != said:
        found = text[max(0, start) : max(0, end)]
        raise span.fault(f"the mention {said!r} is not at characters {start} to {end}, where {found!r:.60} stands")
    touched = [(s, e) for s, e in spans(context, text) if s < end and start < e]
    if not touched:
        raise span.fault(f"the mention {said!r} at character {start} lies in none of its text's sentences")
    first, last = min(touched[0][0], start), max(touched[-1][1], end)
    left, right = (BRACED.sub(r"(\1)", part) for part in (text[first:start], text[end:last]))
    return tidy(f"{said}: {left} {{ {said} }} {right}")


def description(entity: Record) -> str:
    """Return the sentences of an entity's description, which are three at most; its title is no part of it."""
    text = entity.text("description")
    return tidy(" ".join(text[start:end] for start, end in spans(entity, text)))


def spans(record: Record, text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of the sentences of a text; raises DataError where one lies outside it or is out of order."""
    found = [(span.item("start", int), span.item("end", int)) for span in record.records("sentence_spans")]
    ordered = all(end <= start for (_, end), (start, _) in pairwise(found))
    if not found or not ordered or not all(0 <= start < end <= len(text) for start, end in found):
        what = f"expected sentences in order within {len(text)} characters, found {found}"
        raise record.fault(f"{record.where}sentence_spans: {what:.200}")
    return found


def tidy(text: str) -> str:
    """Return a text on one line, with single spaces."""
    return " ".join(text.split())

"""Markers around a span of a text: they go through a translator with the text, and say where the span has come to lie."""

from __future__ import annotations

from dataclasses import dataclass

from isthmus.sources.example import Answer

# Square brackets come through neural translators best of simple markers (Chen et al. 2023, section 3); where a text has
# some of its own, the next pair.
PAIRS = (("[", "]"), ("{", "}"), ("<", ">"), ("«", "»"))


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with a span between two markers."""

    text: str
    opening: str
    closing: str


def marked(text: str, span: Answer) -> Marked | None:
    """Return a text with markers around a span; None where it does not stand there or the text has all markers itself."""
    end = span.start + len(span.text)
    pair = next((pair for pair in PAIRS if not any(mark in text for mark in pair)), None)
    if pair is None or not span.text.strip() or text[span.start : end] != span.text:
        return None
    opening, closing = pair
    return Marked(f"{text[: span.start]}{opening}{span.text}{closing}{text[end:]}", opening, closing)


def unmarked(translated: str, markers: Marked) -> tuple[str, Answer] | None:
    """Return a translated text without its markers, and the span that stood between them.

    None where each marker is not there exactly once, in order, with something between them.
    """
    opening, closing = markers.opening, markers.closing
    if translated.count(opening) != 1 or translated.count(closing) != 1:
        return None
    before, _, rest = translated.partition(opening)
    inside, found, after = rest.partition(closing)
    if not found or not inside.strip():
        return None
    # A marker may have stood apart from the words about it: one space is left where there was any.
    head = before.rstrip() + _between(before, before.rstrip(), inside != inside.lstrip())
    tail = _between(after, after.lstrip(), inside != inside.rstrip()) + after.lstrip()
    return head + inside.strip() + tail, Answer(inside.strip(), len(head))


def _between(text: str, stripped: str, spaced: bool) -> str:
    return " " if stripped and (spaced or text != stripped) else ""

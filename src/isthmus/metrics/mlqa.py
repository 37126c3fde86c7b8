r"""F1 and exact match of MLQA's official script (Lewis et al. 2020), whose normalisation depends on the answers' language.

ASCII and Unicode punctuation go in every language. Articles go where the script lists some; its Arabic pattern takes ال for
one wherever it stands, inside a word too, and leaves a space there, which is kept, for the figures are official. Chinese
ideographs (U+4E00 to U+9FA5) are words one by one; all other words are what whitespace parts. Languages that the script
does not know are treated as Hindi is: without articles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from isthmus.metrics._answers import WITHOUT_PUNCTUATION, compared
from isthmus.metrics._sums import Counts, column_sums
from isthmus.metrics.squad import value

__all__ = ["counts", "score", "value"]

ARTICLES = {
    "en": re.compile(r"\b(?:a|an|the)\b"),
    "es": re.compile(r"\b(?:un|una|unos|unas|el|la|los|las)\b"),
    "vi": re.compile(r"\b(?:của|là|cái|chiếc|những)\b"),
    "de": re.compile(r"\b(?:ein|eine|einen|einem|eines|einer|der|die|das|den|dem|des)\b"),
    "ar": re.compile("ال"),
}
IDEOGRAPH = re.compile("([\u4e00-\u9fa5])")


def score(gold: Sequence[Sequence[str]], predicted: Sequence[str], language: str) -> dict[str, float]:
    """Return the mean F1 and exact match over questions, each the best over the question's accepted answers.

    ``language`` is that of the contexts, and so of the answers. Raises ValueError where it is empty, when gold and
    predictions do not line up, and for a question without an accepted answer.
    """
    return value(column_sums(counts(gold, predicted, language)))


def counts(gold: Sequence[Sequence[str]], predicted: Sequence[str], language: str) -> Counts:
    """Return (F1 on 0-1, 1 if an exact match else 0, 1) for each question; raises ValueError as ``score`` does."""
    if not language:
        raise ValueError("the figures of MLQA depend on the language of the answers, and none was given")
    return compared(gold, predicted, partial(normalise, language=language))


def normalise(text: str, language: str) -> list[str]:
    """Return the words of an answer in a language: lower case, without punctuation, then without articles."""
    text = text.lower().translate(WITHOUT_PUNCTUATION)
    if language in ARTICLES:
        text = ARTICLES[language].sub(" ", text)
    if language == "zh":
        text = IDEOGRAPH.sub(r" \1 ", text)
    return text.split()

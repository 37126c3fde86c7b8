"""What the scorers of answers share: the best over the accepted answers, words compared as bags, what punctuation is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from string import punctuation
from unicodedata import category

from isthmus.metrics._aligned import check_aligned
from isthmus.metrics._sums import Counts


def compared(gold: Sequence[Sequence[str]], predicted: Sequence[str], words: Callable[[str], list[str]]) -> Counts:
    """Return (F1 on 0-1, 1 if an exact match else 0, 1) for each question, each the best over its accepted answers.

    ``words`` normalises an answer. Raises ValueError when gold and predictions do not line up or a question has no answer.
    """
    check_aligned(gold, predicted, "question")
    rows: Counts = []
    for index, (answers, given) in enumerate(zip(gold, predicted, strict=True)):
        if not answers:
            raise ValueError(f"question {index}: no accepted answer")
        guess = words(given)
        accepted = [words(answer) for answer in answers]
        rows.append((max(overlap(answer, guess) for answer in accepted), float(guess in accepted), 1.0))
    return rows


def overlap(answer: list[str], guess: list[str]) -> float:
    """Return the F1 (0-1) of two bags of words; 0 without a common word, even when both are empty."""
    common = (Counter(answer) & Counter(guess)).total()
    return 2 * common / (len(answer) + len(guess)) if common else 0.0


class _WithoutPunctuation(dict[int, int | None]):
    """A table for ``str.translate``; characters are looked up as they come, since there are a million."""

    def __missing__(self, code: int) -> int | None:
        character = chr(code)
        gone = character in punctuation or category(character).startswith("P")
        self[code] = None if gone else code
        return self[code]


WITHOUT_PUNCTUATION = _WithoutPunctuation()  # neither ASCII's, symbols such as $ and + among it, nor Unicode's (P*)

"""What every metric asks of its input: some gold, and one prediction for each item of it; a breach is a fault of ours."""

from __future__ import annotations

from collections.abc import Sequence


def check_aligned(gold: Sequence[object], predicted: Sequence[object], what: str = "example") -> None:
    """Raise ValueError when gold is empty or predictions are too few or too many, naming the first index left over."""
    if not len(gold):
        raise ValueError(f"no gold {what} to score")
    if len(gold) != len(predicted):
        short = "gold" if len(gold) < len(predicted) else "predicted"
        index = min(len(gold), len(predicted))
        raise ValueError(f"{what} {index}: not in {short} ({len(gold)} gold, {len(predicted)} predicted)")


def check_tagged(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> None:
    """Raise ValueError when two lists of tagged sentences differ in a length, naming the sentence, or hold no word."""
    check_aligned(gold, predicted, "sentence")
    for index, (right, guess) in enumerate(zip(gold, predicted, strict=True)):
        if len(right) != len(guess):
            raise ValueError(f"sentence {index}: {len(right)} gold tags, {len(guess)} predicted")
    if not any(len(sentence) for sentence in gold):
        raise ValueError("no gold tag to score")

"""Masking for language modelling: which sub-words of a sequence are hidden and must be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

IGNORED = -100  # the target of a sub-word that bears no loss, as torch's cross-entropy has it


@dataclass(frozen=True, slots=True)
class Masking:
    """What masking needs of a tokenizer, and the share of sub-words that are chosen."""

    mask_id: int
    special: frozenset[int]
    vocabulary: int
    rate: float


def mask(ids: Sequence[int], masking: Masking, stream: Random) -> tuple[list[int], list[int]]:
    """Return (input, target): of the chosen sub-words 80 % are masked, 10 % random, 10 % kept (BERT, section 3.1).

    At least one sub-word is chosen where any is not special, so that no sequence is without a loss.
    """
    shown, target = list(ids), [IGNORED] * len(ids)
    able = [i for i, token in enumerate(ids) if token not in masking.special]
    chosen = [i for i in able if stream.random() < masking.rate] or ([stream.choice(able)] if able else [])
    for i in chosen:
        target[i] = ids[i]
        fate = stream.random()
        if fate < 0.8:
            shown[i] = masking.mask_id
        elif fate < 0.9:
            shown[i] = stream.randrange(masking.vocabulary)
    return shown, target

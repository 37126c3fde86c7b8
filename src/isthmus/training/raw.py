"""Raw text as a stage learns from it: lines in many languages, or the pairs of lines that say the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from isthmus.core.errors import UserError
from isthmus.mixing.text import TextMixture
from isthmus.models.head import Encoding
from isthmus.sources.corpora import Corpus
from isthmus.training.pairs import encoded, translation_pairs


@dataclass(frozen=True)
class Raw:
    """Raw text by language, the share of sub-words that are masked, and how often each language is drawn.

    That is by the exponent ``alpha``, or as ``shares`` say. With a ``pivot`` it is its pairs with the other languages that
    are learnt from, both sides in one window (translation language modelling, Conneau and Lample 2019, section 3.3).
    """

    text: Mapping[str, Corpus]
    mask: float
    alpha: float
    shares: Mapping[str, float] = field(default_factory=dict)
    pivot: str | None = None

    def mixture(self, encoding: Encoding, name: str = "the stage") -> TextMixture:
        """Return the encoded text, or pairs; raises UserError, with a name for it, where there is nothing to learn from."""
        if self.pivot is None:
            lines = {language: encoded(corpus, encoding) for language, corpus in self.text.items()}
            if not any(lines.values()):
                raise UserError(f"the text of {name} has no sub-word")
            return TextMixture(lines, {}, self.alpha, 0.0, self.shares)
        pairs = translation_pairs(self.text, self.pivot, encoding)
        if not any(pairs.values()):
            what = f"no two lines with the same id, in {self.pivot!r} and another language, fit into one window"
            raise UserError(f"{what} of {encoding.max_length} sub-words ({name}); max_length may be larger")
        return TextMixture({}, pairs, self.alpha, 1.0, pair_shares=self.shares)


def sub_words(mixture: TextMixture) -> int:
    """Return how many sub-words a mixture is made from."""
    lines = (len(a) + len(b or ()) for own in mixture.lines.values() for a, b in own)
    return sum(lines) + sum(len(a) + len(b) for own in mixture.pairs.values() for a, b in own)

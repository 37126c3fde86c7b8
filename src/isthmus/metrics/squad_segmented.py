"""F1 and exact match as SQuAD's, but for scripts without spaces and punctuation beyond ASCII: no official figure.

It stands beside ``squad``, whose English normalisation takes a Chinese or Thai answer for one word, and a full stop or a
quotation mark that ASCII lacks for a part of a word. Here Unicode punctuation goes too, and each letter of a script that
is written without spaces is a word, with the marks upon it, as MLQA's script has it for Chinese. The script of a letter
decides, not the language of the data. Where neither occurs the figures are those of ``squad``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from unicodedata import category

from isthmus.metrics._answers import WITHOUT_PUNCTUATION, compared
from isthmus.metrics._sums import Counts, column_sums
from isthmus.metrics.squad import ARTICLES
from isthmus.metrics.squad import value as squad_value

# As ranges of a pattern: 々 to 〇, hiragana, katakana with its extensions, Han with extension A, the compatibility
# ideographs, half-width katakana, Han beyond the first plane.
IDEOGRAPHS_AND_KANA = (
    r"\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
# Thai, Lao, Tibetan and Myanmar, whose blocks are neighbours, Khmer, Myanmar's extensions: first and last character.
BLOCKS = ((0xE00, 0x109F), (0x1780, 0x17FF), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F))


def _of_blocks(kind: str) -> Iterator[str]:
    """Yield the letters (L) or marks (M) of the blocks."""
    yield from (chr(code) for first, last in BLOCKS for code in range(first, last + 1) if category(chr(code))[0] == kind)


UNSPACED = re.compile(f"([{IDEOGRAPHS_AND_KANA}{''.join(_of_blocks('L'))}][\u3099\u309a{''.join(_of_blocks('M'))}]*)")


def score(gold: Sequence[Sequence[str]], predicted: Sequence[str]) -> dict[str, float]:
    """Return the mean F1 and exact match over questions, each the best over the question's accepted answers.

    Raises ValueError when gold and predictions do not line up or a question has no accepted answer.
    """
    return value(column_sums(counts(gold, predicted)))


def counts(gold: Sequence[Sequence[str]], predicted: Sequence[str]) -> Counts:
    """Return (F1 on 0-1, 1 if an exact match else 0, 1) for each question; raises ValueError as ``score`` does."""
    return compared(gold, predicted, normalise)


def value(totals: Sequence[float]) -> dict[str, float]:
    """Return the figures of summed counts."""
    return {f"{key}_segmented": figure for key, figure in squad_value(totals).items()}


def normalise(text: str) -> list[str]:
    """Return the words of an answer: lower case, without punctuation and English articles, unspaced letters one by one."""
    return UNSPACED.sub(r" \1 ", ARTICLES.sub(" ", text.lower().translate(WITHOUT_PUNCTUATION))).split()

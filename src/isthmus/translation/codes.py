"""How a model of several languages is told which: tokens of its vocabulary that stand for languages."""

from __future__ import annotations

from typing import Any

from isthmus.core.errors import UserError
from isthmus.translation.flores import FLORES
from isthmus.translation.translator import Order


def language_token(tokenizer: Any, order: Order, language: str, *, pair: bool) -> str | None:
    """Return the token that stands for a language; None where the model is of one ``pair`` and needs none.

    The code that the study names, else that of FLORES-200 (NLLB), else M2M100's. Raises UserError where the vocabulary has
    none of them.
    """
    given = order.settings.get("codes", {}).get(language)
    tried = [given, f"__{given}__"] if given else [FLORES.get(language, language), f"__{language}__"]
    for token in tried:
        number = tokenizer.convert_tokens_to_ids(token)
        if number is not None and number != tokenizer.unk_token_id:
            return str(token)
    if pair and not given:
        return None
    hint = f"translator.codes: {{{language}: CODE}} says what this model calls it"
    raise UserError(f"the translator's vocabulary has no language {' or '.join(map(repr, tried))} for {language!r}; {hint}")

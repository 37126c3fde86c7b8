"""A model converted for CTranslate2, an extra: the same translations as seq2seq in a fraction of the time."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

from isthmus.core.errors import SetupError, UserError
from isthmus.translation.codes import language_token
from isthmus.translation.pieces import in_pieces, together
from isthmus.translation.translator import Order, Texts, Translator

LONGER = 2  # a translation may have so many times the sub-words that a piece of a text may have, whatever its batch


def library() -> Any:
    """Return CTranslate2; raises SetupError where it is not installed."""
    try:
        return importlib.import_module("ctranslate2")
    except ImportError as error:
        what = f"translator: {{kind: ctranslate2}} needs an extra, pip install 'isthmus[ctranslate2]' ({error})"
        raise SetupError(what) from error


def texts(order: Order) -> Texts:
    """Return what translates texts; raises SetupError without the extra, UserError where a directory is no model."""
    ours = library()
    from transformers import AutoTokenizer

    folder = order.folders["path"]
    try:
        tokenizer = AutoTokenizer.from_pretrained(order.folders["tokenizer"], trust_remote_code=False)
        model = ours.Translator(str(folder), device="cuda" if ours.get_cuda_device_count() else "cpu")
    except (ValueError, OSError, RuntimeError, ImportError) as error:
        raise UserError(
            f"{folder} holds no model of CTranslate2 that can be loaded: {str(error).splitlines()[0]}"
        ) from error
    source, target = (language_token(tokenizer, order, one, pair=True) for one in (order.source, order.target))
    if (source is None) != (target is None):  # a model of many languages that lacks one of the two
        language_token(tokenizer, order, order.source if source is None else order.target, pair=False)

    def cut(text: str) -> list[str]:
        found: list[str] = tokenizer.convert_ids_to_tokens(tokenizer(text, add_special_tokens=False)["input_ids"])
        return found

    def translate(asked: Sequence[str]) -> list[str]:
        pieces, places = in_pieces(asked, order.settings["max_length"], lambda text: len(cut(text)))
        rows = [[*([source] if source else []), *cut(piece), tokenizer.eos_token] for piece in pieces]
        found = model.translate_batch(
            rows,
            target_prefix=[[target]] * len(rows) if target else None,
            beam_size=order.settings["beams"],
            max_batch_size=order.batch,
            max_decoding_length=LONGER * order.settings["max_length"],
        )
        ids = [tokenizer.convert_tokens_to_ids([t for t in one.hypotheses[0] if t != target]) for one in found]
        return together([text.strip() for text in tokenizer.batch_decode(ids, skip_special_tokens=True)], places)

    return translate


TRANSLATOR = Translator(name="ctranslate2", texts=texts)

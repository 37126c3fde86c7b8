"""The vocabulary trimmed to some languages: the pieces that their texts need, and the rows of the matrix that are theirs.

On every text that was given the model computes what it computed before: the same pieces, the same vectors.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast

from isthmus.core.errors import UserError, nearest
from isthmus.models.feature import frame_of
from isthmus.models.network import Network, load_tokenizer
from isthmus.models.trained import ENCODER, HEAD
from isthmus.models.trimming import Trimmed, loaded, same_cut, trim
from isthmus.models.variant import ADAPTER, ONNX, Change, Making, copy_model, read_running, write_running
from isthmus.models.whole import load_whole, parameters_of, save_whole

WORD_BY_WORD = ("tagging",)  # kinds of task whose sentences are cut word by word


def make(making: Making) -> None:
    """Fill a folder with the model, its vocabulary trimmed to ``making.texts``.

    Settings: ``keep`` (``seen``, the default, or ``characters``; ``trimming.trim`` says what they mean), and ``languages``
    where not all of the texts count. Raises UserError for a language without text, for texts that leave fewer pieces than
    the head has labels, and for a model that was exported or whose embeddings have low-rank updates.
    """
    _check_carried(making.source)
    texts = _spoken(making.texts or {}, making.settings.get("languages"))
    kinds, labels = _heads(making.source)
    keep = making.settings.get("keep", "seen")
    making.tick(0, 1)
    told = trim_encoder(
        making.source / ENCODER, making.out / ENCODER, texts, keep, labels, words=not kinds.isdisjoint(WORD_BY_WORD)
    )
    copy_model(making.source, making.out, but=(ENCODER,))
    write_running(making.out, read_running(making.source).after("vocabulary", told))
    making.tick(1, 1)


def trim_encoder(
    source: Path, out: Path, texts: Mapping[str, Sequence[str]], keep: str = "seen", labels: int = 0, *, words: bool = False
) -> dict[str, Any]:
    """Write an encoder directory with a trimmed vocabulary, and return what is worth telling of it.

    ``texts`` are sentences by language; ``words`` says that a task cuts them word by word, too. Told are ``languages``,
    ``keep``, ``pieces`` and ``parameters`` [before, after], and by language the share of sentences that a vocabulary
    trimmed to every other sentence cuts ``as_before`` (None where there is one sentence): what to expect of new text.
    Raises UserError where no more pieces than special ones are left, or fewer than ``labels``.
    """
    tokenizer, model = load_tokenizer(source), load_whole(source)
    state = tokenizer.backend_tokenizer.to_str()
    first = Network(model.base_model, tokenizer, source).first_position
    # Where positions count from the padding id, it must stay what it is, and so must all ids below it.
    also = {*range(first), *_special_ids(model.config).values()}
    trimmed = trim(state, _all(texts, words=words), keep, also)
    _check_left(trimmed, texts, labels)
    if first and trimmed.kept[:first] != tuple(range(first)):
        raise UserError(f"{source}: positions count from the padding id {first - 1}, and not all ids below it are pieces")
    before = len(tokenizer), parameters_of(model)
    _cut(model, _config_after(model.config, trimmed, tokenizer), trimmed)
    save_whole(model, out)
    _save_tokenizer(tokenizer, trimmed, out)
    _check_reloaded(tokenizer, trimmed, out)
    return {
        "languages": list(texts),
        "keep": keep,
        "pieces": [before[0], len(trimmed.kept)],
        "parameters": [before[1], parameters_of(model)],
        "as_before": held_back(state, texts, keep),
    }


def held_back(tokenizer_json: str, texts: Mapping[str, Sequence[str]], keep: str) -> dict[str, float | None]:
    """Return by language the share of every second sentence that is cut as before when the others alone choose the pieces.

    Sentences that are there twice count once. What is near each other in a file is alike, so new text may fare worse.
    """
    different = {language: list(dict.fromkeys(own)) for language, own in texts.items()}
    trimmed = trim(tokenizer_json, [text for own in different.values() for text in own[::2]], keep)
    full = loaded(tokenizer_json)
    same = {language: same_cut(full, trimmed, own[1::2]) for language, own in different.items()}
    return {language: sum(own) / len(own) if own else None for language, own in same.items()}


def _check_carried(source: Path) -> None:
    if (source / ONNX).exists():
        raise UserError(f"{source}: the model is exported to ONNX already; trim its vocabulary before it is exported")
    for file in sorted((source / ADAPTER).glob("*.safetensors")):
        with safe_open(str(file), "pt") as tensors:
            if any("embedding" in name for name in tensors.keys()):  # noqa: SIM118 (no mapping)
                raise UserError(f"{file}: low-rank updates of the embeddings; merge them before the vocabulary is trimmed")


def _spoken(texts: Mapping[str, Sequence[str]], languages: Sequence[str] | None) -> dict[str, list[str]]:
    """Return the texts of the languages that are asked for, blank ones left out."""
    full = {language: [text for text in own if text.strip()] for language, own in texts.items()}
    at_hand = [language for language, own in full.items() if own]
    asked = list(languages) if languages is not None else list(full)
    for language in asked:
        if language not in at_hand:
            what = f"no text in {language!r} to trim the vocabulary to; {nearest(language, at_hand)}"
            raise UserError(f"{what} (at hand: {', '.join(at_hand) or 'none'})")
    if not asked:
        raise UserError("no text to trim the vocabulary to; expected sentences in one language at least")
    return {language: full[language] for language in asked}


def _heads(source: Path) -> tuple[set[str], int]:
    """Return the kinds of the heads of a trained model, and how many labels the largest has."""
    records = [json.loads(file.read_text(encoding="utf-8")) for file in source.rglob(HEAD)]
    return {record["kind"] for record in records}, max((len(record["labels"]) for record in records), default=0)


def _all(texts: Mapping[str, Sequence[str]], *, words: bool) -> list[str]:
    """Return different texts, and, where they are cut word by word as well, their different words."""
    found = dict.fromkeys(text for own in texts.values() for text in own)
    return list(dict.fromkeys([*found, *(word for text in found for word in text.split(" ") if word)]) if words else found)


def _check_left(trimmed: Trimmed, texts: Mapping[str, Sequence[str]], labels: int) -> None:
    where = f"the text in {', '.join(texts)} leaves {trimmed.ordinary} pieces besides the special ones"
    if not trimmed.ordinary:
        raise UserError(f"{where}; the tokenizer knows none of its characters")
    if trimmed.ordinary < labels:
        raise UserError(f"{where}: too few to tell the head's {labels} labels apart; trim to more text")


def _special_ids(config: Any) -> dict[str, int]:
    """Return {field: id} of a configuration's special tokens."""
    fields = {name: value for name, value in config.to_dict().items() if name.endswith("_token_id")}
    return {name: value for name, value in fields.items() if isinstance(value, int)}


def _config_after(config: Any, trimmed: Trimmed, tokenizer: Any) -> Any:
    """Return the configuration of the trimmed model: special tokens under their new ids, none where there was no piece."""
    after = copy.deepcopy(config)
    after.vocab_size = len(trimmed.kept)
    padding = trimmed.number[tokenizer.pad_token_id]
    for name, old in _special_ids(config).items():
        setattr(after, name, trimmed.number.get(old, padding if name == "pad_token_id" else None))
    return after


def _cut(model: Any, config: Any, trimmed: Trimmed) -> None:
    """Leave a model the rows of the kept pieces, of its embeddings as of a vocabulary head."""
    with torch.device("meta"):
        smaller = type(model)(config)
    shapes = {name: own.shape for name, own in smaller.named_parameters(remove_duplicate=False)}
    rows = torch.tensor(trimmed.kept)
    for name, own in model.named_parameters():
        if own.shape == shapes[name]:
            continue
        if own.shape[0] <= max(trimmed.kept):
            raise UserError(f"{name} has {own.shape[0]} rows, and the tokenizer a piece numbered {max(trimmed.kept)}")
        assert own.shape[1:] == shapes[name][1:], (name, own.shape, shapes[name])
        own.data = own.data[rows]
    model.config = config


def _save_tokenizer(tokenizer: Any, trimmed: Trimmed, folder: Path) -> None:
    """Write the files of a tokenizer that is loaded as it is written, whatever class the full one was of."""
    named = {name: token for name, token in tokenizer.special_tokens_map.items() if not isinstance(token, list)}
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(trimmed.json),
        model_input_names=list(tokenizer.model_input_names),
        model_max_length=tokenizer.model_max_length,
        **named,
    )
    wrapped.save_pretrained(str(folder))


def _check_reloaded(tokenizer: Any, trimmed: Trimmed, folder: Path) -> None:
    """Raise UserError where the files say another tokenizer than the one that was trimmed."""
    after = load_tokenizer(folder)
    before, now = frame_of(tokenizer), frame_of(after)
    frames = [(getattr(before, part), getattr(now, part)) for part in ("before", "between", "after", "after_one")]
    same = all(old == tuple(trimmed.kept[i] for i in new) for old, new in frames)
    same = same and trimmed.kept[after.pad_token_id] == tokenizer.pad_token_id
    same = same and after.model_input_names == tokenizer.model_input_names
    if not same or after.get_vocab() != trimmed.tokenizer.get_vocab():
        raise UserError(f"{folder}: the tokenizer cannot be trimmed: it does not load as it was written")


CHANGE = Change(make, texts=True)

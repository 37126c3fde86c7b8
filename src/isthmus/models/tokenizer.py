"""Training a tokenizer, Unigram in the manner of SentencePiece or BPE, and saving it as Hugging Face files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from isthmus.core.errors import UserError

SPECIAL = {"bos": "<s>", "pad": "<pad>", "eos": "</s>", "unk": "<unk>", "mask": "<mask>"}
# Scripts written without spaces between words: their characters stand alone before pieces are learnt.
ALONE = r"[\p{Han}\p{Hiragana}\p{Katakana}]"
CHARACTERS = 4_000_000  # of text the pieces are learnt on; more changes little


def train_tokenizer(
    text: Mapping[str, Sequence[str]],
    vocab_size: int,
    alpha: float,
    lowercase: bool,
    stream: Random,
    algorithm: str = "unigram",
) -> Tokenizer:
    """Return a tokenizer of ``vocab_size`` pieces; a language weighs as its number of characters to ``alpha``.

    Text with too few different pieces gives fewer; raises UserError when it has more characters than pieces are allowed.
    """
    unigram = algorithm == "unigram"
    tokenizer = Tokenizer(models.Unigram() if unigram else models.BPE(unk_token=SPECIAL["unk"]))
    steps = [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    tokenizer.normalizer = normalizers.Sequence([*steps, *([normalizers.Lowercase()] if lowercase else [])])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always"),
            pre_tokenizers.Split(Regex(ALONE), "isolated"),
            pre_tokenizers.Split(Regex(r"\p{N}"), "isolated"),
            pre_tokenizers.Split(Regex(r"[\p{P}\p{S}&&[^▁]]"), "isolated"),
        ]
    )
    tokenizer.decoder = decoders.Metaspace()
    common: dict[str, Any] = {"vocab_size": vocab_size, "special_tokens": list(SPECIAL.values()), "show_progress": False}
    trainer = trainers.UnigramTrainer(unk_token=SPECIAL["unk"], **common) if unigram else trainers.BpeTrainer(**common)
    try:
        tokenizer.train_from_iterator(sampled_lines(text, alpha, stream), trainer)
    except Exception as error:  # the trainer raises nothing more precise
        raise UserError(f"tokenizer: vocab_size {vocab_size} cannot be had from this text ({error})") from error
    if (least := tokenizer.get_vocab_size()) > vocab_size:  # BPE keeps every character, whatever was asked for
        raise UserError(f"tokenizer: vocab_size {vocab_size} cannot be had from this text (its chars alone need {least})")
    tokenizer = _settled(tokenizer) if unigram else tokenizer
    eos = tokenizer.token_to_id(SPECIAL["eos"])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", tokenizer.token_to_id("<s>")), ("</s>", eos)],
    )
    return tokenizer


def _settled(tokenizer: Tokenizer) -> Tokenizer:
    """Return the tokenizer with ids and scores that are the same each time; the trainer's follow the order of a hash table.

    It gives equal scores in any order, sums in any order (1e-15), and puts rare characters back with scores that rise from
    the lowest by 0.0001 each, in any order: all of those get the lowest.
    """
    state = json.loads(tokenizer.to_str())
    special, learnt = state["model"]["vocab"][: len(SPECIAL)], state["model"]["vocab"][len(SPECIAL) :]
    lowest = round(min(score for _, score in learnt), 6)
    ceiling = lowest + 1e-4 * sum(len(piece) == 1 for piece, _ in learnt)
    scores = {piece: lowest if len(piece) == 1 and score < ceiling else round(score, 6) for piece, score in learnt}
    state["model"]["vocab"] = [*special, *sorted(scores.items(), key=lambda item: (-item[1], item[0]))]
    return Tokenizer.from_str(json.dumps(state))


def sampled_lines(text: Mapping[str, Sequence[str]], alpha: float, stream: Random) -> list[str]:
    """Return lines of all languages, each language cut or repeated to its share of the characters."""
    sizes = {language: sum(map(len, lines)) for language, lines in text.items()}
    weights = {language: size**alpha for language, size in sizes.items() if size}
    budget = min(CHARACTERS, sum(sizes.values()))
    chosen: list[str] = []
    for language in sorted(weights):
        lines = list(text[language])
        stream.shuffle(lines)
        room = budget * weights[language] / sum(weights.values())
        # Repeating a small language more than a few times would learn its sentences, not its pieces.
        for line in lines * 4:
            if room <= 0:
                break
            chosen.append(line)
            room -= len(line)
    return chosen


def save_tokenizer(tokenizer: Tokenizer, folder: Path) -> None:
    """Write the files that AutoTokenizer loads."""
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        cls_token=SPECIAL["bos"],
        sep_token=SPECIAL["eos"],
        **{f"{name}_token": token for name, token in SPECIAL.items()},
    )
    wrapped.save_pretrained(str(folder))

"""Masked language modelling: from scratch on raw text and translation pairs, or continued from a checkpoint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from isthmus.compute.device import accelerator, training_attention
from isthmus.core.seeds import stream_seed
from isthmus.mixing.masking import Masking
from isthmus.mixing.text import TextMixture
from isthmus.models.feature import windows
from isthmus.models.head import Encoding
from isthmus.models.task_model import MaskedLanguageModel, new_language_model
from isthmus.sources.corpora import Corpus
from isthmus.study.spec import Pretraining
from isthmus.training.batches import text_rounds
from isthmus.training.checkpoint import Checkpoints, Place
from isthmus.training.fine_tune import encoding_for
from isthmus.training.loop import Schedule, Watch, train


def text_mixture(text: Mapping[str, Corpus], spec: Pretraining, encoding: Encoding) -> TextMixture:
    """Encode corpora: lines cut into windows, and pairs of lines with equal ids in the pivot and another language."""
    room = encoding.max_length - encoding.frame.size
    lines = {language: _pieces(encoding.ids(corpus.lines), room) for language, corpus in text.items()}
    pairs: dict[str, Sequence[tuple[Sequence[int], Sequence[int]]]] = {}
    pivot = text[spec.pivot].parallel if spec.tlm and spec.pivot in text else {}
    for language, corpus in text.items():
        shared = sorted(pivot.keys() & corpus.parallel.keys()) if language != spec.pivot else []
        sides = [encoding.ids([side[key] for key in shared]) for side in (pivot, corpus.parallel)]
        # A pair that does not fit would be a translation of half a sentence: it is left to the single lines.
        pairs[language] = [(a, b) for a, b in zip(*sides, strict=True) if a and b and len(a) + len(b) <= room]
    return TextMixture(lines, pairs, spec.alpha, spec.tlm)


def _pieces(encoded: Sequence[Sequence[int]], room: int) -> list[Sequence[int]]:
    return [ids[s:e] for ids in encoded if ids for s, e in windows(len(ids), room, 0)]


def pretrain(
    spec: Pretraining, tokenizer: Path, text: Mapping[str, Corpus], work: Path, seconds: float, watch: Watch
) -> tuple[MaskedLanguageModel, Place]:
    """Train a masked language model from scratch and return it with where its training ended."""
    model = new_language_model(spec.network, tokenizer, stream_seed(spec.seed, "weights"))
    machine = accelerator()
    model.network.attend(training_attention(machine.device))
    encoding = encoding_for(model.network, spec.max_length, 0)
    mixture = text_mixture(text, spec, encoding)
    words = model.network.tokenizer
    masking = Masking(words.mask_token_id, frozenset(words.all_special_ids), len(words), spec.mask)
    rounds = text_rounds(mixture, masking, encoding.frame, spec.batch_tokens, spec.seed)
    steps = max(1, spec.tokens // spec.batch_tokens)
    schedule = Schedule(
        spec.learning_rate, steps, spec.warmup, spec.weight_decay, spec.clip, spec.precision
    )  # fmt: skip
    place = train(
        model, rounds, schedule, spec.seed, words.pad_token_id, Checkpoints(work, seconds), watch, machine
    )  # fmt: skip
    return model, place

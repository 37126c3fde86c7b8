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
from isthmus.models.task_model import MaskedLanguageModel, load_language_model, new_language_model
from isthmus.sources.corpora import Corpus
from isthmus.study.spec import Pretraining, Recipe
from isthmus.training.batches import text_rounds
from isthmus.training.checkpoint import Checkpoints, Place
from isthmus.training.fine_tune import encoding_for
from isthmus.training.loop import Schedule, Session, train


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
    spec: Pretraining, tokenizer: Path, text: Mapping[str, Corpus], session: Session
) -> tuple[MaskedLanguageModel, Place]:
    """Train a masked language model from scratch and return it with where its training ended."""
    model = new_language_model(spec.network, tokenizer, stream_seed(spec.seed, "weights"))
    encoding = encoding_for(model.network, spec.max_length, 0)
    mixture = text_mixture(text, spec, encoding)
    steps = max(1, spec.tokens // spec.batch_tokens)
    schedule = Schedule(
        spec.learning_rate, steps, spec.warmup, spec.weight_decay, spec.clip, spec.precision
    )  # fmt: skip
    place = _run(model, encoding, mixture, spec.mask, spec.batch_tokens, schedule, spec.seed, session)
    return model, place


def continue_pretraining(
    encoder: Path,
    text: Mapping[str, Sequence[str]],
    recipe: Recipe,
    mask: float,
    alpha: float,
    seed: int,
    session: Session,
) -> tuple[MaskedLanguageModel, Place, str]:
    """Train on raw text from a checkpoint; return the model, where it ended, and whether its head was new or carried.

    One epoch is as many sub-words as the text has, whatever languages they are drawn from.
    """
    model, fate = load_language_model(encoder, stream_seed(seed, "head"))
    encoding = encoding_for(model.network, recipe.max_length, 0)
    room = encoding.max_length - encoding.frame.size
    lines = {language: _pieces(encoding.ids(own), room) for language, own in text.items()}
    size = sum(len(ids) for own in lines.values() for ids in own)
    batch_tokens = recipe.batch_tokens or (recipe.batch_examples or 0) * recipe.max_length
    steps = recipe.steps or max(1, round((recipe.epochs or 0.0) * size / batch_tokens))
    schedule = Schedule(
        recipe.learning_rate, steps, recipe.warmup, recipe.weight_decay, recipe.clip, recipe.precision
    )  # fmt: skip
    mixture = TextMixture(lines, {}, alpha, 0.0)
    place = _run(model, encoding, mixture, mask, batch_tokens, schedule, seed, session)
    return model, place, fate


def _run(
    model: MaskedLanguageModel,
    encoding: Encoding,
    mixture: TextMixture,
    mask: float,
    batch_tokens: int,
    schedule: Schedule,
    seed: int,
    session: Session,
) -> Place:
    machine = accelerator()
    model.network.attend(training_attention(machine.device))
    words = model.network.tokenizer
    masking = Masking(words.mask_token_id, frozenset(words.all_special_ids), len(words), mask)
    rounds = text_rounds(mixture, masking, encoding.frame, batch_tokens, seed)
    checkpoints = Checkpoints(session.work, session.seconds)
    return train(model, rounds, schedule, seed, words.pad_token_id, checkpoints, session.watch, machine)

"""Masked language modelling: from scratch on raw text and translation pairs, or continued from a checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import torch

from isthmus.compute.device import accelerator, quickest_attention
from isthmus.core.errors import UserError
from isthmus.core.seeds import stream_seed
from isthmus.mixing.masking import Masking
from isthmus.mixing.pairs import PairMixture, pair_mixture, words_of
from isthmus.mixing.text import TextMixture
from isthmus.models.contrast import Contrast
from isthmus.models.head import Encoding, load_head
from isthmus.models.network import Network
from isthmus.models.task_model import (
    Learner,
    MaskedLanguageModel,
    MultiTaskModel,
    TaskModel,
    load_language_model,
    new_language_model,
)
from isthmus.sources.corpora import Corpus
from isthmus.study.pretraining import Pretraining
from isthmus.study.spec import Recipe
from isthmus.training.batches import Rounds, contrast_rounds, pair_rounds, text_rounds
from isthmus.training.checkpoint import Checkpoints, Place
from isthmus.training.fine_tune import encoding_for
from isthmus.training.loop import Schedule, Session, train
from isthmus.training.pairs import encoded, translation_pairs
from isthmus.training.raw import Raw, sub_words
from isthmus.training.streams import Streams, alone

MLM, PAIRS, CONTRAST = "mlm", "pairs", "contrast"  # the streams of a pretraining


def text_mixture(text: Mapping[str, Corpus], spec: Pretraining, encoding: Encoding) -> TextMixture:
    """Encode corpora: lines cut into windows, and pairs of lines with equal ids in the pivot and another language."""
    lines = {language: encoded(corpus, encoding) for language, corpus in text.items()}
    wanted = (spec.tlm or spec.pairs or spec.contrast) and spec.pivot in text
    pairs = translation_pairs(text, spec.pivot, encoding) if wanted else {}
    return TextMixture(lines, pairs, spec.alpha, spec.tlm, spec.shares)


def judged_pairs(mixture: TextMixture, spec: Pretraining, encoding: Encoding) -> PairMixture:
    """Return the pairs that the first position learns to judge; raises UserError where the text has none."""
    words = words_of(encoding.tokenizer.get_vocab())
    segments = {language: [(a, b) for a, b in own if b is not None] for language, own in mixture.lines.items()}
    room = encoding.max_length - encoding.frame.size
    found = pair_mixture(mixture.pairs, segments, mixture.lines, spec.pivot, spec.alpha, words, room)
    if found is None:
        what = f"lines with the same id in {spec.pivot!r} and another language, or `id TAB first TAB second`"
        raise UserError(f"pairs {spec.pairs:g} needs {what}, of two different words at least; the text has none")
    return found


def pretrain(
    spec: Pretraining, tokenizer: Path, text: Mapping[str, Corpus], session: Session
) -> tuple[MaskedLanguageModel, Place]:
    """Train a masked language model from scratch and return it with where its training ended.

    With ``pairs`` a share of the steps trains the same encoder under a head that tells intact pairs from corrupted ones;
    that head is dropped. With ``contrast`` a share brings sentences near their translations. Raises UserError where there
    are no pairs.
    """
    model = new_language_model(spec.network, tokenizer, stream_seed(spec.seed, "weights"))
    encoding = encoding_for(model.network, spec.max_length, 0)
    mixture = text_mixture(text, spec, encoding)
    schedule = Schedule(
        spec.learning_rate, max(1, spec.tokens // spec.batch_tokens), spec.warmup, spec.weight_decay, spec.clip,
        spec.precision,
    )  # fmt: skip
    masked = masked_rounds(mixture, encoding, spec.mask, spec.batch_tokens, spec.seed)
    if not spec.pairs and not spec.contrast:
        return model, _run(model, alone(masked), schedule, spec.seed, session)
    models: dict[str, Learner] = {MLM: model}
    rounds, rates = {MLM: masked}, {MLM: 1 - spec.pairs - spec.contrast}
    if spec.pairs:
        models[PAIRS] = _pair_model(model.network, stream_seed(spec.seed, "pairs"))
        pairs = judged_pairs(mixture, spec, encoding)
        rounds[PAIRS], rates[PAIRS] = pair_rounds(pairs, encoding.frame, spec.batch_tokens, spec.seed), spec.pairs
    if spec.contrast:
        if not any(mixture.pairs.values()):
            raise UserError(
                f"contrast {spec.contrast:g} needs lines with the same id in {spec.pivot!r} and another language"
            )
        models[CONTRAST] = Contrast(model.network)
        sentences = contrast_rounds(mixture, encoding.frame, spec.batch_tokens, spec.seed)
        rounds[CONTRAST], rates[CONTRAST] = sentences, spec.contrast
    streams = Streams(rounds, rates, spec.seed, {PAIRS: round(spec.pairs_from * schedule.steps)})
    return model, _run(MultiTaskModel(models), streams, schedule, spec.seed, session)


def _pair_model(network: Network, seed: int) -> TaskModel:
    """Return a two-way classifier on the first position, its head drawn from ``seed``."""
    head = load_head("classification")
    torch.manual_seed(seed)
    module = head.module(network.hidden_size, 2, network.dropout)
    # Nothing is learnt of pairs for the first hundred batches and more: a round of one class is no collapse here.
    return TaskModel(network, replace(head, loss=lambda *given: replace(head.loss(*given), classes=None)), module)


def continue_pretraining(
    encoder: Path, raw: Raw, recipe: Recipe, seed: int, session: Session
) -> tuple[MaskedLanguageModel, Place, str]:
    """Train on raw text from a checkpoint; return the model, where it ended, and whether its head was new or carried.

    One epoch is as many sub-words as the text (of pairs: the pairs) has, whatever languages they are drawn from. Raises
    UserError where there is nothing to learn from.
    """
    model, fate = load_language_model(encoder, stream_seed(seed, "head"))
    encoding = encoding_for(model.network, recipe.max_length, 0)
    mixture = raw.mixture(encoding)
    batch_tokens = tokens_of_batch(recipe)
    steps = recipe.steps or max(1, round((recipe.epochs or 0.0) * sub_words(mixture) / batch_tokens))
    schedule = Schedule(
        recipe.learning_rate, steps, recipe.warmup, recipe.weight_decay, recipe.clip, recipe.precision
    )  # fmt: skip
    rounds = masked_rounds(mixture, encoding, raw.mask, batch_tokens, seed)
    return model, _run(model, alone(rounds), schedule, seed, session), fate


def tokens_of_batch(recipe: Recipe) -> int:
    """Return the padded sub-words of a batch of raw text; an example is a full window."""
    return recipe.batch_tokens or (recipe.batch_examples or 0) * recipe.max_length


def masked_rounds(mixture: TextMixture, encoding: Encoding, mask: float, batch_tokens: int, seed: int) -> Rounds:
    """Return the batches of masked sequences drawn from a mixture of text."""
    words = encoding.tokenizer
    masking = Masking(words.mask_token_id, frozenset(words.all_special_ids), len(words), mask)
    return text_rounds(mixture, masking, encoding.frame, batch_tokens, seed)


def _run(
    model: MaskedLanguageModel | MultiTaskModel, streams: Streams, schedule: Schedule, seed: int, session: Session
) -> Place:
    machine = accelerator()
    model.network.attend(quickest_attention(machine.device))
    checkpoints = Checkpoints(session.work, session.seconds)
    padding = model.network.tokenizer.pad_token_id
    return train(model, streams, schedule, seed, padding, checkpoints, session.watch, machine)

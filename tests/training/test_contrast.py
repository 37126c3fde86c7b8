"""Pretraining with contrast: translations come near each other, words are still learnt, and what cannot be is refused."""

from __future__ import annotations

from random import Random

import pytest
import torch
from safetensors import safe_open
from tiny_networks import still
from toy_task import StopAt

from isthmus.core.errors import Stopped, UserError
from isthmus.evaluation.retrieval import retrieve
from isthmus.models.network import load_network
from isthmus.models.task_model import load_language_model
from isthmus.models.tokenizer import save_tokenizer, train_tokenizer
from isthmus.sources.corpora import Corpus
from isthmus.sources.example import SentencePair
from isthmus.study.pretraining import Pretraining
from isthmus.training import loop
from isthmus.training.fine_tune import encoding_for
from isthmus.training.loop import Session, Watch
from isthmus.training.pretrain import pretrain

DRAW = Random(3)
ONE, OTHER = (["".join(DRAW.choices(letters, k=4)) for _ in range(40)] for letters in ("abcdefg", "stuvwxyz"))
SENTENCES = [DRAW.sample(range(40), 4) for _ in range(120)]
# The other language says each word by another and all of them the other way round; the two share no letter.
SIDES = {
    "en": {str(i): " ".join(ONE[word] for word in words) for i, words in enumerate(SENTENCES)},
    "de": {str(i): " ".join(OTHER[word] for word in reversed(words)) for i, words in enumerate(SENTENCES)},
}
BITEXT = {language: Corpus(tuple(lines.values()), lines) for language, lines in SIDES.items()}


def spec(**changes):
    return Pretraining(
        **{
            "text": {"en": ["en.txt"], "de": ["de.txt"]},
            "tokenizer": {"vocab_size": 120},
            "network": still("modernbert", hidden_size=32, embedding_dropout=0.0, mlp_dropout=0.0, attention_dropout=0.0),
            "seed": 0,
            "tokens": 512 * 12,
            "batch_tokens": 512,
            "learning_rate": 5e-3,
            "max_length": 64,
            **changes,
        }
    )


def session(work, stopping=lambda: False):
    return Session(work, 1e9, Watch(lambda *_: None, stopping))


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bitext")
    lines = {language: list(own.values()) for language, own in SIDES.items()}
    save_tokenizer(train_tokenizer(lines, 120, 1.0, False, Random(0)), folder)
    return folder


def found(model):
    """Return the share of sentences never seen whose nearest in the other language is their translation."""
    encoding = encoding_for(model.network, 64, 0)
    new = [DRAW.sample(range(40), 4) for _ in range(60)]
    pairs = [
        SentencePair(str(i), " ".join(ONE[w] for w in words), " ".join(OTHER[w] for w in reversed(words)), None)
        for i, words in enumerate(new)
    ]
    rows = retrieve(model.network, pairs, encoding, "mean", "fp32", lambda *_: None)[-1]
    return sum(row == i for i, row in enumerate(rows)) / len(rows)


def test_translations_are_found_where_contrast_brought_them_near(tokenizer, tmp_path):
    chosen = {"tokens": 512 * 150, "tlm": 0.3}
    with_contrast, place = pretrain(spec(contrast=0.7, **chosen), tokenizer, BITEXT, session(tmp_path / "with"))
    without, _ = pretrain(spec(**chosen), tokenizer, BITEXT, session(tmp_path / "without"))
    assert found(with_contrast) > 0.9
    assert found(without) < 0.3
    losses = {name: [loss for _, loss in points] for name, points in place.by_stream.items()}
    assert losses.keys() == {"mlm", "contrast"}
    assert sum(losses["contrast"][:5]) > 4 * sum(losses["contrast"][-5:])
    assert sum(losses["mlm"][-5:]) < sum(losses["mlm"][:5]) - 1  # words are learnt beside it
    assert with_contrast.state_dict().keys() == without.state_dict().keys()


def weights(model):
    return model.state_dict().items()


def test_contrast_and_pairs_take_turns_and_end_the_same_though_they_were_stopped(tokenizer, tmp_path):
    chosen = spec(contrast=0.3, pairs=0.4, pairs_from=0.5, tokens=512 * 40)
    whole, place = pretrain(chosen, tokenizer, BITEXT, session(tmp_path / "whole"))
    for step in (9, 21):
        with pytest.raises(Stopped):
            pretrain(chosen, tokenizer, BITEXT, session(tmp_path / "cut", StopAt(step)))
    again, _ = pretrain(chosen, tokenizer, BITEXT, session(tmp_path / "cut"))
    other = dict(weights(again))
    assert all(torch.equal(weight, other[name]) for name, weight in weights(whole))
    steps = {name: [step for step, _ in points] for name, points in place.by_stream.items()}
    assert sorted(step for own in steps.values() for step in own) == list(range(1, 41))
    assert min(steps["pairs"]) > 20 > min(steps["contrast"])
    assert all(len(own) >= 4 for own in steps.values())


def test_how_much_goes_through_a_machine_at_once_changes_nothing_that_is_learnt(tokenizer, tmp_path, monkeypatch):
    ends = []
    for bound in (10**6, 64):
        monkeypatch.setattr(loop, "micro_tokens", lambda _, bound=bound: bound)
        model, place = pretrain(spec(contrast=0.9, tokens=512 * 6), tokenizer, BITEXT, session(tmp_path / str(bound)))
        ends.append((dict(weights(model)), [loss for _, loss in place.losses]))
    (first, losses), (second, others) = ends
    assert losses == pytest.approx(others, rel=1e-4)
    assert all(torch.allclose(weight, second[name], atol=1e-3) for name, weight in first.items())


@pytest.mark.parametrize(
    "text",
    [
        {"en": Corpus(("abcd efgh",), {}), "de": BITEXT["de"]},
        {"en": BITEXT["en"], "de": Corpus(tuple(SIDES["de"].values()), {})},
        {"en": Corpus((), {}, (("abcd efga", "abcd"),)), "de": Corpus((), {}, (("stuv", "stuv"),))},
    ],
)
def test_contrast_without_any_translation_is_the_users_mistake(text, tokenizer, tmp_path):
    with pytest.raises(UserError, match=r"contrast 0\.25 needs lines with the same id in 'en' and another language"):
        pretrain(spec(contrast=0.25), tokenizer, text, session(tmp_path))


def test_weights_written_in_16_bits_come_back_in_32_and_hardly_changed(tokenizer, tmp_path):
    model, _ = pretrain(spec(tokens=512 * 2), tokenizer, BITEXT, session(tmp_path / "work"))
    model.save(tmp_path / "whole")
    model.save(tmp_path / "half", half=True)
    with safe_open(tmp_path / "half/model.safetensors", "pt") as file:
        assert {file.get_slice(name).get_dtype() for name in file.keys()} == {"F16"}  # noqa: SIM118
    sizes = [(tmp_path / name / "model.safetensors").stat().st_size for name in ("half", "whole")]
    assert sizes[0] < 0.6 * sizes[1]
    half, whole = (load_network(tmp_path / name).body.state_dict() for name in ("half", "whole"))
    assert {weight.dtype for weight in half.values()} == {torch.float32}
    assert all(torch.equal(weight.half().float(), half[name]) for name, weight in whole.items())
    again, fate = load_language_model(tmp_path / "half", 0)
    assert (fate, {weight.dtype for _, weight in weights(again)}) == ("carried", {torch.float32})

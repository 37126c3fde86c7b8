"""Pretrainings as data: which are refused, and that keys younger than the first ids count only where they are used."""

from __future__ import annotations

import pytest

from isthmus.core.errors import StudyError
from isthmus.study.load import load_pretraining
from isthmus.study.pretraining import Pretraining, TokenizerSpec

TEXT = """\
data: data
pretrain:
  text: {en: [en.txt], de: [de.txt]}
  tokenizer: {vocab_size: 8000}
  network: {model_type: bert, hidden_size: 64, segment_positions: true}
  seed: 1
  tokens: 20_000_000
  batch_tokens: 4096
  learning_rate: 5e-4
"""
OLD = {
    "tokenizer", "network", "seed", "tokens", "batch_tokens", "learning_rate", "max_length", "alpha", "tlm", "pivot", "mask",
    "warmup", "weight_decay", "clip", "precision",
}  # fmt: skip


@pytest.fixture
def spec(write):
    def spec(*lines: str) -> Pretraining:
        text = TEXT + "".join(f"  {line}\n" for line in lines)
        return load_pretraining(write(text=text, name="spec.yaml")).spec.pretrain

    return spec


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["pairs: 0.5", "contrast: 0.5"], "pretrain: pairs 0.5 and contrast 0.5 leave no step to masked words"),
        (["pairs: 0.2", "contrast: 0.9"], "pretrain: pairs 0.2 and contrast 0.9 leave no step to masked words"),
        (["contrast: 1"], "pretrain.contrast: found 1, expected less than 1"),
        (["contrast: -0.1"], "pretrain.contrast: found -0.1, expected 0"),
        (["pairs_from: 0.5"], "pretrain: pairs_from says when pairs begin, and there are none: give pairs a share"),
        (["pairs: 0.2", "pairs_from: 1"], "pretrain.pairs_from: found 1, expected less than 1"),
        (["contrast: 0.2", "pivot: fr"], "pretrain: pivot 'fr' must be a language of text where tlm or contrast is above 0"),
        (["weights: fp8"], "pretrain.weights: found 'fp8', expected 'fp32' or 'fp16'"),
        (["contarst: 0.2"], "pretrain.contarst: unknown key; did you mean 'contrast'"),
    ],
)
def test_objectives_that_make_no_sense_are_refused_where_they_stand(spec, lines, said):
    with pytest.raises(StudyError) as caught:
        spec(*lines)
    assert said in str(caught.value)
    assert "spec.yaml:" in str(caught.value)


def test_an_unknown_algorithm_of_tokenizers_is_refused_with_those_there_are(write):
    text = TEXT.replace("{vocab_size: 8000}", "{vocab_size: 8000, algorithm: bpee}")
    with pytest.raises(StudyError, match=r"spec\.yaml:4: pretrain\.tokenizer\.algorithm: found 'bpee', expected 'unigram'"):
        load_pretraining(write(text=text, name="spec.yaml"))


def test_pairs_and_contrast_may_share_the_steps_and_pairs_may_come_later(spec):
    found = spec("pairs: 0.3", "contrast: 0.6", "pairs_from: 0.25")
    assert (found.pairs, found.contrast, found.pairs_from, found.weights) == (0.3, 0.6, 0.25, "fp32")


def test_what_is_hashed_holds_a_younger_key_only_where_it_is_used(spec):
    assert spec().settings().keys() == OLD
    assert spec("pairs: 0.0", "contrast: 0", "weights: fp32", "shares: {}").settings() == spec().settings()
    assert spec("contrast: 0.1").settings().keys() == OLD | {"contrast"}
    assert spec("pairs: 0.1", "pairs_from: 0.5").settings().keys() == OLD | {"pairs", "pairs_from"}
    assert spec("weights: fp16").settings()["weights"] == "fp16"


def test_what_is_hashed_makes_the_same_pretraining_again(spec):
    for lines in ([], ["pairs: 0.3", "contrast: 0.2", "pairs_from: 0.1", "weights: fp16", "shares: {de: 0.2}"]):
        first = spec(*lines)
        again = Pretraining(**first.settings(), text={"en": ("en.txt",), "de": ("de.txt",)})
        assert again == first


def test_a_tokenizer_is_hashed_with_its_algorithm_unless_it_is_the_first_there_was(spec):
    assert TokenizerSpec(vocab_size=9).settings() == {"vocab_size": 9, "alpha": 0.4, "lowercase": False}
    assert TokenizerSpec(vocab_size=9, algorithm="bpe").settings()["algorithm"] == "bpe"
    assert spec().settings()["tokenizer"] == spec().tokenizer.settings()

"""A pretraining like another one is that one with changes, by content and not by the name of a file."""

from __future__ import annotations

import pytest

from isthmus.core.errors import StudyError
from isthmus.study.load import load_pretraining, load_study

MODEL = "model: {name: some/model, revision: abc}"
BASE = """\
data: data
pretrain:
  text: {en: [text/en.txt]}
  seed: 1
  tokens: 1000
  batch_tokens: 100
  learning_rate: 1e-3
  tokenizer: {vocab_size: 50, alpha: 0.3}
  network:
    model_type: bert
    hidden_size: 8
    num_hidden_layers: 2
"""
LIKE = "model: {pretrain: {like: base.yaml, tokens: 500, network: {hidden_size: 4}}}"


@pytest.fixture
def pretraining(write):
    """A function that returns the pretraining of a study whose model is one line, beside the file base.yaml."""
    write(text=BASE, name="base.yaml")
    return lambda line: load_study(write((MODEL, line))).study.model.pretrain


def refusal(path, load=load_study):
    with pytest.raises(StudyError) as caught:
        load(path)
    return str(caught.value)


def test_a_network_is_merged_key_by_key_and_other_keys_stand_for_those_of_the_file(pretraining):
    found = pretraining("model: {pretrain: {like: base.yaml, tokenizer: {vocab_size: 9}, network: {hidden_size: 4}}}")
    assert found.network == {"model_type": "bert", "hidden_size": 4, "num_hidden_layers": 2}
    assert (found.tokens, found.tokenizer.vocab_size, found.tokenizer.alpha) == (1000, 9, 0.4)


def test_it_is_the_same_as_when_all_is_written_out_whatever_the_file_is_called(write, pretraining):
    short = pretraining(LIKE)
    write(text=BASE.replace("tokens: 1000", "tokens: 500").replace("size: 8", "size: 4"), name="whole.yaml")
    assert short == pretraining("model: {pretrain: {like: whole.yaml}}")
    assert (
        short.settings() == load_pretraining(write(text=f"data: data\npretrain: {LIKE[17:-1]}\n")).spec.pretrain.settings()
    )


def test_text_of_its_own_stands_for_the_folder_of_the_file_and_the_other_way_round(pretraining):
    found = pretraining("model: {pretrain: {like: base.yaml, folder: corpora}}")
    assert (found.text, found.folder) == (None, "corpora")


def test_one_of_several_models_may_be_like_a_file(write):
    write(text=BASE, name="base.yaml")
    models = "models: {small: {pretrain: {like: base.yaml}}, hub: {name: some/model, revision: abc}}"
    study = load_study(write((MODEL, models))).study
    assert study.models["small"].pretrain.tokens == 1000
    assert study.models["hub"].name == "some/model"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("model: {pretrain: {like: nowhere.yaml}}", "study.yaml:3: model.pretrain.like: there is no file"),
        ("model: {pretrain: {like: 3}}", "study.yaml:3: model.pretrain.like: found 3, expected the path"),
        ("model: {pretrain: {like: study.yaml}}", "study.yaml:3: model.pretrain.like:"),
        ("model: {pretrain: {like: base.yaml, token: 3}}", "study.yaml:3: model.pretrain.token: unknown key"),
        (
            "model: {pretrain: {like: base.yaml, network: {hidden_size: wide}}}",
            "study.yaml:3: model.pretrain: network.hidden_size: found 'wide', expected a whole number, 1 or more",
        ),
        ("model: {pretrain: {like: base.yaml, tokens: 0}}", "study.yaml:3: model.pretrain.tokens: found 0"),
        ("models: {a: {pretrain: {like: no.yaml}}}", "study.yaml:3: models.a.pretrain.like: there is no file"),
    ],
)
def test_what_cannot_be_made_of_it_is_refused_at_its_key(write, line, said):
    write(text=BASE, name="base.yaml")
    assert said in refusal(write((MODEL, line)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("data: data\n", "has no mapping `pretrain`"),
        ("data: data\npretrain: {like: other.yaml}\n", "is itself like 'other.yaml'"),
        (BASE.replace("seed: 1", "sead: 1"), "base.yaml:4: pretrain.sead: unknown key"),
        (BASE.replace("tokens: 1000", "tokens: -1"), "base.yaml:5: pretrain.tokens: found -1"),
        ("- 1\n", "base.yaml:1: found a list"),
    ],
)
def test_a_fault_of_the_file_is_told_there(write, text, said):
    write(text=text, name="base.yaml")
    assert said in refusal(write((MODEL, LIKE)))


def test_several_faults_of_the_file_are_told_there_and_nowhere_else(write):
    base = write(text="data: data\npretrain: {seed: 1}\n", name="base.yaml")
    told = refusal(write((MODEL, LIKE))).splitlines()
    assert len(told) > 3
    assert all(line.startswith(f"{base}:2: pretrain.") for line in told)


def test_a_pretraining_file_may_be_like_another_one(write):
    write(text=BASE, name="base.yaml")
    path = write(text="data: data\npretrain: {like: base.yaml, seed: 7}\n")
    assert load_pretraining(path).spec.pretrain.seed == 7
    lost = write(text="data: data\npretrain:\n  like: lost.yaml\n")
    assert "study.yaml:3: pretrain.like: there is no file" in refusal(lost, load_pretraining)

"""Neural translators on tiny random networks: languages by tokens, beams, no dependence on the batch, and clear faults."""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import M2M100Config, M2M100ForConditionalGeneration, MarianConfig, MarianMTModel, PreTrainedTokenizerFast

from isthmus.core.errors import SetupError, UserError
from isthmus.translation.kinds import ctranslate2, seq2seq
from isthmus.translation.translator import Order

WORDS = ["the", "dog", "cat", "slept", "saw", "a", "old", "here", ".", "?", "it", "rained", "nobody", "knows", "der", "hund"]
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "eng_Latn", "deu_Latn", "__xx__", ">>spa<<"]
TEXTS = ["the dog slept .", "a old cat saw the dog here ?", "it rained .", "nobody knows ."]
SIZES = {
    "vocab_size": len(SPECIAL) + len(WORDS),
    "d_model": 16,
    "encoder_layers": 1,
    "decoder_layers": 1,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 32,
    "decoder_ffn_dim": 32,
    "max_position_embeddings": 64,
    "bos_token_id": 0,
    "pad_token_id": 1,
    "eos_token_id": 2,
    "decoder_start_token_id": 2,
    "forced_eos_token_id": None,
}


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


def write_tokenizer(folder):
    backend = Tokenizer(models.WordLevel({word: i for i, word in enumerate([*SPECIAL, *WORDS])}, "<unk>"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    names = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, additional_special_tokens=SPECIAL[4:], **names)
    tokenizer.save_pretrained(folder)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A network of several languages, like NLLB."""
    folder = tmp_path_factory.mktemp("many")
    write_tokenizer(folder)
    torch.manual_seed(2)  # which says something else of each text
    M2M100ForConditionalGeneration(M2M100Config(**SIZES, init_std=1.0, tie_word_embeddings=False)).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A network of one pair of languages, like OPUS-MT."""
    folder = tmp_path_factory.mktemp("pair")
    write_tokenizer(folder)
    torch.manual_seed(3)
    MarianMTModel(MarianConfig(**SIZES, init_std=0.5)).save_pretrained(folder)
    return folder


def order(folder, target="de", batch=2, **settings):
    given = {"beams": 2, "max_length": 32, "precision": "fp32", **settings}
    folders = {"path": folder, "tokenizer": folder}
    return Order(settings=given, task="mnli", split="train", source="en", target=target, folders=folders, batch=batch)


def test_every_text_is_translated_the_same_alone_in_a_batch_and_again(many):
    said = seq2seq.texts(order(many))(TEXTS)
    assert len(said) == len(TEXTS)
    assert len(set(said)) == len(TEXTS)
    assert not any(word in text for text in said for word in SPECIAL)
    assert seq2seq.texts(order(many))(TEXTS) == said
    assert seq2seq.texts(order(many, batch=4))(TEXTS) == said
    assert [seq2seq.texts(order(many))([text])[0] for text in TEXTS] == said


def test_the_language_asked_for_is_what_the_network_begins_to_write_and_the_source_what_it_reads(many):
    network = seq2seq._loaded(many, order(many))
    assert (network.before, network.first) == ((SPECIAL.index("eng_Latn"),), SPECIAL.index("deu_Latn"))
    assert seq2seq._loaded(many, order(many, "xx")).first == SPECIAL.index("__xx__")
    named = order(many, "fr", codes={"fr": "deu_Latn"})
    assert seq2seq.texts(named)(TEXTS) == seq2seq.texts(order(many))(TEXTS)


def test_a_language_that_the_vocabulary_lacks_is_told_with_what_would_help(many):
    with pytest.raises(UserError, match=r"no language 'fra_Latn' or '__fr__' for 'fr'; translator\.codes: \{fr: CODE\}"):
        seq2seq.texts(order(many, "fr"))
    with pytest.raises(UserError, match="no language 'fre'"):
        seq2seq.texts(order(many, "fr", codes={"fr": "fre"}))


def test_a_network_of_one_pair_needs_no_language_and_one_of_several_targets_reads_it(pair):
    plain = seq2seq._loaded(pair, order(pair, "es"))
    assert (plain.before, plain.first) == ((), None)
    assert len(plain.translate(TEXTS)) == 4
    asked = seq2seq._loaded(pair, order(pair, "es", codes={"es": ">>spa<<"}))
    assert (asked.before, asked.first) == ((SPECIAL.index(">>spa<<"),), None)


def test_a_long_text_is_translated_sentence_by_sentence(many):
    translate = seq2seq.texts(order(many, max_length=4))
    texts = ["The dog slept .", "It rained ."]
    assert translate([" ".join(texts)]) == [" ".join(translate(texts))]


def test_a_directory_without_safetensors_or_without_such_a_network_is_refused(many, tmp_path):
    write_tokenizer(tmp_path)
    with pytest.raises(SetupError, match="has no safetensors weights; isthmus reads no pickles"):
        seq2seq.texts(order(tmp_path))
    (tmp_path / "model.safetensors").write_bytes((many / "model.safetensors").read_bytes())
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(UserError, match="holds no encoder-decoder that can be loaded"):
        seq2seq.texts(order(tmp_path))


class FakeTranslator:
    """Stands for ctranslate2.Translator: gives every token back, the language first."""

    def __init__(self, path, device):
        self.path, self.device, self.asked = path, device, []

    def translate_batch(self, rows, target_prefix=None, **how):
        assert how.pop("max_decoding_length") in (8, 64)
        assert how == {"beam_size": 2, "max_batch_size": 2}
        prefixes = target_prefix or [[]] * len(rows)
        pairs = zip(rows, prefixes, strict=True)
        return [SimpleNamespace(hypotheses=[[*start, *row[len(start) : -1]]]) for row, start in pairs]


def test_ctranslate2_is_given_tokens_with_their_languages_and_gives_texts(many, monkeypatch):
    fake = SimpleNamespace(Translator=FakeTranslator, get_cuda_device_count=lambda: 0)
    monkeypatch.setitem(sys.modules, "ctranslate2", fake)
    assert ctranslate2.texts(order(many))(TEXTS) == TEXTS
    assert ctranslate2.texts(order(many, max_length=4))(["The dog slept . It rained ."]) != [""]
    with pytest.raises(UserError, match="no language 'fra_Latn'"):
        ctranslate2.texts(order(many, "fr"))


def test_without_the_extra_the_user_is_told_how_to_get_it(many, monkeypatch):
    monkeypatch.setitem(sys.modules, "ctranslate2", None)
    with pytest.raises(SetupError, match=r"needs an extra, pip install 'isthmus\[ctranslate2\]'"):
        ctranslate2.texts(order(many))

"""Tiny tokenizers and encoders, built once a session, for the tests of every room that needs torch."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import BertTokenizerFast

from isthmus.models.feature import frame_of
from isthmus.models.head import Encoding
from isthmus.models.network import load_tokenizer, random_encoder, save_encoder
from isthmus.models.tokenizer import save_tokenizer, train_tokenizer

TEXT = {
    "en": [
        "The quick brown fox jumps over the lazy dog, and the dog sleeps.",
        "She sells sea shells by the sea shore in the morning, and he buys them in the evening.",
        "In 2019 the city of Paris had 2,148,000 inhabitants; Berlin had more.",
        "Nobody knows the answer to this question, but everybody asks it again and again.",
    ],
    "de": ["Der schnelle braune Fuchs springt über den faulen Hund.", "Die Straßenbahn fährt heute nicht in die Stadt."],
    "zh": ["北京是中华人民共和国的首都。", "他昨天在上海买了一本书，我们都喜欢喝茶。"],
    "th": ["กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย", "วันนี้อากาศร้อนมาก น้ำก็เย็น"],
    "ar": ["القاهرة هي عاصمة جمهورية مصر العربية.", "ذهب الولد إلى المدرسة صباحا."],
}
SIZES = {
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "max_position_embeddings": 130,
}
NETWORKS = ("xlm-roberta", "bert", "modernbert", "roberta-prelayernorm")


def settings_of(model_type, **changes):
    return {"model_type": model_type, **SIZES, **changes}


def still(model_type="xlm-roberta", **changes):
    """The configuration of an encoder without dropout: what it computes depends on nothing drawn."""
    return settings_of(model_type, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, **changes)


def write_encoder(settings, tokenizer_folder, folder, seed=0):
    save_encoder(random_encoder(settings, load_tokenizer(tokenizer_folder), seed), tokenizer_folder, folder)
    return folder


def encoding_of(tokenizer, max_length=32, stride=8):
    return Encoding(tokenizer, frame_of(tokenizer), max_length, stride)


def xlmr_like():
    """A backend with the pieces and the frame of XLM-R."""
    vocabulary = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁a", -1.0), ("▁b", -1.0), ("▁", -2.0)]
    backend = Tokenizer(models.Unigram(vocabulary, 3, False))
    backend.pre_tokenizer = pre_tokenizers.Metaspace()
    backend.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False)
    return backend


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def pieces_folder(tmp_path_factory) -> Path:
    """A folder with a Unigram tokenizer of our own."""
    folder = tmp_path_factory.mktemp("pieces")
    save_tokenizer(train_tokenizer(TEXT, 200, 1.0, False, Random(0)), folder)
    return folder


@pytest.fixture(scope="session")
def wordpiece_folder(tmp_path_factory) -> Path:
    """A folder with a WordPiece tokenizer that frames with [CLS] and [SEP] and has token types."""
    backend = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    backend.normalizer = normalizers.BertNormalizer(lowercase=False)
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    lines = [line for lines in TEXT.values() for line in lines]
    trainer = trainers.WordPieceTrainer(vocab_size=300, special_tokens=special, show_progress=False)
    backend.train_from_iterator(lines, trainer)
    folder = tmp_path_factory.mktemp("wordpiece")
    BertTokenizerFast(vocab=backend.get_vocab(), do_lower_case=False).save_pretrained(str(folder))
    return folder


@pytest.fixture(scope="session")
def pieces(pieces_folder):
    return load_tokenizer(pieces_folder)


@pytest.fixture(scope="session")
def wordpieces(wordpiece_folder):
    return load_tokenizer(wordpiece_folder)


@pytest.fixture(scope="session")
def encoders(tmp_path_factory, pieces_folder, wordpiece_folder):
    """{model_type: folder of an encoder with random weights}; bert with WordPiece, the others with Unigram."""
    root = tmp_path_factory.mktemp("encoders")
    tokenizers = {"bert": wordpiece_folder}
    return {m: write_encoder(settings_of(m), tokenizers.get(m, pieces_folder), root / m) for m in NETWORKS}


@pytest.fixture(scope="session")
def still_encoder(tmp_path_factory, pieces_folder):
    """An XLM-R without dropout."""
    return write_encoder(still(), pieces_folder, tmp_path_factory.mktemp("still") / "encoder")

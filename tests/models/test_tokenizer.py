"""A tokenizer trained here: its size, its pieces, its files, the same each time."""

from __future__ import annotations

import json
from random import Random

import pytest
from tiny_networks import TEXT
from transformers import AutoTokenizer

from isthmus.core.errors import UserError
from isthmus.models.tokenizer import SPECIAL, sampled_lines, save_tokenizer, train_tokenizer

DRAW = Random(7)
WORDS = ["".join(DRAW.choices("abcdefghij", k=DRAW.randint(2, 8))) for _ in range(300)]
ALGORITHMS = ["unigram", "bpe"]
LONG = {"en": [" ".join(DRAW.choices(WORDS, k=8)) for _ in range(300)]}


def trained(text=TEXT, vocab_size=200, lowercase=False, algorithm="unigram"):
    return train_tokenizer(text, vocab_size, 1.0, lowercase, Random(0), algorithm)


def test_the_vocabulary_has_the_size_that_was_asked_for():
    assert trained(LONG, 150).get_vocab_size() == 150
    assert trained(LONG, 90).get_vocab_size() == 90


def test_text_with_few_pieces_gives_a_smaller_vocabulary():
    assert trained({"en": ["a b a b"]}, 500).get_vocab_size() < 20


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_vocabulary_too_small_for_the_characters_is_the_users_mistake(algorithm):
    with pytest.raises(UserError, match=r"vocab_size 30 .*chars"):
        trained(vocab_size=30, algorithm=algorithm)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_nothing_of_the_training_text_is_unknown(algorithm):
    tokenizer = trained(algorithm=algorithm)
    unknown = tokenizer.token_to_id("<unk>")
    assert all(unknown not in tokenizer.encode(line).ids for lines in TEXT.values() for line in lines)
    assert tokenizer.encode("Ж", add_special_tokens=False).ids[-1] == unknown


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_han_characters_digits_and_punctuation_stand_alone(algorithm):
    tokens = trained(algorithm=algorithm).encode("北京 2019, ;the.", add_special_tokens=False).tokens
    assert [t for t in tokens if t.strip("▁") in list("北京2019,;.")] == ["北", "京", "2", "0", "1", "9", ",", ";", "."]
    pieces = trained({"zh": TEXT["zh"] * 9}, 60, algorithm=algorithm).get_vocab()
    assert all(len(piece) == 1 for piece in pieces if piece not in SPECIAL.values())


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_same_text_gives_the_same_tokenizer(algorithm):
    assert len({trained(algorithm=algorithm).to_str() for _ in range(8)}) == 1
    assert len({trained(LONG, 120, algorithm=algorithm).to_str() for _ in range(4)}) == 1


def test_bpe_keeps_frequent_words_whole_and_never_joins_two():
    text = {"en": ["bridges stand"] * 40 + ["bridges fall", "towers stand"] * 20 + LONG["en"]}
    tokenizer = trained(text, 300, algorithm="bpe")
    pieces = tokenizer.encode("bridges stand towers fall", add_special_tokens=False).tokens
    assert pieces == ["▁bridges", "▁stand", "▁towers", "▁fall"]
    assert not any("▁" in piece[1:] for piece in tokenizer.get_vocab())
    assert tokenizer.get_vocab_size() == 300


def test_bpe_frames_and_decodes_as_the_other_does(tmp_path):
    tokenizer = trained(LONG, 150, algorithm="bpe")
    save_tokenizer(tokenizer, tmp_path)
    loaded = AutoTokenizer.from_pretrained(str(tmp_path))
    assert [loaded.convert_tokens_to_ids(token) for token in SPECIAL.values()] == [0, 1, 2, 3, 4]
    for text in LONG["en"][:20]:
        assert loaded(text)["input_ids"] == tokenizer.encode(text).ids
        assert loaded.decode(loaded(text)["input_ids"], skip_special_tokens=True) == text
    pair = loaded("ab", "cd")["input_ids"]
    assert [i for i in pair if i in loaded.all_special_ids] == [0, 2, 2, 2]


def test_the_first_algorithm_learns_the_pieces_it_learnt_before_there_was_a_second():
    ids = train_tokenizer(LONG, 100, 0.5, False, Random(0)).encode("hjb gdij gjg dgj hhaiheh").ids
    assert ids == [0, 5, 10, 12, 8, 5, 7, 9, 15, 12, 34, 7, 71, 12, 5, 10, 81, 50, 2]


def test_every_piece_has_one_number_and_the_special_ones_come_first():
    vocabulary = json.loads(trained().to_str())["model"]["vocab"]
    assert [piece for piece, _ in vocabulary[:5]] == list(SPECIAL.values())
    assert len({piece for piece, _ in vocabulary}) == len(vocabulary)
    scores = [score for _, score in vocabulary[5:]]
    assert scores == sorted(scores, reverse=True)


def test_lower_case_is_a_choice():
    assert trained(lowercase=True).encode("THE").tokens == trained(lowercase=True).encode("the").tokens
    assert trained().encode("THE").tokens != trained().encode("the").tokens


def test_transformers_loads_the_files(pieces_folder):
    loaded = AutoTokenizer.from_pretrained(str(pieces_folder))
    assert loaded.is_fast
    assert [getattr(loaded, f"{name}_token") for name in SPECIAL] == list(SPECIAL.values())
    assert (loaded.cls_token, loaded.sep_token) == ("<s>", "</s>")
    text = "The quick brown fox, 2019"
    assert loaded(text)["input_ids"] == trained().encode(text).ids
    assert loaded.decode(loaded(text)["input_ids"], skip_special_tokens=True) == text


def test_saving_again_writes_the_same_bytes(pieces_folder, tmp_path):
    save_tokenizer(trained(), tmp_path)
    for file in pieces_folder.iterdir():
        assert (tmp_path / file.name).read_bytes() == file.read_bytes()


def test_languages_weigh_by_their_size_to_the_power():
    text = {"big": ["a" * 10] * 10_000, "small": ["b" * 10] * 625, "none": []}
    lines = sampled_lines(text, 0.5, Random(0))
    big, small = (sum(line[0] == letter for line in lines) for letter in "ab")
    assert big == pytest.approx(0.8 * 10_625, abs=1)
    assert small == pytest.approx(0.2 * 10_625, abs=1)


def test_a_small_language_is_repeated_four_times_at_most():
    lines = sampled_lines({"big": ["a" * 10] * 10_000, "small": ["b" * 10] * 5}, 0.1, Random(0))
    assert lines.count("b" * 10) == 20

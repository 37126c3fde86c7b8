"""The corrected figure of extracted answers: SQuAD's where spaces part words, letter by letter where none do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.metrics import mlqa, squad, squad_segmented
from isthmus.metrics.squad_segmented import normalise

SPACED = ["the", "A", "cat", "Cat's", "théâtre", "U.S.", "8", "кот", "γάτα", "القط", "고양이", "बिल्ली", "పిల్లి", "paka"]
HAN = ["北京", "大学", "在", "1898", "ab", " "]


def questions(words, join):
    answers = st.lists(st.sampled_from(words), max_size=5).map(join.join)
    return st.lists(st.tuples(st.lists(answers, min_size=1, max_size=3), answers), min_size=1, max_size=5)


@given(questions(SPACED, " "))
def test_where_spaces_part_words_it_is_squads(asked):
    gold, predicted = zip(*asked, strict=True)
    expected = squad.score(gold, predicted)
    assert squad_segmented.score(gold, predicted) == {f"{key}_segmented": figure for key, figure in expected.items()}


@given(questions(HAN, ""))
def test_in_chinese_it_is_mlqas(asked):
    gold, predicted = zip(*asked, strict=True)
    expected = mlqa.score(gold, predicted, "zh")
    assert squad_segmented.score(gold, predicted) == {f"{key}_segmented": figure for key, figure in expected.items()}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("北京大学", ["北", "京", "大", "学"]),
        ("1898年", ["1898", "年"]),
        ("ひらがな", ["ひ", "ら", "が", "な"]),
        ("スーパー", ["ス", "ー", "パ", "ー"]),
        ("ジョン・スミス", ["ジ", "ョ", "ン", "ス", "ミ", "ス"]),
        ("か\u3099", ["か\u3099"]),  # a voicing mark stays with its letter
        ("ที่นี่", ["ที่", "นี่"]),  # a vowel and a tone above their consonant
        ("เมือง", ["เ", "มื", "อ", "ง"]),
        ("ລາວ", ["ລ", "າ", "ວ"]),
        ("ខ្មែរ", ["ខ្", "មែ", "រ"]),
        ("မြန်မာ", ["မြ", "န်", "မာ"]),
        ("「東京」。", ["東", "京"]),
        ("the 東京 Tower", ["東", "京", "tower"]),
        ("«Rome»", ["rome"]),
        ("서울 대학", ["서울", "대학"]),
        ("𠮷野", ["𠮷", "野"]),
        ("…", []),
    ],
)
def test_words_by_hand(text, words):
    assert normalise(text) == words


def test_a_part_of_a_chinese_or_thai_answer_is_worth_something():
    assert squad.score([["北京大学"]], ["北京"])["f1"] == 0
    assert squad_segmented.score([["北京大学"]], ["北京"])["f1_segmented"] == pytest.approx(200 / 3)
    assert squad_segmented.score([["กรุงเทพ"]], ["กรุงเทพ"]) == {"f1_segmented": 100, "exact_match_segmented": 100}

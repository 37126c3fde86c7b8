"""The window baseline: the span whose surroundings share most with the question, with and without spaces."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.evaluation.baselines.window import predict, words
from isthmus.metrics import squad
from isthmus.sources.directory import Directory
from isthmus.sources.example import Answer, OpenQuestion, Question
from isthmus.tasks.task import load_task

TEXTS = st.text(alphabet="ab C1.北京ก็ \n", max_size=40)
FILLER = "some quite other words in this place stand near nothing and part two halves"


def answered(*answers):
    """Training questions with these answers."""
    return [Question(str(i), "which?", text, (Answer(text, 0),)) for i, text in enumerate(answers)]


def asked(question, *contexts):
    return [Question(str(i), question, context, None) for i, context in enumerate(contexts)]


ONE_WORD = answered("Rome")


def test_the_span_amid_the_words_of_the_question_is_chosen():
    context = f"The old bridge was finished in Toulouse. {FILLER}. The new road was built near Albi."
    assert predict(ONE_WORD, asked("Where was the new road built?", context, FILLER))[0] == "Albi"
    assert predict(ONE_WORD, asked("Where was the old bridge finished?", context, FILLER))[0] == "Toulouse"


def test_a_rare_word_of_the_question_says_more_than_several_frequent_ones():
    context = f"it is of the alpha. {FILLER}. zebra beta"
    frequent = [f"of the {FILLER} it is", "it is of the"]
    assert predict(ONE_WORD, asked("it is of the zebra?", context, *frequent))[0] == "beta"
    assert predict(ONE_WORD, asked("it is of the lion?", context, *frequent))[0] == "alpha"


def test_a_word_of_the_question_is_no_part_of_the_answer():
    assert predict(ONE_WORD, asked("who saw Anna?", "Anna saw Bert")) == ["Bert"]
    assert predict(ONE_WORD, asked("who saw ANNA?", "anna saw Bert")) == ["Bert"]


def test_of_equal_spans_the_one_of_rarest_words_is_chosen_then_the_first():
    contexts = ["saw them Bert Carl", "them again", "them too"]
    assert predict(ONE_WORD, asked("who saw?", *contexts))[0] == "Bert"


def test_an_answer_is_as_long_as_the_median_training_answer():
    context = "saw one two three four five"
    for length in (1, 2, 3):
        train = answered("x", *[" ".join("abc"[:length])] * 3, "a b c d e f g")
        assert len(predict(train, asked("saw?", context))[0].split()) == length


def test_an_answer_is_a_piece_of_the_text_with_the_marks_inside_it_but_not_around_it():
    assert predict(answered("New York"), asked("Who came?", "(Smith, J.) came")) == ["Smith, J"]


def test_without_spaces_the_answer_is_a_stretch_beside_the_words_of_the_question():
    context = "這座大橋由法國工程師埃菲爾設計並建造。許多其他的事情發生在那個年代的很多地方,也有很多人記得。公園在河邊。"
    assert predict(ONE_WORD, asked("大橋由法國工程師誰設計並建造?", context, "這座大城市很古老。"))[0] == "埃菲爾"
    thai = "สะพานเก่าสร้างเสร็จที่เชียงใหม่"
    assert predict(ONE_WORD, asked("สะพานเก่าสร้างเสร็จที่ไหน", thai)) == ["เชียงใหม่"]


def test_a_context_that_only_repeats_the_question_is_its_own_answer():
    assert predict(ONE_WORD, asked("who saw Anna?", "Anna saw")) == ["Anna saw"]
    assert predict(ONE_WORD, asked("北京市", "北京市")) == ["北京市"]


def test_a_context_without_words_is_its_own_answer():
    assert predict(ONE_WORD, asked("who?", "...", "")) == ["...", ""]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(Smith), J.", ["Smith", "J"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("ที่นี่", ["ที่นี่"]),
        ("3.5 €", ["3", "5"]),
        ("", []),
    ],
)
def test_words_are_runs_of_letters_marks_and_digits_in_any_script(text, expected):
    assert [text[start:end] for start, end in words(text)] == expected


@given(rows=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4))
def test_an_answer_always_stands_in_its_context(rows):
    examples = [Question(str(i), question, context, None) for i, (question, context) in enumerate(rows)]
    found = predict(answered("two words", "a"), examples)
    assert len(found) == len(examples)
    assert all(answer in example.context for answer, example in zip(found, examples, strict=True))


def test_on_real_questions_it_finds_answers_in_scripts_with_and_without_spaces(data_dir: Path):
    task, source = load_task("xquad"), Directory(data_dir)
    exact = {}
    for language in ("en", "zh"):
        examples = source.read(task.files, language, "test")
        gold = [tuple(answer.text for answer in example.answers) for example in examples]
        exact[language] = squad.score(gold, predict(answered("New York"), examples))["exact_match"]
    assert exact["en"] > 4
    assert exact["zh"] > 4


def test_a_question_that_may_have_no_answer_gets_one_all_the_same():
    one = OpenQuestion("0", "who saw Anna?", "Anna saw Bert", None)
    assert predict(ONE_WORD, [one]) == [{"text": "Bert", "null": -1.0}]
    assert predict([OpenQuestion("1", "who?", "nobody", ())], [one]) == [{"text": "Bert", "null": -1.0}]

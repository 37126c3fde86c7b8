"""The one-sided baseline: it finds cues of the second text, of the endings and of the context, and invents none."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sub_words import characters, words

from isthmus.core.errors import UserError
from isthmus.evaluation.baselines.one_side import predict
from isthmus.metrics import squad
from isthmus.sources.directory import Directory
from isthmus.sources.example import Answer, Choice, Question, TextPair
from isthmus.tasks.task import load_task

LABELS = ("no", "yes")
WORDS = [
    *("amber", "birch", "cedar", "delta", "ember", "frost", "grove", "heron"),
    *("ivory", "jewel", "knoll", "lotus", "maple", "north", "olive", "pearl"),
]
TOKENIZER = words(" ".join(WORDS), "not who . ?", "Rome Paris Lima Oslo")
LETTERS = characters()


def pairs(draw, number, cue="", yes=0.5):
    """Pairs whose second text has the cue where the label is no, and whose first text names the label."""
    for i in range(number):
        label = draw.random() < yes
        second = [*draw.sample(WORDS, 4), *([] if label or not cue else [cue])]
        yield TextPair(str(i), "amber" if label else "birch", " ".join(draw.sample(second, len(second))), LABELS[label])


def accuracy(found, examples):
    return sum(one == example.label for one, example in zip(found, examples, strict=True)) / len(examples)


def test_a_word_of_the_second_text_that_gives_the_label_away_is_found():
    train, test = list(pairs(Random(1), 200, "not")), list(pairs(Random(2), 100, "not"))
    assert accuracy(predict(train, test, LABELS, TOKENIZER), test) == 1


def test_a_pair_of_neighbours_that_gives_the_label_away_is_found():
    def ordered(draw, number):
        for i in range(number):
            label, rest = draw.random() < 0.5, " ".join(draw.sample(WORDS[2:], 2))
            yield TextPair(str(i), "x", f"{rest} {'amber birch' if label else 'birch amber'}", LABELS[label])

    train, test = list(ordered(Random(1), 200)), list(ordered(Random(2), 100))
    assert accuracy(predict(train, test, LABELS, TOKENIZER), test) > 0.95


def test_without_a_cue_the_majority_is_said_whatever_the_first_text_says():
    train, test = list(pairs(Random(1), 300, yes=0.7)), list(pairs(Random(2), 100))
    found = predict(train, test, LABELS, TOKENIZER)
    assert found.count("yes") > 90


def test_an_ending_that_gives_itself_away_is_found_and_the_context_is_not_read():
    def choices(draw, number):
        for i in range(number):
            right = draw.randrange(4)
            endings = [f"{' '.join(draw.sample(WORDS, 2))} {'who' if n == right else 'not'}" for n in range(4)]
            yield Choice(str(i), WORDS[draw.randrange(16)], "?", tuple(endings), right)

    train, test = list(choices(Random(1), 100)), list(choices(Random(2), 50))
    found = predict(train, test, (), TOKENIZER)
    assert accuracy(found, test) == 1
    assert found == predict(train, [Choice(e.id, "other", None, e.endings, None) for e in test], (), TOKENIZER)


def test_choices_may_have_another_number_of_endings_than_those_learnt_from():
    train = [Choice(str(i), "", None, ("amber who", "birch not"), 0) for i in range(20)]
    test = [Choice("0", "", None, ("cedar not", "delta not", "ember who"), None), Choice("1", "", None, ("frost",), None)]
    assert predict(train, test, (), TOKENIZER) == [2, 0]


def cities(draw, number, place=None):
    """Questions whose answer is a city among words, at any place or at a given one."""
    for i in range(number):
        context = draw.sample(WORDS, 8)
        at, city = draw.randrange(8) if place is None else place, draw.choice(["Rome", "Paris", "Lima"])
        context[at] = city
        text = " ".join(context)
        yield Question(str(i), f"{WORDS[i % 16]}?", text, (Answer(city, text.index(city)),))


def exact(found, examples):
    return squad.score([tuple(a.text for a in e.answers) for e in examples], found)["exact_match"]


def test_words_that_tend_to_be_answers_are_found_without_the_question():
    train, test = list(cities(Random(1), 60)), list(cities(Random(2), 40))
    found = predict(train, test, (), TOKENIZER)
    assert exact(found, test) == 100
    mute = [Question(e.id, "", e.context, None) for e in test]
    assert predict(train, mute, (), TOKENIZER) == found


def test_a_word_never_seen_that_looks_like_an_answer_is_one():
    train = list(cities(Random(1), 60))
    test = [Question("0", "who?", "amber frost Oslo pearl north", None)]
    assert predict(train, test, (), TOKENIZER) == ["Oslo"]


def test_answers_are_found_in_a_text_without_spaces():
    draw, letters = Random(1), "山川田中木林森火水金"
    texts = ["".join(draw.sample(letters, 6)) for _ in range(80)]
    train = [
        Question(str(i), "誰?", text := f"{a[:3]}北京市{a[3:]}", (Answer("北京市", text.index("北京市")),))
        for i, a in enumerate(texts)
    ]
    test = [Question("0", "誰?", "火水木林北京市金田", None)]
    assert predict(train, test, (), characters(letters + "北京市誰")) == ["北京市"]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(alphabet="amber Rome.北 \n", max_size=30), min_size=1, max_size=3))
def test_an_answer_always_stands_in_its_context(contexts):
    train = [Question("0", "?", "amber Rome", (Answer("Rome", 6),))]
    examples = [Question(str(i), "?", context, None) for i, context in enumerate(contexts)]
    for answer, context in zip(predict(train, examples, (), LETTERS), contexts, strict=True):
        assert answer in context


def test_a_context_without_words_is_its_own_answer():
    train = list(cities(Random(1), 10))
    assert predict(train, [Question("0", "?", " \n", None), Question("1", "?", "", None)], (), TOKENIZER) == [" \n", ""]


def test_a_single_text_is_refused_by_its_id():
    with pytest.raises(UserError, match="example '7' is a single text, expected two"):
        predict([TextPair("7", "a", None, "no")], [], LABELS, TOKENIZER)


def test_without_questions_real_ones_are_sometimes_answered(data_dir: Path):
    task, source = load_task("xquad"), Directory(data_dir)
    if "en" not in source.languages(task.files, "test"):
        pytest.skip(f"{data_dir} has no English XQuAD")
    examples = source.read(task.files, "en", "test")
    train, test = examples[:400], examples[400:800]
    found = predict(train, test, (), words(*(example.context for example in train)))
    assert all(answer in example.context for answer, example in zip(found, test, strict=True))
    gold = [tuple(answer.text for answer in example.answers) for example in test]
    first_words = [example.context.split()[0] for example in test]
    assert squad.score(gold, found)["f1"] > squad.score(gold, first_words)["f1"]

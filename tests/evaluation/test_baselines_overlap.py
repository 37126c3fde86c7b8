"""The overlap baseline: it finds what lengths and shared words give away, and nothing where they give away nothing."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from sub_words import characters, words

from isthmus.core.errors import UserError
from isthmus.evaluation.baseline import load_baseline
from isthmus.evaluation.baselines.overlap import predict
from isthmus.sources.directory import Directory
from isthmus.sources.example import Choice, TextPair
from isthmus.tasks.task import load_task

LABELS = ("no", "yes")
WORDS = [
    *("amber", "birch", "cedar", "delta", "ember", "frost", "grove", "heron"),
    *("ivory", "jewel", "knoll", "lotus", "maple", "north", "olive", "pearl"),
]
OTHER = {ord(letter): chr(ord("а") + i) for i, letter in enumerate("abcdefghijklmnopqrstuvwxyz")}
TOKENIZER = characters("".join(OTHER.values()))


def sentence(draw, size=6):
    return draw.sample(WORDS, size)


def paraphrases(draw, number):
    """Pairs that share most words where the label is yes."""
    for i in range(number):
        first, yes = sentence(draw), draw.random() < 0.5
        second = [*first[:4], *sentence(draw, 2)] if yes else sentence(draw)
        yield TextPair(str(i), " ".join(first), " ".join(draw.sample(second, 6)), LABELS[yes])


def scrambled(draw, number):
    """Pairs of the same words in another order, whatever the label: the order says nothing either."""
    for i in range(number):
        first = sentence(draw)
        yield TextPair(str(i), " ".join(first), " ".join(draw.sample(first, 6)), LABELS[draw.random() < 0.5])


def endings(draw, number):
    """Choices whose right ending has two words of the context, the wrong ones none."""
    for i in range(number):
        words, right = sentence(draw, 14), draw.randrange(3)
        choices = [" ".join([words[8 + 2 * n], words[9 + 2 * n], words[n if n == right else 11]]) for n in range(3)]
        choices[right] = f"{words[0]} {words[1]} {words[8]}"
        yield Choice(str(i), " ".join(words[:8]), None, tuple(choices), right)


def accuracy(found, examples):
    return sum(one == example.label for one, example in zip(found, examples, strict=True)) / len(examples)


def test_shared_words_are_found_and_transfer_to_a_script_never_seen():
    train, test = list(paraphrases(Random(1), 300)), list(paraphrases(Random(2), 200))
    assert accuracy(predict(train, test, LABELS, TOKENIZER), test) > 0.9
    foreign = [TextPair(e.id, e.first.translate(OTHER), e.second.translate(OTHER), e.label) for e in test]
    assert accuracy(predict(train, foreign, LABELS, TOKENIZER), foreign) > 0.9


def test_pairs_of_the_same_words_in_either_label_stay_near_the_majority():
    train, test = list(scrambled(Random(1), 300)), list(scrambled(Random(2), 400))
    found = predict(train, test, LABELS, TOKENIZER)
    assert abs(accuracy(found, test) - 0.5) < 0.07


def test_the_ending_that_repeats_the_context_is_found_among_its_rivals():
    train, test = list(endings(Random(1), 200)), list(endings(Random(2), 100))
    assert accuracy(predict(train, test, (), TOKENIZER), test) > 0.9


def test_the_same_is_predicted_each_time_and_examples_do_not_depend_on_each_other():
    train, test = list(paraphrases(Random(1), 60)), list(paraphrases(Random(2), 20))
    found = predict(train, test, LABELS, TOKENIZER)
    assert predict(list(train), test, LABELS, TOKENIZER) == found
    assert [predict(train, [example], LABELS, TOKENIZER)[0] for example in test] == found


def test_a_single_text_is_refused_by_its_id():
    pair = TextPair("0", "a", "b", "no")
    with pytest.raises(UserError, match="example 'one' is a single text"):
        predict([pair], [TextPair("one", "a", None, None)], LABELS, TOKENIZER)


def test_one_training_label_is_said_always_and_no_example_gets_no_prediction():
    pair = TextPair("0", "a b", "a c", "yes")
    assert predict([pair], [pair, pair], LABELS, TOKENIZER) == ["yes", "yes"]
    assert predict([pair], [], LABELS, TOKENIZER) == []


@pytest.mark.parametrize("name", ["one_side", "overlap"])
def test_on_real_inference_they_beat_the_majority_in_english(name, data_dir: Path):
    task, train, source = load_task("xnli"), load_task("mnli"), Directory(data_dir)
    for files, split in ((train.files, "train"), (task.files, "test")):
        if "en" not in source.languages(files, split):
            pytest.skip(f"{data_dir} has no English {split} data of XNLI")
    learnt = source.read(train.files, "en", "train", train.labels)[:2000]
    test = source.read(task.files, "en", "test", task.labels)[:1000]
    tokenizer = words(*(f"{example.first} {example.second}" for example in learnt))
    found = load_baseline(name)(learnt, test, task.labels, tokenizer)
    assert accuracy(found, test) > 0.36

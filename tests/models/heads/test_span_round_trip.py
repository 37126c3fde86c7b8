"""Gold answers of real questions, made spans of sub-words in windows and read back, are the official metric's 100."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from tiny_networks import encoding_of
from tokenizers import Tokenizer, models

from isthmus.models.heads.span import HEAD
from isthmus.models.network import load_tokenizer
from isthmus.sources.directory import Directory
from isthmus.sources.example import Question
from isthmus.sources.files import SPLITS
from isthmus.tasks.task import METRICS, load_kind, load_task
from isthmus.world.source import ENCODER

TASKS = ("xquad", "mlqa", "tydiqa")
WINDOW, OVERLAP = 1024, 512  # sub-words; the overlap holds the longest answer, were each of its characters one


@cache
def asked(name: str, root: Path) -> dict[str, list[Question]]:
    """Return the questions with answers of every file of a task, by split and language."""
    source, task = Directory(root), load_task(name)
    there = [(split, language) for split in SPLITS for language in source.languages(task.files, split)]
    return {f"{split}-{language}": source.read(task.files, language, split) for split, language in there}


@cache
def tokenizer_of(kind: str, name: str, root: Path) -> SimpleNamespace:
    """Return the tokenizer of the shipped encoder, or one that normalises as it does and knows every character of a task."""
    shipped = load_tokenizer(ENCODER)
    if kind == "pieces":
        return shipped
    like = shipped.backend_tokenizer
    contexts = {question.context for questions in asked(name, root).values() for question in questions}
    characters = {"▁"}.union(*(like.normalizer.normalize_str(context) for context in contexts))
    known = [like.id_to_token(i) for i in range(5)] + sorted(characters)
    backend = Tokenizer(models.BPE(vocab={piece: i for i, piece in enumerate(known)}, merges=[], unk_token="<unk>"))
    backend.normalizer, backend.pre_tokenizer = like.normalizer, like.pre_tokenizer
    backend.post_processor = like.post_processor
    return SimpleNamespace(backend_tokenizer=backend)


def there_and_back(questions, tokenizer):
    """Return what is predicted where the head finds exactly the targets; some contexts must be longer than a window."""
    features = HEAD.features(questions, [], encoding_of(tokenizer, WINDOW, OVERLAP))
    found = []
    for feature in features:
        first, (start, end) = feature.places.first, feature.target
        found.append((1.0, start - first, end - first) if feature.target != (0, 0) else (-1.0, 0, 0))
    assert len({f.example for f, (score, *_) in zip(features, found, strict=True) if score > 0}) == len(questions)
    return HEAD.predictions(questions, features, found, []), len(features) > len(questions)


def exact_match(name, language, questions, predicted):
    """Return the exact match of the task's official metric."""
    task = load_task(name)
    score = METRICS.load(task.metrics[0])
    gold = [load_kind(task.kind).gold(question) for question in questions]
    return score(gold, predicted, *([language] if name == "mlqa" else []))["exact_match"]


@pytest.mark.parametrize("name", TASKS)
def test_every_gold_answer_comes_back_where_each_character_is_a_sub_word(name, data_dir):
    tokenizer = tokenizer_of("characters", name, data_dir)
    cut = set()
    for key, questions in asked(name, data_dir).items():
        predicted, several = there_and_back(questions, tokenizer)
        assert predicted == [question.answers[0].text.strip() for question in questions], key
        assert exact_match(name, key.rpartition("-")[2], questions, predicted) == 100.0, key
        cut |= {key} if several else set()
    assert cut


@pytest.mark.parametrize("name", TASKS)
def test_no_gold_answer_is_lost_but_those_that_begin_or_end_inside_a_sub_word(name, data_dir):
    tokenizer = tokenizer_of("pieces", name, data_dir)
    for key, questions in asked(name, data_dir).items():
        predicted, _ = there_and_back(questions, tokenizer)
        lost = [q for q, text in zip(questions, predicted, strict=True) if text != q.answers[0].text.strip()]
        assert [question.id for question in lost if not begins_or_ends_inside(question, tokenizer)] == [], key
        assert len(lost) <= len(questions) / 50, key


def begins_or_ends_inside(question, tokenizer):
    text, start = question.answers[0].text, question.answers[0].start
    edges = start + len(text) - len(text.lstrip()), start + len(text.rstrip())
    offsets = tokenizer.backend_tokenizer.encode(question.context, add_special_tokens=False).offsets
    return any(first < edge < last for first, last in offsets for edge in edges)

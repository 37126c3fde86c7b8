"""A small world of made-up sentences in three languages, laid out as XTREME lays out its data, and a study in it."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from random import Random

from isthmus.study.spec import Study

WORDS = {
    "DET": ["the", "a", "this", "every"],
    "ADJ": ["red", "old", "small", "loud", "green", "happy"],
    "NOUN": ["cat", "dog", "house", "river", "baker", "song", "garden", "letter"],
    "VERB": ["sees", "paints", "follows", "brings", "likes"],
    "ADP": ["in", "near", "from"],
}
NAMES = {"PER": ["Ada", "Omar", "Wen", "Lucia"], "LOC": ["Turin", "Accra", "Lima", "Kyoto"]}
SPEAK = {"en": str, "de": lambda word: f"z{word[::-1]}", "sw": lambda word: f"{word}i"}


def sentence(draw):
    """Return [(English word, part of speech, name tag)]."""
    parts = (
        ["DET", "ADJ", "NOUN", "VERB", "DET", "NOUN"]
        if draw.random() < 0.6
        else ["PER", "VERB", "DET", "NOUN", "ADP", "LOC"]
    )
    rows = []
    for part in parts:
        if part in NAMES:
            rows.append((draw.choice(NAMES[part]), "PROPN", f"B-{part}"))
        else:
            rows.append((draw.choice(WORDS[part]), part, "O"))
    return [*rows, (".", "PUNCT", "O")]


def spoken(rows, language):
    """Return the words of a sentence in a language; names and full stops are the same in all."""
    return [word if part in ("PROPN", "PUNCT") else SPEAK[language](word) for word, part, _ in rows]


def write_tags(path, language, column, size):
    draw = Random(path.name + path.parent.name)
    blocks = []
    for rows in (sentence(draw) for _ in range(size)):
        blocks.append("\n".join(f"{w}\t{row[column]}" for w, row in zip(spoken(rows, language), rows, strict=True)))
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def write_pairs(path, language, size):
    draw = Random(path.name)
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, delimiter="\t")
        for _ in range(size):
            rows, label = sentence(draw), draw.choice(["entailment", "contradiction", "neutral"])
            first = " ".join(spoken(rows, language))
            other = {"entailment": first, "contradiction": f"not {first}"}.get(label)
            out.writerow([first, other or " ".join(spoken(sentence(draw), language)), label])


def write_questions(path, language, size):
    draw = Random(path.name)
    paragraphs = []
    for number in range(size):
        first, second = (spoken(sentence(draw), language) for _ in range(2))
        context, answer = " ".join(first + second), second[-2]
        start = len(" ".join(first + second[:-2])) + 1
        entry = {"id": f"q{number}", "question": f"{second[-3]} ?", "answers": [{"text": answer, "answer_start": start}]}
        paragraphs.append({"context": context, "qas": [entry]})
    path.write_text(json.dumps({"version": "1.1", "data": [{"paragraphs": paragraphs}]}), encoding="utf-8")


def write_parallel(size):
    """Return {language: size sentences}, row for row the same in all."""
    draw = Random("parallel")
    said = [sentence(draw) for _ in range(size)]
    return {language: [" ".join(spoken(rows, language)) for rows in said] for language in SPEAK}


def write_world(root: Path, size: int = 24) -> Path:
    """Write every file of the world below ``root``: ``size`` examples to train on, half as many elsewhere."""
    for name in ("udpos", "panx", "xnli", "squad", "xquad", "tatoeba", "text"):
        (root / name).mkdir(parents=True)
    half = size // 2
    for split, language in [("train", "en"), ("dev", "en"), ("test", "en"), ("test", "de"), ("test", "sw")]:
        write_tags(root / f"udpos/{split}-{language}.tsv", language, 1, size if split == "train" else half)
    for split, language in [("train", "en"), ("dev", "en"), ("test", "en"), ("dev", "de")]:
        write_tags(root / f"panx/{split}-{language}.tsv", language, 2, size if split == "train" else half)
    for split, language in [("train", "en"), ("dev", "en"), ("test", "en"), ("test", "de")]:
        write_pairs(root / f"xnli/{split}-{language}.tsv", language, size if split == "train" else half)
    write_questions(root / "squad/train-v1.1.json", "en", size)
    for language in ("en", "de"):
        write_questions(root / f"xquad/xquad.{language}.json", language, half)
    parallel = write_parallel(size)
    for language in ("de", "sw"):
        for side in ("en", language):
            (root / f"tatoeba/{language}-en.{side}").write_text("\n".join(parallel[side][:half]) + "\n", encoding="utf-8")
    for language, lines in parallel.items():
        numbered = "".join(f"{number}\t{line}\n" for number, line in enumerate(lines))
        (root / f"text/{language}.txt").write_text(numbered, encoding="utf-8")
    return root


PRETRAINING = {
    "text": {language: [f"text/{language}.txt"] for language in SPEAK},
    "tokenizer": {"vocab_size": 160, "alpha": 0.5},
    "network": {
        "model_type": "modernbert",
        "hidden_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 32,
        "local_attention": 16,
        "reference_compile": False,
    },
    "seed": 1,
    "tokens": 2000,
    "batch_tokens": 200,
    "max_length": 48,
    "learning_rate": 1e-3,
    "tlm": 0.3,
}
RECIPE = {"learning_rate": 2e-3, "epochs": 2, "batch_examples": 8, "max_length": 48, "stride": 8}


def small_spec(root: Path, **changes):
    """Return the keys of a study in the world: two arms, four targets, three languages."""
    return {
        "study": "small",
        "question": "does a stage on names change tagging?",
        "model": {"pretrain": PRETRAINING},
        "data": str(root),
        "seeds": [1, 2],
        "arms": {"none": [], "panx-first": [{"task": "panx"}]},
        "targets": [
            {"task": "udpos"},
            {"task": "panx", "splits": ["test", "dev"]},
            {"task": "xquad"},
            {"task": "tatoeba", "layer": 1},
        ],
        "source": "en",
        "languages": "all",
        "recipe": RECIPE,
        "baselines": [],
        **changes,
    }


def small_study(root: Path, **changes) -> Study:
    """Return the study of ``small_spec``."""
    return Study.model_validate(small_spec(root, **changes))

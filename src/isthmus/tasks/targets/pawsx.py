"""PAWS-X: whether two sentences of nearly the same words mean the same, in 7 languages, trained on English PAWS-Wiki."""

from __future__ import annotations

from isthmus.sources.files import Files, HubFiles
from isthmus.tasks.task import Task

TASK = Task(
    name="pawsx",
    kind="classification",
    description="whether two sentences of nearly the same words mean the same",
    files=Files(
        format="pairs",
        train="pawsx/train-{language}.tsv",
        dev="pawsx/dev-{language}.tsv",
        test="pawsx/test-{language}.tsv",
        others=(
            Files(
                "table", "x-final/{language}/train.tsv", "x-final/{language}/dev_2k.tsv", "x-final/{language}/test_2k.tsv"
            ),
        ),
        hub=HubFiles(
            repo="google-research-datasets/paws-x",
            revision="4cd8187c404bda33cb1f62b49b001115862acf37",
            config="{language}",
            languages=("de", "en", "es", "fr", "ja", "ko", "zh"),
            shape="text_pair",
            columns=(("first", "sentence1"), ("second", "sentence2"), ("label", "label")),
            megabytes=(("train", 12.0), ("dev", 0.5), ("test", 0.5)),
            examples=(("train", 49_401), ("dev", 2_000), ("test", 2_000)),
        ),
    ),
    labels=("0", "1"),
    train_on="pawsx",
    metrics=("accuracy",),
    main="accuracy",
    languages=("de", "en", "es", "fr", "ja", "ko", "zh"),
    benchmarks=("xtreme",),
    licence="free for any purpose, attribution to Google asked for",
    citation=(
        "Yang et al. 2019, PAWS-X: A Cross-lingual Adversarial Dataset for Paraphrase Identification, EMNLP; trained on "
        "Zhang, Baldridge and He 2019, PAWS: Paraphrase Adversaries from Word Scrambling, NAACL"
    ),
    homepage="https://github.com/google-research-datasets/paws",
)

"""XNLI: natural language inference in 15 languages, trained on English MNLI."""

from __future__ import annotations

from isthmus.sources.files import Files, HubFiles
from isthmus.tasks.task import Task

LANGUAGES = ("ar", "bg", "de", "el", "en", "es", "fr", "hi", "ru", "sw", "th", "tr", "ur", "vi", "zh")

TASK = Task(
    name="xnli",
    kind="classification",
    description="natural language inference in 15 languages, trained on English MNLI",
    files=Files(
        format="pairs",
        dev="xnli/dev-{language}.tsv",
        test="xnli/test-{language}.tsv",
        others=(
            Files("table", None, "XNLI-1.0/xnli.dev.tsv", "XNLI-1.0/xnli.test.tsv", LANGUAGES),
            Files("json_pairs", None, "XNLI-1.0/xnli.dev.jsonl", "XNLI-1.0/xnli.test.jsonl", LANGUAGES),
        ),
        hub=HubFiles(
            repo="facebook/xnli",
            revision="b8dd5d7af51114dbda02c0e3f6133f332186418e",
            config="{language}",
            languages=LANGUAGES,
            splits=(("dev", "validation"), ("test", "test")),
            shape="text_pair",
            columns=(("first", "premise"), ("second", "hypothesis"), ("label", "label")),
            examples=(("dev", 2_490), ("test", 5_010)),
        ),
    ),
    labels=("contradiction", "entailment", "neutral"),
    train_on="mnli",
    metrics=("accuracy",),
    main="accuracy",
    languages=LANGUAGES,
    benchmarks=("xtreme", "xtreme-r"),
    licence="CC BY-NC 4.0",
    citation="Conneau et al. 2018, XNLI: Evaluating Cross-lingual Sentence Representations, EMNLP",
    homepage="https://github.com/facebookresearch/XNLI",
)

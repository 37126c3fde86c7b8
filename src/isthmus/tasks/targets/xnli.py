"""XNLI: natural language inference in 15 languages, trained on English MNLI."""

from __future__ import annotations

from isthmus.sources.files import Files
from isthmus.tasks.task import Task

LANGUAGES = "ar bg de el en es fr hi ru sw th tr ur vi zh"

TASK = Task(
    name="xnli",
    kind="classification",
    description="natural language inference in 15 languages, trained on English MNLI",
    files=Files(format="pairs", dev="xnli/dev-{language}.tsv", test="xnli/test-{language}.tsv"),
    labels=("contradiction", "entailment", "neutral"),
    train_on="mnli",
    metrics=("accuracy",),
    main="accuracy",
    languages=tuple(LANGUAGES.split()),
    benchmarks=("xtreme", "xtreme-r"),
    licence="CC BY-NC 4.0",
    citation="Conneau et al. 2018, XNLI: Evaluating Cross-lingual Sentence Representations, EMNLP",
    homepage="https://github.com/facebookresearch/XNLI",
)

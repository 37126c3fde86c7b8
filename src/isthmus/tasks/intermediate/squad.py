"""SQuAD v1.1: English questions about Wikipedia paragraphs."""

from __future__ import annotations

from isthmus.sources.files import Files, HubFiles
from isthmus.tasks.task import Task

TASK = Task(
    name="squad",
    kind="span",
    description="English questions about Wikipedia paragraphs (SQuAD v1.1)",
    files=Files(
        format="squad",
        train="squad/train-v1.1.json",
        dev="squad/dev-v1.1.json",
        others=tuple(
            Files(format="squad", train=f"{folder}/train-v1.1.json", dev=f"{folder}/dev-v1.1.json")
            for folder in ("squad_v1.1", "SQuAD", "SQuAD-explorer/dataset")
        ),
        hub=HubFiles(
            repo="rajpurkar/squad",
            revision="7b6d24c440a36b6815f21b70d25016731768db1f",
            config="plain_text",
            splits=(("train", "train"), ("dev", "validation")),
            shape="question",
            columns=(("id", "id"), ("question", "question"), ("context", "context"), ("answers", "answers")),
            megabytes=(("train", 79.0), ("dev", 10.0)),
            examples=(("train", 87_599),),
        ),
    ),
    train_on="squad",
    metrics=("squad",),
    main="f1",
    languages=("en",),
    licence="CC BY-SA 4.0",
    citation="Rajpurkar et al. 2016, SQuAD: 100,000+ Questions for Machine Comprehension of Text, EMNLP",
    homepage="https://rajpurkar.github.io/SQuAD-explorer/",
)

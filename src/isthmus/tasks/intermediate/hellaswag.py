"""HellaSwag: which of four endings goes on an English description of an everyday scene."""

from __future__ import annotations

from isthmus.sources.files import Files, HubFiles
from isthmus.tasks.task import Task

TASK = Task(
    name="hellaswag",
    kind="choice",
    description="which of four endings goes on an English description of an everyday scene",
    files=Files(
        format="hellaswag",
        train="hellaswag/hellaswag_train.jsonl",
        dev="hellaswag/hellaswag_val.jsonl",
        test="hellaswag/hellaswag_test.jsonl",
        others=(
            Files(
                format="hellaswag",
                train="hellaswag/data/hellaswag_train.jsonl",
                dev="hellaswag/data/hellaswag_val.jsonl",
                test="hellaswag/data/hellaswag_test.jsonl",
            ),
        ),
        hub=HubFiles(
            repo="Rowan/hellaswag",
            revision="218ec52e09a7e7462a5400043bb9a69a41d06b76",
            path="data/{split}-*.parquet",
            shape="choice",
            columns=(("context", "ctx_a"), ("start", "ctx_b"), ("endings", "endings"), ("label", "label")),
            megabytes=(("train", 25.0), ("dev", 7.0), ("test", 7.0)),
            examples=(("train", 39_905), ("dev", 10_042), ("test", 10_003)),
        ),
    ),
    train_on="hellaswag",
    metrics=("accuracy",),
    main="accuracy",
    languages=("en",),
    licence="MIT",
    citation="Zellers et al. 2019, HellaSwag: Can a Machine Really Finish Your Sentence?, ACL",
    homepage="https://rowanzellers.com/hellaswag/",
)

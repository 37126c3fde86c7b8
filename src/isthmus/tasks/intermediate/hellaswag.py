"""HellaSwag: which of four endings goes on an English description of an everyday scene."""

from __future__ import annotations

from isthmus.sources.files import Files
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
    ),
    train_on="hellaswag",
    metrics=("accuracy",),
    main="accuracy",
    languages=("en",),
    licence="MIT",
    citation="Zellers et al. 2019, HellaSwag: Can a Machine Really Finish Your Sentence?, ACL",
    homepage="https://rowanzellers.com/hellaswag/",
)

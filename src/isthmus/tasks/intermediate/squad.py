"""SQuAD v1.1: English questions about Wikipedia paragraphs."""

from __future__ import annotations

from isthmus.sources.files import Files
from isthmus.tasks.task import Task

TASK = Task(
    name="squad",
    kind="span",
    description="English questions about Wikipedia paragraphs (SQuAD v1.1)",
    files=Files(format="squad", train="squad/train-v1.1.json", dev="squad/dev-v1.1.json"),
    train_on="squad",
    metrics=("squad",),
    main="f1",
    languages=("en",),
    licence="CC BY-SA 4.0",
    citation="Rajpurkar et al. 2016, SQuAD: 100,000+ Questions for Machine Comprehension of Text, EMNLP",
    homepage="https://rajpurkar.github.io/SQuAD-explorer/",
)

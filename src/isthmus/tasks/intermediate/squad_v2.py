"""SQuAD v2.0: the questions of v1.1, and half as many again, written to look alike, that their paragraphs do not answer.

The official test set is not public. ``test-{language}.json`` is a place for questions held back, or for another language's
set in the same layout: they are judged with the threshold that was tuned on the development set.
"""

from __future__ import annotations

from isthmus.sources.files import Files, HubFiles
from isthmus.tasks.task import Task

TASK = Task(
    name="squad_v2",
    kind="span_or_none",
    description="English questions about Wikipedia paragraphs, some of them without an answer (SQuAD v2.0)",
    files=Files(
        format="squad_v2",
        train="squad_v2.0/train-v2.0.json",
        dev="squad_v2.0/dev-v2.0.json",
        test="squad_v2.0/test-{language}.json",
        others=tuple(
            Files(format="squad_v2", train=f"{folder}/train-v2.0.json", dev=f"{folder}/dev-v2.0.json")
            for folder in ("squad_v2", "squad", "SQuAD", "SQuAD-explorer/dataset")
        ),
        hub=HubFiles(
            repo="rajpurkar/squad_v2",
            revision="3ffb306f725f7d2ce8394bc1873b24868140c412",
            config="squad_v2",
            splits=(("train", "train"), ("dev", "validation")),
            shape="open_question",
            columns=(("id", "id"), ("question", "question"), ("context", "context"), ("answers", "answers")),
            megabytes=(("train", 115.0), ("dev", 11.0)),
            examples=(("train", 130_319), ("dev", 11_873)),
        ),
    ),
    train_on="squad_v2",
    metrics=("squad_v2",),
    main="f1",
    languages=("en",),
    licence="CC BY-SA 4.0",
    citation="Rajpurkar, Jia and Liang 2018, Know What You Don't Know: Unanswerable Questions for SQuAD, ACL",
    homepage="https://rajpurkar.github.io/SQuAD-explorer/",
)

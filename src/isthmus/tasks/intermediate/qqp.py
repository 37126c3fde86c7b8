"""Quora question pairs: whether two English questions ask the same, in GLUE's layout and splits."""

from __future__ import annotations

from isthmus.sources.files import Files
from isthmus.tasks.task import Task

TASK = Task(
    name="qqp",
    kind="classification",
    description="whether two English questions ask the same",
    files=Files(format="qqp", train="QQP/train.tsv", dev="QQP/dev.tsv", test="QQP/test.tsv"),
    labels=("0", "1"),
    train_on="qqp",
    metrics=("accuracy",),
    main="accuracy",
    languages=("en",),
    licence="Quora's terms of service, non-commercial use",
    citation="Iyer, Dandekar and Csernai 2017, First Quora Dataset Release: Question Pairs, data.quora.com",
    homepage="https://gluebenchmark.com",
)

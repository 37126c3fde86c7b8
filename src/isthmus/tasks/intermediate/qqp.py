"""Quora question pairs: whether two English questions ask the same, in GLUE's layout and splits."""

from __future__ import annotations

from isthmus.sources.files import Files, HubFiles
from isthmus.tasks.task import Task

TASK = Task(
    name="qqp",
    kind="classification",
    description="whether two English questions ask the same",
    files=Files(
        format="table",
        train="QQP/train.tsv",
        dev="QQP/dev.tsv",
        test="QQP/test.tsv",
        others=(Files("table", "qqp/glue/train.tsv", "qqp/glue/dev.tsv", "qqp/glue/test.tsv"),),
        hub=HubFiles(
            repo="nyu-mll/glue",
            revision="bcdcba79d07bc864c1c254ccfcedcce55bcc9a8c",
            config="qqp",
            shape="text_pair",
            columns=(("first", "question1"), ("second", "question2"), ("label", "label")),
            labels=(("not_duplicate", "0"), ("duplicate", "1")),
            megabytes=(("train", 45.0), ("dev", 5.0), ("test", 50.0)),
        ),
    ),
    labels=("0", "1"),
    train_on="qqp",
    metrics=("accuracy",),
    main="accuracy",
    languages=("en",),
    licence="Quora's terms of service, non-commercial use",
    citation="Iyer, Dandekar and Csernai 2017, First Quora Dataset Release: Question Pairs, data.quora.com",
    homepage="https://gluebenchmark.com",
)

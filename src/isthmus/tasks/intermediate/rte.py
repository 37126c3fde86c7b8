"""RTE: whether an English text entails a sentence, the four PASCAL and TAC challenges in GLUE's layout and splits."""

from __future__ import annotations

from isthmus.sources.files import Files, HubFiles
from isthmus.tasks.task import Task

TASK = Task(
    name="rte",
    kind="classification",
    description="whether an English text entails a sentence",
    files=Files(
        format="table",
        train="RTE/train.tsv",
        dev="RTE/dev.tsv",
        test="RTE/test.tsv",
        others=(Files("table", "rte/train.tsv", "rte/dev.tsv", "rte/test.tsv"),),
        hub=HubFiles(
            repo="nyu-mll/glue",
            revision="bcdcba79d07bc864c1c254ccfcedcce55bcc9a8c",
            config="rte",
            shape="text_pair",
            columns=(("first", "sentence1"), ("second", "sentence2"), ("label", "label")),
        ),
    ),
    labels=("entailment", "not_entailment"),
    train_on="rte",
    metrics=("accuracy",),
    main="accuracy",
    languages=("en",),
    licence="none stated",
    citation=(
        "Dagan, Glickman and Magnini 2006; Bar-Haim et al. 2006; Giampiccolo et al. 2007; Bentivogli et al. 2009, The "
        "PASCAL Recognizing Textual Entailment Challenges; as in Wang et al. 2019, GLUE, ICLR"
    ),
    homepage="https://gluebenchmark.com",
)

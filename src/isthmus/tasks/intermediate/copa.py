"""COPA: which of two English sentences is the cause or the effect of a third, in SuperGLUE's splits."""

from __future__ import annotations

from isthmus.sources.files import Files, HubFiles
from isthmus.tasks.task import Task

TASK = Task(
    name="copa",
    kind="choice",
    description="which of two English sentences is the cause or the effect of a third",
    files=Files(
        format="copa",
        train="xcopa/train-en.jsonl",
        dev="xcopa/val-en.jsonl",
        test="xcopa/test-en.jsonl",
        others=(
            Files(format="copa", train="COPA/train.jsonl", dev="COPA/val.jsonl", test="COPA/test.jsonl"),
            # The authors' release has no training set: SuperGLUE took its own and a development set from copa-dev.
            Files(
                format="copa_xml",
                train="COPA-resources/datasets/copa-dev.xml",
                test="COPA-resources/datasets/copa-test.xml",
            ),
        ),
        hub=HubFiles(
            repo="aps/super_glue",
            revision="3de24cf8022e94f4ee4b9d55a6f539891524d646",
            config="copa",
            shape="copa",
            columns=(
                ("context", "premise"),
                ("question", "question"),
                ("endings", "choice1"),
                ("endings", "choice2"),
                ("label", "label"),
            ),
            labels=(("choice1", "0"), ("choice2", "1")),
            megabytes=(("train", 0.1), ("dev", 0.1), ("test", 0.1)),
        ),
    ),
    train_on="copa",
    metrics=("accuracy",),
    main="accuracy",
    languages=("en",),
    licence="BSD 2-clause",
    citation=(
        "Roemmele, Bejan and Gordon 2011, Choice of Plausible Alternatives: An Evaluation of Commonsense Causal Reasoning, "
        "AAAI Spring Symposium"
    ),
    homepage="https://people.ict.usc.edu/~gordon/copa.html",
)

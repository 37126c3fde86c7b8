"""XCOPA: which of two sentences is the cause or the effect of a third, in 11 languages, trained on English COPA."""

from __future__ import annotations

from dataclasses import replace

from isthmus.sources.files import Files, HubFiles
from isthmus.tasks.intermediate import copa
from isthmus.tasks.task import Task

assert copa.TASK.files.hub, "COPA is on the hub"
ENGLISH = replace(copa.TASK.files.hub, splits=copa.TASK.files.hub.splits[:2])  # its test set has no labels

TASK = Task(
    name="xcopa",
    kind="choice",
    description="which of two sentences is the cause or the effect of a third",
    files=Files(
        format="copa",
        train="xcopa/train-{language}.jsonl",
        dev="xcopa/val-{language}.jsonl",
        test="xcopa/test-{language}.jsonl",
        others=(
            Files(
                format="copa",
                dev="xcopa/data/{language}/val.{language}.jsonl",
                test="xcopa/data/{language}/test.{language}.jsonl",
            ),
            Files(format="copa", train="COPA/train.jsonl", dev="COPA/val.jsonl", hub=ENGLISH),  # as SuperGLUE has it
        ),
        hub=HubFiles(
            repo="cambridgeltl/xcopa",
            revision="042f78955ba48e6404616762fa6e05e839c3907a",
            config="{language}",
            languages=("et", "ht", "id", "it", "qu", "sw", "ta", "th", "tr", "vi", "zh"),
            splits=(("dev", "validation"), ("test", "test")),
            shape="copa",
            columns=(
                ("context", "premise"),
                ("question", "question"),
                ("endings", "choice1"),
                ("endings", "choice2"),
                ("label", "label"),
            ),
            megabytes=(("dev", 0.1), ("test", 0.1)),
        ),
    ),
    train_on="xcopa",
    metrics=("accuracy",),
    main="accuracy",
    languages=("et", "ht", "id", "it", "qu", "sw", "ta", "th", "tr", "vi", "zh"),
    benchmarks=("xtreme-r",),
    licence="CC BY 4.0; the English COPA BSD 2-clause",
    citation=(
        "Ponti et al. 2020, XCOPA: A Multilingual Dataset for Causal Commonsense Reasoning, EMNLP; trained on Roemmele, "
        "Bejan and Gordon 2011, Choice of Plausible Alternatives, AAAI Spring Symposium"
    ),
    homepage="https://github.com/cambridgeltl/xcopa",
)

"""XCOPA: which of two sentences is the cause or the effect of a third, in 11 languages, trained on English COPA."""

from __future__ import annotations

from isthmus.sources.files import Files
from isthmus.tasks.task import Task

TASK = Task(
    name="xcopa",
    kind="choice",
    description="which of two sentences is the cause or the effect of a third",
    files=Files(
        format="copa",
        train="xcopa/train-{language}.jsonl",
        dev="xcopa/val-{language}.jsonl",
        test="xcopa/test-{language}.jsonl",
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

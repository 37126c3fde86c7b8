"""Social IQa: English questions about how people act and feel, with three answers; XTREME-R trains on it before COPA."""

from __future__ import annotations

from isthmus.sources.files import Files, HubFiles
from isthmus.tasks.task import Task

TASK = Task(
    name="siqa",
    kind="choice",
    description="English questions about how people act and feel, with three answers to choose from",
    files=Files(
        format="siqa",
        train="siqa/socialIQa_v1.4_trn.jsonl",
        dev="siqa/socialIQa_v1.4_dev.jsonl",
        test="siqa/socialIQa_v1.4_tst.jsonl",
        others=tuple(
            Files(format="siqa", train=f"{folder}/train.jsonl", dev=f"{folder}/dev.jsonl")
            for folder in ("socialiqa-train-dev", "siqa/socialiqa-train-dev")
        ),
        hub=HubFiles(
            repo="allenai/social_i_qa",
            revision="537a2ec8ec565adc0b70b70752893e59e024df26",
            path="{config}/{split}/0000.parquet",
            splits=(("train", "train"), ("dev", "validation")),
            shape="choice",
            columns=(
                ("context", "context"),
                ("question", "question"),
                *(("endings", f"answer{letter}") for letter in "ABC"),
                ("label", "label"),
            ),
            labels=(("1", "0"), ("2", "1"), ("3", "2")),
            megabytes=(("train", 6.0),),
        ),
    ),
    train_on="siqa",
    metrics=("accuracy",),
    main="accuracy",
    languages=("en",),
    licence="CC BY 4.0",
    citation="Sap et al. 2019, Social IQa: Commonsense Reasoning about Social Interactions, EMNLP-IJCNLP",
    homepage="https://maartensap.com/social-iqa/",
)

"""CosmosQA: English questions about what lies behind everyday stories, with four answers to choose from."""

from __future__ import annotations

from isthmus.sources.files import Files, HubFiles
from isthmus.tasks.task import Task

TASK = Task(
    name="cosmosqa",
    kind="choice",
    description="English questions about what lies behind everyday stories, with four answers to choose from",
    files=Files(
        format="cosmosqa",
        train="cosmosqa/train.csv",
        dev="cosmosqa/valid.csv",
        test="cosmosqa/test.jsonl",
        others=(
            Files(
                format="cosmosqa",
                train="cosmosqa/data/train.csv",
                dev="cosmosqa/data/valid.csv",
                test="cosmosqa/data/test.jsonl",
            ),
            Files(format="cosmosqa", train="cosmos_qa/train.csv", dev="cosmos_qa/valid.csv", test="cosmos_qa/test.jsonl"),
        ),
        hub=HubFiles(
            repo="allenai/cosmos_qa",
            revision="ed50fe83db62b355759053b1cd5eef344ee371e0",
            path="{config}/{split}/0000.parquet",
            shape="choice",
            columns=(
                ("id", "id"),
                ("context", "context"),
                ("question", "question"),
                *(("endings", f"answer{i}") for i in range(4)),
                ("label", "label"),
            ),
            megabytes=(("train", 17.0), ("dev", 2.0), ("test", 5.0)),
            examples=(("train", 25_262), ("dev", 2_985), ("test", 6_963)),
        ),
    ),
    train_on="cosmosqa",
    metrics=("accuracy",),
    main="accuracy",
    languages=("en",),
    licence="CC BY 4.0",
    citation=(
        "Huang et al. 2019, Cosmos QA: Machine Reading Comprehension with Contextual Commonsense Reasoning, EMNLP-IJCNLP"
    ),
    homepage="https://wilburone.github.io/cosmos/",
)

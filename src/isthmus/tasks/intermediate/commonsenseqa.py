"""CommonsenseQA: English questions of common sense with five answers to choose from (version 1.11, random split)."""

from __future__ import annotations

from isthmus.sources.files import Files, HubFiles
from isthmus.tasks.task import Task

TASK = Task(
    name="commonsenseqa",
    kind="choice",
    description="English questions of common sense with five answers to choose from",
    files=Files(
        format="commonsenseqa",
        train="commonsenseqa/train_rand_split.jsonl",
        dev="commonsenseqa/dev_rand_split.jsonl",
        test="commonsenseqa/test_rand_split_no_answers.jsonl",
        others=(
            Files(
                format="commonsenseqa",
                train="CommonsenseQA/train.jsonl",
                dev="CommonsenseQA/valid.jsonl",
                test="CommonsenseQA/test.jsonl",
            ),
        ),
        hub=HubFiles(
            repo="tau/commonsense_qa",
            revision="94630fe30dad47192a8546eb75f094926d47e155",
            path="data/{split}-*.parquet",
            shape="lettered_choice",
            columns=(("id", "id"), ("question", "question"), ("choices", "choices"), ("label", "answerKey")),
            megabytes=(("train", 2.0),),
            examples=(("train", 9_741), ("dev", 1_221)),
        ),
    ),
    train_on="commonsenseqa",
    metrics=("accuracy",),
    main="accuracy",
    languages=("en",),
    licence="MIT",
    citation=("Talmor et al. 2019, CommonsenseQA: A Question Answering Challenge Targeting Commonsense Knowledge, NAACL"),
    homepage="https://www.tau-nlp.sites.tau.ac.il/commonsenseqa",
)

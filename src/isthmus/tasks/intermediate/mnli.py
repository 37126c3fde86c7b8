"""MultiNLI: English natural language inference in ten genres, as XTREME lays it out beside XNLI, as GLUE or as released.

XNLI-MT-1.0 has its training set in the languages of XNLI too, translated by machine. GLUE's test files have no labels.
"""

from __future__ import annotations

from isthmus.sources.files import Files, HubFiles
from isthmus.tasks.task import Task

TASK = Task(
    name="mnli",
    kind="classification",
    description="English natural language inference in ten genres",
    files=Files(
        format="pairs",
        train="xnli/train-en.tsv",
        dev="xnli/dev-en.tsv",
        others=(
            Files("table", "MNLI/train.tsv", "MNLI/dev_matched.tsv"),
            Files("json_pairs", "multinli_1.0/multinli_1.0_train.jsonl", "multinli_1.0/multinli_1.0_dev_matched.jsonl"),
            Files("json_pairs", "mnli/train.jsonl", "mnli/dev.jsonl"),
            Files("table", "mnli/glue/train.tsv", "mnli/glue/dev_matched.tsv"),
            Files("table", "XNLI-MT-1.0/multinli/multinli.train.{language}.tsv"),
        ),
        hub=HubFiles(
            repo="nyu-mll/multi_nli",
            revision="da70db2af9d09693783c3320c4249840212ee221",
            path="data/{split}-*.parquet",
            splits=(("train", "train"), ("dev", "validation_matched")),
            shape="text_pair",
            columns=(("first", "premise"), ("second", "hypothesis"), ("label", "label")),
            undecided=True,
            megabytes=(("train", 70.0), ("dev", 2.0)),
            examples=(("train", 392_702),),
        ),
    ),
    labels=("contradiction", "entailment", "neutral"),
    train_on="mnli",
    metrics=("accuracy",),
    main="accuracy",
    languages=("en",),
    licence="mostly the OANC's, free for any use; parts CC BY 3.0 and CC BY-SA 3.0",
    citation=(
        "Williams, Nangia and Bowman 2018, A Broad-Coverage Challenge Corpus for Sentence Understanding "
        "through Inference, NAACL"
    ),
    homepage="https://cims.nyu.edu/~sbowman/multinli/",
)

"""MultiNLI: English natural language inference in ten genres, as XTREME lays it out beside XNLI."""

from __future__ import annotations

from isthmus.sources.files import Files
from isthmus.tasks.task import Task

TASK = Task(
    name="mnli",
    kind="classification",
    description="English natural language inference in ten genres",
    files=Files(format="pairs", train="xnli/train-en.tsv", dev="xnli/dev-en.tsv"),
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

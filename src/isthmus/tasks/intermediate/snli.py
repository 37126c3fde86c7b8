"""SNLI: English natural language inference on captions of photographs."""

from __future__ import annotations

from isthmus.sources.files import Files, HubFiles
from isthmus.tasks.task import Task

TASK = Task(
    name="snli",
    kind="classification",
    description="English natural language inference on captions of photographs",
    files=Files(
        format="json_pairs",
        train="snli_1.0/snli_1.0_train.jsonl",
        dev="snli_1.0/snli_1.0_dev.jsonl",
        test="snli_1.0/snli_1.0_test.jsonl",
        others=(Files("json_pairs", "snli/train.jsonl", "snli/dev.jsonl", "snli/test.jsonl"),),
        hub=HubFiles(
            repo="stanfordnlp/snli",
            revision="cdb5c3d5eed6ead6e5a341c8e56e669bb666725b",
            config="plain_text",
            shape="text_pair",
            columns=(("first", "premise"), ("second", "hypothesis"), ("label", "label")),
            undecided=True,
            megabytes=(("train", 60.0),),
        ),
    ),
    labels=("contradiction", "entailment", "neutral"),
    train_on="snli",
    metrics=("accuracy",),
    main="accuracy",
    languages=("en",),
    licence="CC BY-SA 4.0",
    citation="Bowman et al. 2015, A large annotated corpus for learning natural language inference, EMNLP",
    homepage="https://nlp.stanford.edu/projects/snli/",
)

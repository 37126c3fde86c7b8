"""ANLI+: SNLI, MultiNLI and the three rounds of ANLI as one set, in proportion to their sizes.

There is no test split: MultiNLI's has no labels.
"""

from __future__ import annotations

from isthmus.sources.files import Files
from isthmus.tasks.intermediate import anli, mnli, snli
from isthmus.tasks.task import Task

PARTS = (snli.TASK, mnli.TASK, anli.TASK)

TASK = Task(
    name="anli_plus",
    kind="classification",
    description="English natural language inference: SNLI, MultiNLI and ANLI together",
    files=Files(format="json_pairs", joined=tuple(part.files for part in PARTS)),
    labels=mnli.TASK.labels,
    train_on="anli_plus",
    metrics=("accuracy",),
    main="accuracy",
    languages=("en",),
    licence="; ".join(f"{part.name}: {part.licence}" for part in PARTS),
    citation="; ".join(part.citation for part in PARTS),
    homepage=anli.TASK.homepage,
)

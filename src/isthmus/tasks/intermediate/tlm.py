"""Translation language modelling on text that is parallel by id, each language paired with the study's source language."""

from __future__ import annotations

from isthmus.sources.files import Files
from isthmus.tasks.task import Task

TASK = Task(
    name="tlm",
    kind="tlm",
    description="masked language modelling on pairs of lines that say the same, `id TAB text` in one file a language; "
    "tlm/DOMAIN: on those below parallel/DOMAIN",
    files=Files(
        format="lines",
        train="parallel/{language}.tsv",
        others=(Files(format="lines", train="text/{language}.txt"),),
    ),
    train_on="tlm",
    metrics=(),
    main="",
    languages=(),
    licence="that of the text",
    citation="Conneau and Lample 2019, Cross-lingual Language Model Pretraining, NeurIPS",
    homepage="https://arxiv.org/abs/1901.07291",
)

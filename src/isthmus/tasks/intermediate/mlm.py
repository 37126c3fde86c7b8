"""Masked language modelling on raw text, in whatever languages the data directory holds; it has no score."""

from __future__ import annotations

from isthmus.sources.files import Files
from isthmus.tasks.task import Task

TASK = Task(
    name="mlm",
    kind="mlm",
    description="masked language modelling on raw text, one file a language",
    files=Files(format="lines", train="text/{language}.txt"),
    train_on="mlm",
    metrics=(),
    main="",
    languages=(),
    licence="that of the text",
    citation="Devlin et al. 2019, BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding, NAACL",
    homepage="https://arxiv.org/abs/1810.04805",
)

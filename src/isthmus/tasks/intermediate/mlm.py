"""Masked language modelling on raw text, in whatever languages the data directory holds; it has no score."""

from __future__ import annotations

from isthmus.sources.files import ByHand, Files
from isthmus.tasks.task import Task

TASK = Task(
    name="mlm",
    kind="mlm",
    description="masked language modelling on raw text, one file a language; mlm/DOMAIN: on that below text/DOMAIN",
    files=Files(
        format="lines",
        train="text/{language}.txt",
        obtain="The text is yours to choose: one file a language, one text a line",
        by_hand=ByHand(megabytes=(("train", 100.0),)),
    ),
    train_on="mlm",
    metrics=(),
    main="",
    languages=(),
    licence="that of the text",
    citation="Devlin et al. 2019, BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding, NAACL",
    homepage="https://arxiv.org/abs/1810.04805",
)

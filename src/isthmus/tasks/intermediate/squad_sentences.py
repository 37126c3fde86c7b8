"""SQuAD v1.1 as retrieval: the sentence that answers a question, among those of a batch; what LAReQA is trained on."""

from __future__ import annotations

from dataclasses import replace

from isthmus.tasks.intermediate import squad
from isthmus.tasks.task import Task

SQUAD = squad.TASK.files
assert SQUAD.hub, "SQuAD is on the hub"

TASK = Task(
    name="squad_sentences",
    kind="ranking",
    description="the sentence of English Wikipedia that holds the answer to a question of SQuAD v1.1",
    files=replace(
        SQUAD,
        format="squad_sentences",
        others=tuple(replace(other, format="squad_sentences") for other in SQUAD.others),
        hub=replace(SQUAD.hub, shape="squad_sentences"),
    ),
    train_on="squad_sentences",
    metrics=("map_at_20",),
    main="map",
    languages=("en",),
    licence="CC BY-SA 4.0",
    citation=(
        "Rajpurkar et al. 2016, SQuAD: 100,000+ Questions for Machine Comprehension of Text, EMNLP; as retrieval Roy et al. "
        "2020, LAReQA: Language-Agnostic Answer Retrieval from a Multilingual Pool, EMNLP"
    ),
    homepage="https://rajpurkar.github.io/SQuAD-explorer/",
)

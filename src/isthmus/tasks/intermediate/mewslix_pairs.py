"""Mewsli-X's pairs: a mention in English Wikipedia and the entity it means; what Mewsli-X is trained on."""

from __future__ import annotations

from isthmus.sources.files import ByHand, Files
from isthmus.tasks.targets.mewslix import OBTAIN
from isthmus.tasks.task import Task

TASK = Task(
    name="mewslix_pairs",
    kind="ranking",
    description="the entity that is mentioned in a sentence of English Wikipedia, by its description",
    files=Files(
        format="mewslix_pairs",
        train="mewslix/wikipedia_pairs-train.jsonl",
        dev="mewslix/wikipedia_pairs-dev.jsonl",
        obtain=OBTAIN,
        by_hand=ByHand(languages=("en",), megabytes=(("train", 60.0), ("dev", 1.0))),
    ),
    train_on="mewslix_pairs",
    metrics=("map_at_20",),
    main="map",
    languages=("en",),
    licence="none stated by the authors; the text is Wikipedia's, CC BY-SA",
    citation="Ruder et al. 2021, XTREME-R: Towards More Challenging and Nuanced Multilingual Evaluation, EMNLP",
    homepage="https://github.com/google-research/google-research/tree/master/dense_representations_for_entity_retrieval",
)

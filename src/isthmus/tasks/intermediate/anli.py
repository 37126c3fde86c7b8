"""ANLI: English natural language inference that people wrote to mislead models, its three rounds together."""

from __future__ import annotations

from dataclasses import replace

from isthmus.sources.files import SPLITS, Files, HubFiles
from isthmus.tasks.task import Task


def _round(folder: str) -> Files:
    return Files("json_pairs", f"{folder}/train.jsonl", f"{folder}/dev.jsonl", f"{folder}/test.jsonl")


def _hub(number: int) -> HubFiles:
    return HubFiles(
        repo="facebook/anli",
        revision="8e4813d81f46d313dac7892e1c28076917cfcdf9",
        config="plain_text",
        splits=tuple((ours, f"{ours}_r{number}") for ours in SPLITS),
        shape="text_pair",
        columns=(("id", "uid"), ("first", "premise"), ("second", "hypothesis"), ("label", "label")),
        megabytes=(("train", 16.0), ("dev", 0.5), ("test", 0.5)),
        examples=(("train", (16_946, 45_460, 100_459)[number - 1]), ("dev", 1_200 if number == 3 else 1_000)),
    )


ROUNDS = tuple(replace(_round(f"anli_v1.0/R{i}"), others=(_round(f"anli/anli_v1.0/R{i}"),), hub=_hub(i)) for i in (1, 2, 3))


TASK = Task(
    name="anli",
    kind="classification",
    description="English natural language inference that people wrote to mislead models, rounds 1 to 3",
    files=Files(format="json_pairs", joined=ROUNDS),
    labels=("contradiction", "entailment", "neutral"),
    train_on="anli",
    metrics=("accuracy",),
    main="accuracy",
    languages=("en",),
    licence="CC BY-NC 4.0",
    citation="Nie et al. 2020, Adversarial NLI: A New Benchmark for Natural Language Understanding, ACL",
    homepage="https://github.com/facebookresearch/anli",
)

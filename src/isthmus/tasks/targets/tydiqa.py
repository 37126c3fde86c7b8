"""TyDiQA-GoldP: questions written in each language itself; the official test set is the GoldP development set."""

from __future__ import annotations

from isthmus.sources.files import Files, HubFiles
from isthmus.sources.formats.tydiqa import NAMES
from isthmus.tasks.task import Task

LANGUAGES = "ar bn en fi id ko ru sw te"

TASK = Task(
    name="tydiqa",
    kind="span",
    description="questions written in each language itself, each with one passage that answers it",
    files=Files(
        format="squad",
        train="tydiqa/tydiqa-goldp-v1.1-train/tydiqa.goldp.{language}.train.json",
        test="tydiqa/tydiqa-goldp-v1.1-dev/tydiqa.goldp.{language}.dev.json",
        others=(
            Files(
                format="tydiqa",
                train="tydiqa/tydiqa-goldp-v1.1-train.json",
                test="tydiqa/tydiqa-goldp-v1.1-dev.json",
                languages=tuple(LANGUAGES.split()),
            ),
        ),
        hub=HubFiles(
            repo="google-research-datasets/tydiqa",
            revision="da78f23f9119363459acbaf46bf89426ff26c259",
            config="secondary_task",
            languages=tuple(LANGUAGES.split()),
            names=tuple(NAMES.items()),
            rows=("id", "{language}-"),
            splits=(("train", "train"), ("test", "validation")),
            shape="question",
            columns=(("id", "id"), ("question", "question"), ("context", "context"), ("answers", "answers")),
            megabytes=(("train", 6.0), ("test", 0.6)),
            examples=(("train", 3_696),),
        ),
    ),
    train_on="tydiqa",
    metrics=("squad", "squad_segmented"),
    main="f1",
    languages=tuple(LANGUAGES.split()),
    benchmarks=("xtreme", "xtreme-r"),
    licence="Apache-2.0",
    citation=(
        "Clark et al. 2020, TyDi QA: A Benchmark for Information-Seeking Question Answering in Typologically "
        "Diverse Languages, TACL"
    ),
    homepage="https://github.com/google-research-datasets/tydiqa",
)

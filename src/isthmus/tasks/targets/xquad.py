"""XQuAD: a part of SQuAD's development set translated, trained on English SQuAD."""

from __future__ import annotations

from isthmus.sources.files import Files, HubFiles
from isthmus.tasks.task import Task

LANGUAGES = (
    "ar de el en es hi ru th tr vi zh "
    "ro"  # XTREME-R alone
)

TASK = Task(
    name="xquad",
    kind="span",
    description="questions of SQuAD translated with their contexts, trained on English SQuAD",
    files=Files(
        format="squad",
        test="xquad/xquad.{language}.json",
        hub=HubFiles(
            repo="google/xquad",
            revision="51adfef1c1287aab1d2d91b5bead9bcfb9c68583",
            config="xquad.{language}",
            languages=("ar", "de", "el", "en", "es", "hi", "ro", "ru", "th", "tr", "vi", "zh"),
            splits=(("test", "validation"),),
            shape="question",
            columns=(("id", "id"), ("question", "question"), ("context", "context"), ("answers", "answers")),
            examples=(("test", 1_190),),
        ),
    ),
    train_on="squad",
    part_of=("squad",),
    metrics=("squad", "squad_segmented"),
    main="f1",
    languages=tuple(sorted(LANGUAGES.split())),
    benchmarks=("xtreme", "xtreme-r"),
    licence="CC BY-SA 4.0",
    citation="Artetxe, Ruder and Yogatama 2020, On the Cross-lingual Transferability of Monolingual Representations, ACL",
    homepage="https://github.com/google-deepmind/xquad",
)

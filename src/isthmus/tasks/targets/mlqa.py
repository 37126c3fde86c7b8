"""MLQA: questions about Wikipedia paragraphs in 7 languages, trained on English SQuAD.

The release pairs every language of a question with every language of a context; XTREME scores those of one language.
"""

from __future__ import annotations

from isthmus.sources.files import Files, HubFiles
from isthmus.tasks.task import Task

PAIR = "context-{language}-question-{language}.json"

TASK = Task(
    name="mlqa",
    kind="span",
    description="questions about Wikipedia paragraphs in their own language, trained on English SQuAD",
    files=Files(
        format="squad",
        dev=f"mlqa/MLQA_V1/dev/dev-{PAIR}",
        test=f"mlqa/MLQA_V1/test/test-{PAIR}",
        others=(Files(format="squad", dev=f"MLQA_V1/dev/dev-{PAIR}", test=f"MLQA_V1/test/test-{PAIR}"),),
        hub=HubFiles(
            repo="google/xtreme",
            revision="ec5f1f46e9af79639a90684a7a70a956c4998f04",
            config="MLQA.{language}.{language}",
            languages=("ar", "de", "en", "es", "hi", "vi", "zh"),
            splits=(("dev", "validation"), ("test", "test")),
            shape="question",
            columns=(("id", "id"), ("question", "question"), ("context", "context"), ("answers", "answers")),
            megabytes=(("test", 8.0),),
        ),
    ),
    train_on="squad",
    metrics=("mlqa",),
    main="f1",
    languages=("ar", "de", "en", "es", "hi", "vi", "zh"),
    benchmarks=("xtreme", "xtreme-r"),
    licence="CC BY-SA 3.0",
    citation="Lewis et al. 2020, MLQA: Evaluating Cross-lingual Extractive Question Answering, ACL",
    homepage="https://github.com/facebookresearch/MLQA",
)

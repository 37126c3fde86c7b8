"""LAReQA: the sentence that answers a question, in every language at once, among those of all languages (XQuAD-R)."""

from __future__ import annotations

from isthmus.sources.files import ByHand, Files
from isthmus.tasks.task import Task

LANGUAGES = ("ar", "de", "el", "en", "es", "hi", "ru", "th", "tr", "vi", "zh")

TASK = Task(
    name="lareqa",
    kind="ranking",
    description="the sentences of any language that answer a question, among those of all languages of XQuAD-R",
    files=Files(
        format="xquad_r",
        test="lareqa/xquad-r/{language}.json",
        obtain=(
            "XQuAD-R is the folder xquad-r of the repository github.com/google-research-datasets/lareqa; put it into the "
            "folder lareqa of the data directory. All its languages make one pool"
        ),
        # Of the pool: every sentence is read with all of its paragraph.
        by_hand=ByHand(languages=LANGUAGES, megabytes=(("test", 60.0),)),
    ),
    train_on="squad_sentences",
    part_of=("squad_sentences",),  # it is XQuAD as retrieval
    metrics=("map_at_20",),
    main="map",
    languages=LANGUAGES,
    benchmarks=("xtreme-r",),
    licence="CC BY-SA 4.0",
    citation="Roy et al. 2020, LAReQA: Language-Agnostic Answer Retrieval from a Multilingual Pool, EMNLP",
    homepage="https://github.com/google-research-datasets/lareqa",
)

"""Mewsli-X: which of a million entities a mention in the news means, by the description of the entity in some language.

XTREME blanks the test split's entities; the development split has them.
"""

from __future__ import annotations

from isthmus.sources.files import ByHand, Files
from isthmus.tasks.task import Task

OBTAIN = (
    "Mewsli-X is released without the text of its news: in the repository github.com/google-research/google-research, "
    "folder dense_representations_for_entity_retrieval/mel, run get-mewsli-x.sh (it fills the text in from public dumps of "
    "Wikinews, in five to ten minutes), and put the .jsonl files of mewsli_x/output/dataset into the folder mewslix of the "
    "data directory; XTREME's scripts/download_data.sh does the same, and splits the mentions by language"
)
LANGUAGES = ("ar", "de", "en", "es", "fa", "ja", "pl", "ro", "ta", "tr", "uk")

TASK = Task(
    name="mewslix",
    kind="ranking",
    description="the entity that is mentioned in a news article, among a million of them by their descriptions",
    files=Files(
        format="mewslix",
        dev="mewslix/wikinews_mentions/dev-{language}.jsonl",
        test="mewslix/wikinews_mentions/test-{language}.jsonl",
        others=(
            Files(
                format="mewslix",
                dev="mewslix/wikinews_mentions-dev.jsonl",
                test="mewslix/wikinews_mentions-test.jsonl",
                languages=LANGUAGES,
            ),
        ),
        obtain=OBTAIN,
        by_hand=ByHand(languages=LANGUAGES, megabytes=(("dev", 400.0), ("test", 400.0))),  # nearly all of it the pool
    ),
    train_on="mewslix_pairs",
    metrics=("map_at_20",),
    main="map",
    languages=LANGUAGES,
    benchmarks=("xtreme-r",),
    licence="none stated by the authors; the text is Wikinews', CC BY, and Wikipedia's, CC BY-SA",
    citation="Ruder et al. 2021, XTREME-R: Towards More Challenging and Nuanced Multilingual Evaluation, EMNLP",
    homepage="https://github.com/google-research/google-research/tree/master/dense_representations_for_entity_retrieval",
)

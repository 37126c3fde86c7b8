"""BUCC 2018: find the pairs of translations hidden in two texts that are about the same things; nothing is trained."""

from __future__ import annotations

from isthmus.sources.files import ByHand, Files
from isthmus.tasks.task import Task

TASK = Task(
    name="bucc2018",
    kind="mining",
    description="the pairs of translations hidden in two texts, by nearest encoding and a threshold tuned on dev",
    files=Files(
        format="bucc",
        dev="bucc2018/{language}-en.dev.{language}",
        test="bucc2018/{language}-en.test.{language}",
        obtain=(
            "The hub has but the pairs (google/xtreme, bucc18), without the sentences they hide among: get the sample and "
            "training sets from comparable.limsi.fr/bucc2018 and have XTREME's download_data.sh make bucc2018/ of them"
        ),
        by_hand=ByHand(languages=("de", "fr", "ru", "zh"), megabytes=(("dev", 10.0), ("test", 100.0))),
    ),
    metrics=("pairs_f1",),
    main="f1",
    languages=("de", "fr", "ru", "zh"),
    benchmarks=("xtreme",),
    licence="none stated by the authors; the text is Wikipedia's, CC BY-SA, and the News Commentary corpus's",
    citation=(
        "Zweigenbaum, Sharoff and Rapp 2018, Overview of the Third BUCC Shared Task: Spotting Parallel Sentences in "
        "Comparable Corpora, BUCC"
    ),
    homepage="https://comparable.limsi.fr/bucc2018/bucc2018-task.html",
)

"""CCG supertagging: the lexical category of every English word in CCGbank, as ``word TAB category`` columns."""

from __future__ import annotations

from isthmus.sources.files import ByHand, Files
from isthmus.tasks.task import Task

TASK = Task(
    name="ccg",
    kind="tagging",
    description="the lexical category of every English word; the categories are those of the training set",
    files=Files(
        format="tags",
        train="ccg/train.tsv",
        dev="ccg/dev.tsv",
        test="ccg/test.tsv",
        obtain=(
            "CCGbank is not free: get LDC2005T13 from the Linguistic Data Consortium (catalog.ldc.upenn.edu) and write its "
            "words and their categories, one word TAB category a line, a blank line between sentences: sections 02-21 to "
            "ccg/train.tsv, section 00 to ccg/dev.tsv, section 23 to ccg/test.tsv"
        ),
        by_hand=ByHand(languages=("en",), megabytes=(("train", 10.0), ("dev", 0.5), ("test", 0.6))),
    ),
    train_on="ccg",
    metrics=("token_accuracy",),
    main="accuracy",
    languages=("en",),
    licence="LDC user agreement (LDC2005T13)",
    citation=(
        "Hockenmaier and Steedman 2007, CCGbank: A Corpus of CCG Derivations and Dependency Structures Extracted from the "
        "Penn Treebank, Computational Linguistics"
    ),
    homepage="https://catalog.ldc.upenn.edu/LDC2005T13",
)

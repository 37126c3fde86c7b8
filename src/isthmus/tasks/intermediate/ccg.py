"""CCG supertagging: the lexical category of every English word in CCGbank, as ``word TAB category`` columns."""

from __future__ import annotations

from isthmus.sources.files import Files
from isthmus.tasks.task import Task

TASK = Task(
    name="ccg",
    kind="tagging",
    description="the lexical category of every English word; the categories are those of the training set",
    files=Files(format="tags", train="ccg/train.tsv", dev="ccg/dev.tsv", test="ccg/test.tsv"),
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

"""Part-of-speech tagging on Universal Dependencies treebanks."""

from __future__ import annotations

from isthmus.sources.files import Files
from isthmus.tasks.task import Task

LANGUAGES = (
    "af ar bg de el en es et eu fa fi fr he hi hu id it ja kk ko mr nl pt ru ta te th tl tr ur vi yo zh "
    "lt pl ro uk wo"  # XTREME-R alone
)
TAGS = "ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X"

TASK = Task(
    name="udpos",
    kind="tagging",
    description="universal part-of-speech tags; the official F1 counts runs of equal tags, accuracy stands beside it",
    files=Files(
        format="tags", train="udpos/train-{language}.tsv", dev="udpos/dev-{language}.tsv", test="udpos/test-{language}.tsv"
    ),
    labels=tuple(TAGS.split()),
    train_on="udpos",
    metrics=("span_f1", "token_accuracy"),
    main="f1",
    languages=tuple(sorted(LANGUAGES.split())),
    benchmarks=("xtreme", "xtreme-r"),
    licence="of each treebank: mostly CC BY-SA 3.0 or 4.0, several CC BY-NC-SA",
    citation="Nivre et al. 2020, Universal Dependencies v2: An Evergrowing Multilingual Treebank Collection, LREC",
    homepage="https://universaldependencies.org",
)

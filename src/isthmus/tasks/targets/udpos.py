"""Part-of-speech tagging on Universal Dependencies treebanks.

The hub's copy was made otherwise than XTREME's own: there a fused form is the words it stands for, and empty nodes are kept.
In languages that have them the words differ, and so does the figure.
"""

from __future__ import annotations

from isthmus.sources.files import Files, HubFiles
from isthmus.tasks.task import Task

LANGUAGES = (
    "af ar bg de el en es et eu fa fi fr he hi hu id it ja kk ko mr nl pt ru ta te th tl tr ur vi yo zh "
    "lt pl ro uk wo"  # XTREME-R alone
)
TAGS = "ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X"
HUB_NAMES = (  # what google/xtreme calls them
    "af:Afrikaans ar:Arabic bg:Bulgarian de:German el:Greek en:English es:Spanish et:Estonian eu:Basque fa:Persian "
    "fi:Finnish fr:French he:Hebrew hi:Hindi hu:Hungarian id:Indonesian it:Italian ja:Japanese kk:Kazakh ko:Korean "
    "mr:Marathi nl:Dutch pt:Portuguese ru:Russian ta:Tamil te:Telugu th:Thai tl:Tagalog tr:Turkish ur:Urdu "
    "vi:Vietnamese yo:Yoruba zh:Chinese"
)
ON_HUB = dict(pair.split(":") for pair in HUB_NAMES.split())

TASK = Task(
    name="udpos",
    kind="tagging",
    description="universal part-of-speech tags; the official F1 counts runs of equal tags, accuracy stands beside it",
    files=Files(
        format="tags",
        train="udpos/train-{language}.tsv",
        dev="udpos/dev-{language}.tsv",
        test="udpos/test-{language}.tsv",
        others=(
            Files(
                format="conllu",
                train="udpos/conllu/{language}.train.conllu",
                dev="udpos/conllu/{language}.dev.conllu",
                test="udpos/conllu/{language}.test.conllu",
            ),
            # One treebank of many, so not XTREME's test set in the languages that have others besides.
            Files(format="conllu", test="udpos/conllu/{language}_pud-ud-test.conllu"),
        ),
        obtain=(
            "XTREME takes all treebanks of a language together, of ud-treebanks-v2.5 (for lt, pl, ro, uk and wo v2.7; "
            "universaldependencies.org). Either have its download_data.sh make udpos/ of them, or append the files of a "
            "language in the order of their names, as ud-treebanks-v2.5/*/en_*-ud-train.conllu, in one file a split, as "
            "udpos/conllu/en.train.conllu. The hub's copy (google/xtreme) splits fused forms and keeps empty nodes: in the "
            "languages that have them a figure from there is not XTREME's"
        ),
        hub=HubFiles(
            repo="google/xtreme",
            revision="ec5f1f46e9af79639a90684a7a70a956c4998f04",
            config="udpos.{language}",
            languages=tuple(ON_HUB),
            names=tuple(ON_HUB.items()),
            missing=(("train", ("th", "tl", "yo")), ("dev", ("kk", "th", "tl", "yo"))),
            shape="tagged",
            columns=(("words", "tokens"), ("tags", "pos_tags")),
            examples=(("train", 21_253), ("dev", 3_974)),
        ),
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

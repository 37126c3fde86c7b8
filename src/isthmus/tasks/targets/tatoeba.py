"""Tatoeba: for each English sentence, find its translation among up to 1,000; nothing is trained."""

from __future__ import annotations

from isthmus.sources.files import Files, HubFiles
from isthmus.tasks.task import Task

LANGUAGES = (
    "af ar bg bn de el es et eu fa fi fr he hi hu id it ja jv ka kk ko ml mr nl pt ru sw ta te th tl tr ur vi zh "
    "az lt pl ro uk"  # XTREME-R alone
)
HUB_NAMES = (  # what google/xtreme calls them
    "af:afr ar:ara bg:bul bn:ben de:deu el:ell es:spa et:est eu:eus fa:pes fi:fin fr:fra he:heb hi:hin hu:hun id:ind "
    "it:ita ja:jpn jv:jav ka:kat kk:kaz ko:kor ml:mal mr:mar nl:nld pt:por ru:rus sw:swh ta:tam te:tel th:tha tl:tgl "
    "tr:tur ur:urd vi:vie zh:cmn"
)
ON_HUB = dict(pair.split(":") for pair in HUB_NAMES.split())

TASK = Task(
    name="tatoeba",
    kind="retrieval",
    description="the translation of each English sentence among up to 1,000, by nearest encoding",
    files=Files(
        format="bitext",
        test="tatoeba/{language}-en.{language}",
        hub=HubFiles(
            repo="google/xtreme",
            revision="ec5f1f46e9af79639a90684a7a70a956c4998f04",
            config="tatoeba.{language}",
            languages=tuple(ON_HUB),
            names=tuple(ON_HUB.items()),
            splits=(("test", "validation"),),
            shape="bitext",
            columns=(("query", "target_sentence"), ("candidate", "source_sentence")),
            megabytes=(("test", 0.1),),
            examples=(("test", 1_000),),
        ),
    ),
    metrics=("accuracy",),
    main="accuracy",
    languages=tuple(sorted(LANGUAGES.split())),
    benchmarks=("xtreme", "xtreme-r"),
    licence="CC BY 2.0 FR",
    citation=(
        "Artetxe and Schwenk 2019, Massively Multilingual Sentence Embeddings for Zero-Shot Cross-Lingual "
        "Transfer and Beyond, TACL"
    ),
    homepage="https://github.com/facebookresearch/LASER",
)

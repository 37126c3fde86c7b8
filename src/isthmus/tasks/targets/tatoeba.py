"""Tatoeba: for each English sentence, find its translation among up to 1,000; nothing is trained."""

from __future__ import annotations

from isthmus.sources.files import Files
from isthmus.tasks.task import Task

LANGUAGES = (
    "af ar bg bn de el es et eu fa fi fr he hi hu id it ja jv ka kk ko ml mr nl pt ru sw ta te th tl tr ur vi zh "
    "az lt pl ro uk"  # XTREME-R alone
)

TASK = Task(
    name="tatoeba",
    kind="retrieval",
    description="the translation of each English sentence among up to 1,000, by nearest encoding",
    files=Files(format="bitext", test="tatoeba/{language}-en.{language}"),
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

"""PAN-X, also called WikiANN: names of places, organisations and persons in Wikipedia sentences."""

from __future__ import annotations

from isthmus.sources.files import Files, HubFiles
from isthmus.tasks.task import Task

LANGUAGES = (
    "af ar bg bn de el en es et eu fa fi fr he hi hu id it ja jv "
    "ka kk ko ml mr ms my nl pt ru sw ta te th tl tr ur vi yo zh "
    "az gu lt pa pl qu ro uk"  # XTREME-R alone
)

TASK = Task(
    name="panx",
    kind="tagging",
    description="names of places, organisations and persons in Wikipedia sentences",
    files=Files(
        format="tags",
        train="panx/train-{language}.tsv",
        dev="panx/dev-{language}.tsv",
        test="panx/test-{language}.tsv",
        others=(
            Files(format="wikiann", train="panx/{language}/train", dev="panx/{language}/dev", test="panx/{language}/test"),
        ),
        obtain=(
            "The release has to be fetched by hand: AmazonPhotos.zip, at the address that github.com/afshinrahimi/mmner "
            "gives. Either have XTREME's download_data.sh make panx/ of it, or unpack the archive of each language, as "
            "en.tar.gz, in a folder of its own, as panx/en, which then holds train, dev and test"
        ),
        hub=HubFiles(
            repo="unimelb-nlp/wikiann",
            revision="f0a3be6dc5564c0cc4150bb660144800a1f539d4",
            config="{language}",
            languages=tuple(LANGUAGES.split()),
            shape="tagged",
            columns=(("words", "tokens"), ("tags", "ner_tags")),
            examples=(("train", 20_000), ("dev", 10_000)),
        ),
    ),
    labels=("O", "B-LOC", "I-LOC", "B-ORG", "I-ORG", "B-PER", "I-PER"),
    train_on="panx",
    metrics=("span_f1", "token_accuracy"),
    main="f1",
    languages=tuple(sorted(LANGUAGES.split())),
    benchmarks=("xtreme", "xtreme-r"),
    licence="none stated by the authors; the text is Wikipedia's, CC BY-SA",
    citation=(
        "Pan et al. 2017, Cross-lingual Name Tagging and Linking for 282 Languages, ACL; splits of Rahimi et "
        "al. 2019, Massively Multilingual Transfer for NER, ACL"
    ),
    homepage="https://github.com/afshinrahimi/mmner",
)

"""A few rows of our own for each task that lies on the hub, with the hub's repositories, files, columns and classes.

The columns that a task does not read are there too where they could be mistaken for those it does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from isthmus.sources.example import (
    Answer,
    Choice,
    Example,
    OpenQuestion,
    Question,
    Ranked,
    SentencePair,
    TaggedSentence,
    TextPair,
)

NLI = ("entailment", "neutral", "contradiction")
NER = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC")
UPOS = "ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X"
PASSAGE = "The mill was built in 1850. It burnt down."


@dataclass(frozen=True)
class Sample:
    """One file of a repository, and the examples that a language and a split of a task must give."""

    repo: str
    file: str
    columns: Mapping[str, Sequence[Any]]
    expected: tuple[Example, ...]
    classes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    language: str = "en"
    split: str = "train"


def nli(
    repo: str,
    file: str,
    language: str = "en",
    split: str = "train",
    ids: tuple[str, str] = ("0", "1"),
    **more: Sequence[Any],
) -> Sample:
    columns = {"premise": ["It rains.", "It rains."], "hypothesis": ["It is wet.", "It is dry."], "label": [0, 2], **more}
    expected = (
        TextPair(ids[0], "It rains.", "It is wet.", "entailment"),
        TextPair(ids[1], "It rains.", "It is dry.", "contradiction"),
    )
    return Sample(repo, file, columns, expected, {"label": NLI}, language, split)


def questions(repo: str, file: str, language: str = "en", split: str = "train", before: str = "") -> Sample:
    columns = {
        "id": [f"{before}1", f"{before}2"],
        "title": ["Mill", "Mill"],
        "context": [PASSAGE, PASSAGE],
        "question": ["When was it built?", "What was built?"],
        "answers": [{"text": ["1850", "in 1850"], "answer_start": [22, 19]}, {"text": ["The mill"], "answer_start": [0]}],
    }
    first, second = (Answer("1850", 22), Answer("in 1850", 19)), (Answer("The mill", 0),)
    expected = (
        Question(f"{before}1", "When was it built?", PASSAGE, first),
        Question(f"{before}2", "What was built?", PASSAGE, second),
    )
    return Sample(repo, file, columns, expected, {}, language, split)


def copa(repo: str, file: str, language: str, split: str, classes: Mapping[str, Sequence[str]]) -> Sample:
    columns = {
        "premise": ["The glass fell.", "The glass fell."],
        "choice1": ["It broke.", "A cat came."],
        "choice2": ["It sang.", "A cat slept."],
        "question": ["effect", "cause"],
        "idx": [7, 8],
        "label": [0, 0],
    }
    expected = (
        Choice("0", "The glass fell.", "What was the effect?", ("It broke.", "It sang."), 0),
        Choice("1", "The glass fell.", "What was the cause?", ("A cat came.", "A cat slept."), 0),
    )
    return Sample(repo, file, columns, expected, classes, language, split)


SQUAD = questions("rajpurkar/squad", "plain_text/train-00000-of-00001.parquet")
POOL = {"1_0": ("The mill was built in 1850.", PASSAGE), "1_1": ("It burnt down.", PASSAGE)}
COPA_CLASSES = {"label": ("choice1", "choice2")}
PAIR = {"sentence1": ["A b c.", "A b c."], "sentence2": ["C b a.", "D e f."]}

SAMPLES: dict[str, tuple[Sample, ...]] = {
    "anli": (
        nli(
            "facebook/anli",
            "plain_text/train_r1-00000-of-00001.parquet",
            ids=("u1", "u2"),
            uid=["u1", "u2"],
            reason=["", ""],
        ),
    ),
    "commonsenseqa": (
        Sample(
            "tau/commonsense_qa",
            "data/test-00000-of-00001.parquet",
            {
                "id": ["c1"],
                "question": ["Where do mills stand?"],
                "question_concept": ["mill"],
                "choices": [{"label": list("ABCDE"), "text": ["river", "moon", "sock", "egg", "song"]}],
                "answerKey": [""],
            },
            (Choice("c1", "", "Where do mills stand?", ("river", "moon", "sock", "egg", "song"), None),),
            split="test",
        ),
        Sample(
            "tau/commonsense_qa",
            "data/train-00000-of-00001.parquet",
            {
                "id": ["c1"],
                "question": ["Where do mills stand?"],
                "question_concept": ["mill"],
                "choices": [{"label": list("ABCDE"), "text": ["moon", "river", "sock", "egg", "song"]}],
                "answerKey": ["B"],
            },
            (Choice("c1", "", "Where do mills stand?", ("moon", "river", "sock", "egg", "song"), 1),),
        ),
    ),
    "copa": (copa("aps/super_glue", "copa/train-00000-of-00001.parquet", "en", "train", COPA_CLASSES),),
    "cosmosqa": (
        Sample(
            "allenai/cosmos_qa",
            "default/validation/0000.parquet",
            {
                "id": ["k1"],
                "context": ["I took an umbrella."],
                "question": ["Why?"],
                **{f"answer{i}": [text] for i, text in enumerate(("Sun.", "Rain.", "Snow.", "None."))},
                "label": [1],
            },
            (Choice("k1", "I took an umbrella.", "Why?", ("Sun.", "Rain.", "Snow.", "None."), 1),),
            split="dev",
        ),
    ),
    "hellaswag": (
        Sample(
            "Rowan/hellaswag",
            "data/train-00000-of-00001.parquet",
            {
                "ind": [4],
                "ctx_a": ["A man sits."],
                "ctx_b": ["he"],
                "ctx": ["A man sits. he"],
                "endings": [["stands.", "flies.", "melts.", "rings."]],
                "label": ["0"],
            },
            (Choice("0", "A man sits.", None, ("he stands.", "he flies.", "he melts.", "he rings."), 0),),
        ),
    ),
    "mlqa": (questions("google/xtreme", "MLQA.de.de/test-00000-of-00001.parquet", "de", "test"),),
    "mnli": (
        nli("nyu-mll/multi_nli", "data/train-00000-of-00001.parquet", premise_parse=["(", "("], genre=["letters"] * 2),
        nli("nyu-mll/multi_nli", "data/validation_matched-00000-of-00001.parquet", split="dev"),
    ),
    "panx": (
        Sample(
            "unimelb-nlp/wikiann",
            "yo/test-00000-of-00001.parquet",
            {"tokens": [["Ada", "in", "Hove"]], "ner_tags": [[1, 0, 5]], "langs": [["yo"] * 3], "spans": [["PER: Ada"]]},
            (TaggedSentence("0", ("Ada", "in", "Hove"), ("B-PER", "O", "B-LOC")),),
            {"ner_tags": NER},
            "yo",
            "test",
        ),
    ),
    "pawsx": (
        Sample(
            "google-research-datasets/paws-x",
            "ko/validation-00000-of-00001.parquet",
            {"id": [1, 2], **PAIR, "label": [1, 0]},
            (TextPair("0", "A b c.", "C b a.", "1"), TextPair("1", "A b c.", "D e f.", "0")),
            {"label": ("0", "1")},
            "ko",
            "dev",
        ),
    ),
    "qqp": (
        Sample(
            "nyu-mll/glue",
            "qqp/train-00000-of-00001.parquet",
            {"question1": ["Who?", "Why?"], "question2": ["Who is it?", ""], "label": [1, 0], "idx": [0, 1]},
            (TextPair("0", "Who?", "Who is it?", "1"), TextPair("1", "Why?", "", "0")),
            {"label": ("not_duplicate", "duplicate")},
        ),
        Sample(
            "nyu-mll/glue",
            "qqp/test-00000-of-00001.parquet",
            {"question1": ["Who?"], "question2": ["Who is it?"], "label": [-1], "idx": [0]},
            (TextPair("0", "Who?", "Who is it?", None),),
            {"label": ("not_duplicate", "duplicate")},
            split="test",
        ),
    ),
    "rte": (
        Sample(
            "nyu-mll/glue",
            "rte/train-00000-of-00001.parquet",
            {**PAIR, "label": [0, 1], "idx": [0, 1]},
            (TextPair("0", "A b c.", "C b a.", "entailment"), TextPair("1", "A b c.", "D e f.", "not_entailment")),
            {"label": ("entailment", "not_entailment")},
        ),
    ),
    "siqa": (
        Sample(
            "allenai/social_i_qa",
            "default/train/0000.parquet",
            {
                "context": ["Ada fell."],
                "question": ["How does she feel?"],
                "answerA": ["fine"],
                "answerB": ["proud"],
                "answerC": ["hurt"],
                "label": ["3"],
            },
            (Choice("0", "Ada fell.", "How does she feel?", ("fine", "proud", "hurt"), 2),),
        ),
    ),
    "snli": (
        Sample(
            "stanfordnlp/snli",
            "plain_text/train-00000-of-00001.parquet",
            {"premise": ["A dog.", "A cat."], "hypothesis": ["A pet?", "An animal."], "label": [-1, 0]},
            (TextPair("0", "A cat.", "An animal.", "entailment"),),
            {"label": NLI},
        ),
    ),
    "squad": (SQUAD,),
    "squad_sentences": (
        Sample(
            SQUAD.repo,
            SQUAD.file,
            SQUAD.columns,
            (Ranked("1", "When was it built?", POOL, ("1_0",)), Ranked("2", "What was built?", POOL, ("1_0",))),
        ),
    ),
    "squad_v2": (
        Sample(
            "rajpurkar/squad_v2",
            "squad_v2/validation-00000-of-00001.parquet",
            {
                "id": ["1", "2"],
                "title": ["Mill", "Mill"],
                "context": [PASSAGE, PASSAGE],
                "question": ["When was it built?", "Who built it?"],
                "answers": [{"text": ["1850"], "answer_start": [22]}, {"text": [], "answer_start": []}],
            },
            (
                OpenQuestion("1", "When was it built?", PASSAGE, (Answer("1850", 22),)),
                OpenQuestion("2", "Who built it?", PASSAGE, ()),
            ),
            split="dev",
        ),
    ),
    "tatoeba": (
        Sample(
            "google/xtreme",
            "tatoeba.swh/validation-00000-of-00001.parquet",
            {
                "source_sentence": ["Ndiyo.\n", "Hapana.\n"],
                "target_sentence": ["Yes.\n", "No.\n"],
                "source_lang": ["swh", "swh"],
                "target_lang": ["eng", "eng"],
            },
            (SentencePair("0", "Yes.", "Ndiyo.", 0), SentencePair("1", "No.", "Hapana.", 1)),
            language="sw",
            split="test",
        ),
    ),
    "tydiqa": (
        questions(
            "google-research-datasets/tydiqa",
            "secondary_task/validation-00000-of-00001.parquet",
            "fi",
            "test",
            "finnish-",
        ),
    ),
    "udpos": (
        Sample(
            "google/xtreme",
            "udpos.Kazakh/test-00000-of-00001.parquet",
            {"tokens": [["Ada", "sings", "."]], "pos_tags": [[11, 15, 12]]},
            (TaggedSentence("0", ("Ada", "sings", "."), ("PROPN", "VERB", "PUNCT")),),
            {"pos_tags": UPOS.split()},
            "kk",
            "test",
        ),
    ),
    "xcopa": (
        copa("cambridgeltl/xcopa", "qu/test-00000-of-00001.parquet", "qu", "test", {}),
        copa("aps/super_glue", "copa/train-00000-of-00001.parquet", "en", "train", COPA_CLASSES),
    ),
    "xnli": (nli("facebook/xnli", "sw/test-00000-of-00001.parquet", "sw", "test"),),
    "xquad": (questions("google/xquad", "xquad.th/validation-00000-of-00001.parquet", "th", "test"),),
}

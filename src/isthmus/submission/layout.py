"""What each version of the benchmark asks for: tasks, languages, names of files, and which figures are averaged how.

The official lists are those of XTREME's evaluate.py (google-research/xtreme), its keys included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from isthmus.core.errors import UnknownName
from isthmus.tasks.task import load_task

_XTREME = {
    "pawsx": "de en es fr ja ko zh",
    "xnli": "ar bg de el en es fr hi ru sw th tr ur vi zh",
    "panx": "af ar bg bn de el en es et eu fa fi fr he hi hu id it ja jv ka kk ko ml mr ms my nl pt ru sw ta te th tl tr ur "
    "vi yo zh",
    "udpos": "af ar bg de el en es et eu fa fi fr he hi hu id it ja kk ko mr nl pt ru ta te th tl tr ur vi yo zh",
    "bucc2018": "de fr ru zh",
    "tatoeba": "af ar bg bn de el es et eu fa fi fr he hi hu id it ja jv ka kk ko ml mr nl pt ru sw ta te th tl tr ur vi zh",
    "xquad": "ar de el en es hi ru th tr vi zh",
    "mlqa": "ar de en es hi vi zh",
    "tydiqa": "ar bn en fi id ko ru sw te",
}
_XTREME_R = {
    "xnli": _XTREME["xnli"],
    "panx": _XTREME["panx"] + " az gu lt pa pl qu ro uk",
    "udpos": _XTREME["udpos"] + " lt pl ro uk wo",
    "tatoeba": _XTREME["tatoeba"] + " az lt pl ro uk",
    "xcopa": "et ht id it qu sw ta th tr vi zh",
    "lareqa": _XTREME["xquad"],  # evaluate.py names the task and no language; these are those of XQuAD-R
    "mewslix": "ar de en es fa ja pl ro ta tr uk",
    "xquad": _XTREME["xquad"] + " ro",
    "mlqa": _XTREME["mlqa"],
    "tydiqa": _XTREME["tydiqa"],
}
SUFFIXES = MappingProxyType({"span": "json", "ranking": "json", "choice": "jsonl"})  # by kind of task; all others tsv


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of the benchmark: ``languages`` of each task, ``groups`` of tasks as evaluate.py averages them.

    ``optional`` are tasks without an official file format and reader: an average can do without them.
    """

    name: str
    languages: Mapping[str, tuple[str, ...]]
    groups: Mapping[str, tuple[str, ...]]
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A file of ``isthmus.metrics``, its keys as evaluate.py calls them, and those whose mean is the figure of a task.

    ``called`` is what people call that figure.
    """

    name: str
    called: str
    keys: Mapping[str, str]
    main: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """How a task is scored: the official metric and, where it misleads, the one to read beside it and ``why``."""

    official: Metric
    beside: Metric | None = None
    why: str = ""


def _split(languages: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({task: tuple(sorted(listed.split())) for task, listed in languages.items()})


QA = ("xquad", "mlqa", "tydiqa")
VERSIONS = MappingProxyType(
    {
        "xtreme": Version(
            name="xtreme",
            languages=_split(_XTREME),
            groups={
                "classification": ("pawsx", "xnli"),
                "tagging": ("udpos", "panx"),
                "qa": QA,
                "retrieval": ("bucc2018", "tatoeba"),
            },
        ),
        "xtreme-r": Version(
            name="xtreme-r",
            languages=_split(_XTREME_R),
            groups={
                "classification": ("xnli", "xcopa"),
                "tagging": ("udpos", "panx"),
                "qa": QA,
                "retrieval": ("tatoeba", "mewslix"),
                "multi_choice": ("xcopa",),
            },
            optional=("lareqa",),
        ),
    }
)

_ACCURACY = Metric(name="accuracy", called="accuracy", keys={"accuracy": "accuracy"}, main=("accuracy",))
_F1 = {"f1": "f1", "precision": "precision", "recall": "recall"}
_SPANS = Metric(name="span_f1", called="F1", keys=_F1, main=("f1",))
_QA_MAIN = ("exact_match", "f1")
_ANSWERS = {key: key for key in _QA_MAIN}
_SEGMENTED = tuple(f"{key}_segmented" for key in _QA_MAIN)
_ENGLISH = Figures(
    Metric(name="squad", called="mean of EM and F1", keys=_ANSWERS, main=_QA_MAIN),
    Metric(name="squad_segmented", called="segmented", keys={key: key for key in _SEGMENTED}, main=_SEGMENTED),
    "words are what spaces part, so an answer in Chinese or Thai is one word",
)
_RANKED = Figures(Metric(name="map_at_20", called="MAP@20", keys={"map": "map@20"}, main=("map@20",)))
FIGURES: Mapping[str, Figures] = MappingProxyType(
    {
        "xnli": Figures(_ACCURACY),
        "pawsx": Figures(_ACCURACY),
        "xcopa": Figures(_ACCURACY),
        "tatoeba": Figures(_ACCURACY),
        "panx": Figures(_SPANS),
        "udpos": Figures(
            _SPANS,
            Metric(name="token_accuracy", called="accuracy", keys={"accuracy": "accuracy"}, main=("accuracy",)),
            "F1 over runs of equal tags, as seqeval to 0.0.15 has it (later ones differ), is not the accuracy of papers",
        ),
        "bucc2018": Figures(Metric(name="pairs_f1", called="F1", keys=_F1, main=("f1",))),
        "xquad": _ENGLISH,
        "tydiqa": _ENGLISH,
        "mlqa": Figures(Metric(name="mlqa", called="mean of EM and F1", keys=_ANSWERS, main=_QA_MAIN)),
        "mewslix": _RANKED,
        "lareqa": _RANKED,
    }
)


def load_version(name: str) -> Version:
    """Return a version by name; raises UnknownName with the nearest names."""
    if name not in VERSIONS:
        raise UnknownName("version", name, VERSIONS)
    return VERSIONS[name]


def file_name(task: str, language: str) -> str:
    """Return the name of a task's file of one language, in its own folder, for predictions and labels alike."""
    return f"test-{language}.{SUFFIXES.get(load_task(task).kind, 'tsv')}"

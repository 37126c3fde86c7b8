"""A translator as data: what turns the training examples of a task into examples in other languages."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from isthmus.core.errors import nearest
from isthmus.study.record import Count, Name, Positive, Precision, Record, Seed, Share


class Filter(Record):
    """Which translated examples are dropped, each counted by its reason.

    The characters of an example by those of its source are compared with the same figure of the whole translated set, since
    scripts differ in how much a character says: outside ``length_ratio`` an example is dropped. ``copied: drop`` drops
    what came back as it was.
    """

    length_ratio: Annotated[
        tuple[Positive, Positive], BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)
    ] = (0.5, 2.0)
    copied: Literal["drop", "keep"] = "drop"

    @model_validator(mode="after")
    def _from_less_to_more(self) -> Filter:
        low, high = self.length_ratio
        if not low < 1 < high:
            raise ValueError(f"length_ratio: found [{low:g}, {high:g}], expected one below 1 and one above it")
        return self


class Exact(Record):
    """What the world itself renders of the same meanings in another language: a translation without a fault."""

    kind: Literal["exact"]


class Lexicon(Record):
    """Word for word by the world's lexicons, in the order of the source; a ``noise`` share of words comes out wrong."""

    kind: Literal["lexicon"]
    noise: Share = 0.0
    seed: Seed = 0  # of which words come out wrong, and how
    filter: Filter = Filter()


class Beams(Record):
    """What neural translators have in common.

    ``codes`` say what the model calls a language where that is neither the FLORES-200 code (NLLB) nor the language's own
    name (M2M100). A text of more than ``max_length`` sub-words is split by sentences. ``batch`` texts go at once.
    """

    codes: dict[Name, Annotated[str, Field(min_length=1)]] = {}
    beams: Count = 4
    max_length: Count = 128
    batch: Count = 16
    filter: Filter = Filter()


class Seq2Seq(Beams):
    """A Hugging Face encoder-decoder with safetensors: a ``name`` of the hub with its ``revision``, or a directory."""

    kind: Literal["seq2seq"]
    name: str | None = None
    revision: str | None = None
    path: str | None = None
    precision: Precision = "fp32"

    @model_validator(mode="after")
    def _one_origin(self) -> Seq2Seq:
        if (self.name is None) == (self.path is None):
            raise ValueError("give exactly one of name (a model of the hub) and path (a directory)")
        if (self.name is None) != (self.revision is None):
            raise ValueError("name and revision (a commit) go together, so that the study means the same tomorrow")
        return self


class CTranslate2(Beams):
    """A model converted for CTranslate2 (an extra, isthmus[ctranslate2]): its directory, and that of its tokenizer."""

    kind: Literal["ctranslate2"]
    path: str
    tokenizer: str


def _known(value: Any) -> Any:
    kind = _kind(value)
    if kind is None:
        raise ValueError(f"it has no kind; expected {{kind: exact}}, say; {nearest('', KINDS)}")
    if kind not in KINDS:
        raise ValueError(f"unknown kind of translator {kind!r}; {nearest(str(kind), KINDS)}")
    return value


def _kind(value: Any) -> Any:
    return value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)


KINDS = ("exact", "lexicon", "seq2seq", "ctranslate2")
OF_THE_WORLD = ("exact", "lexicon")  # kinds that know the world's languages and no others
Translator = Annotated[
    Annotated[Exact, Tag("|exact")]
    | Annotated[Lexicon, Tag("|lexicon")]
    | Annotated[Seq2Seq, Tag("|seq2seq")]
    | Annotated[CTranslate2, Tag("|ctranslate2")],
    Discriminator(lambda value: f"|{_kind(value)}"),
    BeforeValidator(_known),
]


def settings_of(translator: Exact | Lexicon | Seq2Seq | CTranslate2, *languages: str) -> dict[str, Any]:
    """Return what is hashed of a translator between some languages: no path, and nothing that changes only its speed."""
    settings = translator.model_dump(mode="json", exclude={"path", "tokenizer", "batch", "codes"}, exclude_none=True)
    codes = {name: code for name, code in getattr(translator, "codes", {}).items() if name in languages}
    return {**settings, **({"codes": codes} if codes else {})}

"""A language as a declared point in typology: its traits, from a YAML file, and how far they are from English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from isthmus.core.errors import StudyError, nearest
from isthmus.study.document import Origin, read_mapping
from isthmus.study.faults import faults_of, together
from isthmus.study.record import Name, Record

FOLDER = Path(__file__).with_name("languages")
SOURCE = "en"
Portion = Annotated[float, Field(ge=0, le=1)]


class Language(Record):
    """The traits of one language.

    ``order`` is that of subject, object and verb; ``adjective`` stands before or after its noun, ``adposition`` before or
    after its noun phrase; ``negation`` is a word beside the verb or a suffix on it; ``article`` a word beside the noun, a
    suffix or nothing; ``case`` marks objects; ``question`` words come first or stay in place; ``copula`` is a word or
    nothing. ``cognates`` is the share of words that are the English ones, ``native_names`` that of names with a form of
    their own, ``resource`` how much raw text there is, as a share of the English.
    """

    name: Name
    about: str
    order: Literal["SVO", "SOV", "VSO", "VOS", "OVS", "OSV"]
    adjective: Literal["before", "after"]
    adposition: Literal["before", "after"]
    negation: Literal["before", "after", "suffix"]
    article: Literal["before", "after", "suffix", "none"]
    case: Literal["suffix", "prefix", "none"]
    plural: Literal["suffix", "prefix", "none"]
    question: Literal["front", "in_place"]
    copula: Literal["word", "none"]
    script: Literal["latin", "georgian", "greek", "cyrillic"]
    cognates: Portion
    native_names: Portion
    resource: Annotated[float, Field(gt=0, le=1)]


TRAITS = ("order", "adjective", "adposition", "negation", "article", "case", "plural", "question", "copula")


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a language is from English, each part from 0 (the same) to 1; ``whole`` is the mean of the three.

    ``typology`` is the share of grammatical traits that differ, ``lexicon`` that of words not shared, ``script`` 0 or 1.
    ``resource`` is no distance but what there is of text, as a share of the English.
    """

    typology: float
    lexicon: float
    script: float
    resource: float

    @property
    def whole(self) -> float:
        """Return the mean of typology, lexicon and script."""
        return (self.typology + self.lexicon + self.script) / 3


def distance(language: Language, source: Language) -> Distance:
    """Return how far a language is from the source language."""
    differing = sum(getattr(language, trait) != getattr(source, trait) for trait in TRAITS)
    return Distance(
        typology=differing / len(TRAITS),
        lexicon=source.cognates - language.cognates,
        script=float(language.script != source.script),
        resource=language.resource,
    )


def built_in() -> tuple[str, ...]:
    """Return the names of the languages that come with the package, English first."""
    return tuple(sorted((file.stem for file in FOLDER.glob("*.yaml")), key=lambda name: (name != SOURCE, name)))


def load_built_in(name: str) -> Language:
    """Return a language that comes with the package; raises StudyError with the nearest names."""
    if name not in built_in():
        raise StudyError(f"unknown language {name!r}; {nearest(name, built_in())}")
    return load_language(FOLDER / f"{name}.yaml")


def load_language(file: Path) -> Language:
    """Read a language from YAML; ``like: NAME`` takes every trait that is not given from a built-in language.

    Raises StudyError listing every unknown, missing, impossible or contradictory trait, each by name with its line.
    """
    content, origin = read_mapping(file)
    whole = _completed(content, origin)
    try:
        language = Language.model_validate(whole)
    except ValidationError as error:
        raise together([origin.locate(fault) for fault in faults_of(error)]) from None
    if faults := [*_contradictions(language, packaged=file.parent == FOLDER)]:
        raise together([origin.locate(fault) for fault in faults])
    return language


def _completed(content: Mapping[str, Any], origin: Origin) -> dict[str, Any]:
    own = dict(content)
    if "like" not in own:
        return own
    like = own.pop("like")
    if not isinstance(like, str) or like not in built_in():
        what = f"unknown language {like!r}; {nearest(str(like), built_in())}"
        raise origin.locate(StudyError(what, key="like"))
    return {**load_built_in(like).model_dump(exclude={"name", "about"}), **own}


def _contradictions(language: Language, *, packaged: bool) -> list[StudyError]:
    """Return what cannot be true of one language at once."""
    faults = []
    if not packaged and language.name in built_in():
        what = f"{language.name!r} comes with the package; choose another name"
        faults.append(StudyError(what, key="name"))
    if language.script != "latin" and language.cognates > 0:
        what = f"found {language.cognates}, but no word in {language.script} script is written as in English; expected 0"
        faults.append(StudyError(what, key="cognates"))
    if language.article == "suffix" and language.case == "suffix" and language.plural == "suffix":
        what = (
            "articles, cases and plurals cannot all be suffixes: no word could be told apart; expected one of them elsewhere"
        )
        faults.append(StudyError(what, key="article"))
    if language.case == "none" and language.order in ("VOS", "OSV", "OVS") and language.article == "none":
        what = (
            f"found none with the order {language.order} and no articles: nothing would show who did what; expected suffix"
        )
        faults.append(StudyError(f"{what} or prefix", key="case"))
    return faults

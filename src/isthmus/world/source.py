"""The world as a source: official files, rendered when they are first asked for and read like any others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from pydantic import ValidationError

from isthmus.core.errors import DataError, StudyError
from isthmus.core.files import write_atomic
from isthmus.core.hashing import digest, file_digest
from isthmus.core.remembered import cache_folder
from isthmus.sources.directory import Directory
from isthmus.sources.example import Example
from isthmus.sources.files import LANGUAGE, Files
from isthmus.sources.hub import Hub
from isthmus.sources.overlay import Overlay
from isthmus.sources.source import Fingerprint
from isthmus.study.document import read_mapping
from isthmus.study.faults import faults_of, together
from isthmus.study.place import HUB, WORLD
from isthmus.study.record import Record, Seed, Some
from isthmus.world.documents import MIXED_NAME
from isthmus.world.grammar import Grammar, grammar_of
from isthmus.world.inventory import inventory
from isthmus.world.language import SOURCE, Distance, Language, built_in, distance, load_built_in, load_language
from isthmus.world.set import SETS, Request, WorldSet
from isthmus.world.translating import rendering_folder, word_list, word_list_file


class WorldFile(Record):
    """A world as a YAML file declares it: its seed, and its languages by name or as files beside it."""

    seed: Seed = 0
    languages: Some[str] = built_in()


@dataclass(frozen=True)
class World:
    """Some languages and a seed; reads and lists like a directory in the official layout, and is one once rendered."""

    languages_: tuple[Language, ...]
    seed: int = 0

    @cached_property
    def root(self) -> Path:
        """Return the directory that the files are rendered into: its name holds everything they depend on."""
        code = {str(file.relative_to(HOME)): file_digest(file) for file in sorted(HOME.rglob("*")) if file.suffix in SOURCES}
        named = {"seed": self.seed, "languages": [language.model_dump() for language in self.languages_], "code": code}
        return cache_folder() / "world" / digest(named)[:16]

    @cached_property
    def grammars(self) -> dict[str, Grammar]:
        """Return {name: grammar} of all languages, English first."""
        return {language.name: grammar_of(language, inventory(), self.seed) for language in self.languages_}

    @cached_property
    def distances(self) -> dict[str, Distance]:
        """Return how far each language is from English."""
        source = self.languages_[0]
        return {language.name: distance(language, source) for language in self.languages_}

    def languages(self, files: Files, split: str) -> tuple[str, ...]:
        """Return the languages that exist for a split, sorted; empty where there is none."""
        if files.joined:
            return tuple(sorted(set.intersection(*(set(self.languages(part, split)) for part in files.joined))))
        pattern = files.pattern(split)
        if pattern is None:
            return ()
        named = self.grammars if LANGUAGE in pattern else set(files.languages) & self.grammars.keys()
        return tuple(sorted(name for name in named if _found(pattern, name)))

    def domains(self, files: Files, split: str) -> tuple[str, ...]:
        """Return the domains that files of raw text exist for, sorted."""
        patterns = {own for name in SETS.names() for own in SETS.load(name).patterns.values()}
        folders = {Path(pattern).parent.name for pattern in patterns}
        return tuple(sorted(name for name in folders if name and files.of_domain(name).pattern(split) in patterns))

    def fingerprint(self, files: Files, language: str, split: str) -> Fingerprint:
        """Return the identity of one split; raises DataError where it is missing."""
        return self._rendered(files, language, split).fingerprint(files, language, split)

    def read(self, files: Files, language: str, split: str, labels: Sequence[str] = ()) -> list[Example]:
        """Return all examples of a split."""
        return self._rendered(files, language, split).read(files, language, split, labels)

    def lay_out(self, pattern: str, language: str) -> Path:
        """Render one path pattern in one language, if that was not done before, and return its path."""
        found = _found(pattern, language)
        assert found, f"the world has no {pattern} in {language}"
        kind, split = found
        path = self.root / pattern.replace(LANGUAGE, language)
        if not path.exists():
            rendered = kind.render(Request(language, split, self.seed, self.grammars))
            # The path that is looked for comes last: where it is, the others are.
            for name in sorted(rendered, key=lambda name: self.root / name == path):
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                write_atomic(self.root / name, rendered[name].encode())
        return path

    def rendered_in(self, files: Files, language: str, split: str) -> Fingerprint:
        """Render a split of the English data from the same meanings in another language, in a folder of its own.

        Below ``rendering_folder`` lies a directory whose English data are in that language. Raises DataError where the
        world has no such split.
        """
        pattern = files.pattern(split)
        found = _found(pattern, SOURCE) if pattern is not None else None
        folder = rendering_folder(self.root, language)
        if pattern is None or found is None:
            raise DataError(self.root, f"the world renders no such {split} data in {SOURCE!r}, and so in no other language")
        path = folder / pattern.replace(LANGUAGE, SOURCE)
        if not path.exists():
            kind, own = found
            rendered = kind.render(Request(language, own, self.seed, self.grammars))
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(path, rendered[kind.patterns[own].replace(LANGUAGE, language)].encode())
        return Directory(folder).fingerprint(files, SOURCE, split)

    def word_list(self, language: str) -> str:
        """Lay out the word list from English into a language and return the digest of its file."""
        path = word_list_file(self.root, language)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(path, word_list(self.grammars[language]).to_json().encode())
        return file_digest(path)

    def lay_out_corpora(self) -> None:
        """Render the raw text to pretrain on, in every language and mixed."""
        for name in (*self.grammars, MIXED_NAME):
            self.lay_out(CORPORA, name)

    def _rendered(self, files: Files, language: str, split: str) -> Directory:
        self.root.mkdir(parents=True, exist_ok=True)
        for part in files.joined:
            self._rendered(part, language, split)
        pattern = files.pattern(split)
        if pattern is not None and language in self.languages(files, split):
            found = _found(pattern, language)
            for name in self.grammars if found and found[0].pooled else (language,):
                self.lay_out(pattern, name)
        return Directory(self.root)


HOME = Path(__file__).parent
ENCODER = HOME / "encoder"  # a small network pretrained on the built-in world, with its model card
ENCODERS = {"world-small": HOME / "encoder-small", WORLD: ENCODER, "world-large": HOME / "encoder-large"}  # and beside it
SOURCES = (".py", ".yaml")
CORPORA = "corpora/{language}.tsv"


@cache
def _found(pattern: str, language: str) -> tuple[WorldSet, str] | None:
    """Return the set and the split whose path a pattern gives in a language; ``xnli/dev-en.tsv`` is one of XNLI's."""
    path = pattern.replace(LANGUAGE, language)
    for name in SETS.names():
        one: WorldSet = SETS.load(name)
        for split, own in one.patterns.items():
            if own.replace(LANGUAGE, language) == path and not (one.bilingual and language == SOURCE):
                return one, split
    return None


def load_world(file: Path | None = None) -> World:
    """Return the built-in world, or the one that a YAML file declares; raises StudyError with what is wrong in it."""
    if file is None:
        return World(tuple(load_built_in(name) for name in built_in()))
    content, origin = read_mapping(file)
    try:
        declared = WorldFile.model_validate(content)
    except ValidationError as error:
        raise together([origin.locate(fault) for fault in faults_of(error)]) from None
    languages: list[Language] = []
    for i, name in enumerate(declared.languages):
        try:
            languages.append(_named(name, file.parent))
        except StudyError as error:
            raise (error if error.file else origin.locate(StudyError(error.what, key=f"languages[{i}]"))) from None
    names = [language.name for language in languages]
    if names[0] != SOURCE or len(set(names)) < len(names):
        what = f"found {', '.join(names)}; expected {SOURCE} first and every language once"
        raise origin.locate(StudyError(what, key="languages"))
    return World(tuple(languages), declared.seed)


def source_of(
    data: str, revisions: Mapping[str, str] | None = None, local: str | None = None
) -> World | Directory | Hub | Overlay:
    """Return the source that a study's ``data`` stands for: ``world``, a file that declares one, ``hub`` or a directory.

    ``revisions`` are {repository of the hub: commit} that the study names instead of the pinned ones, and ``local``
    the directory of what the hub lacks.
    """
    if data == WORLD:
        return load_world()
    if data == HUB:
        hub = Hub(revisions or {})
        return Overlay(hub, Path(local)) if local else hub
    path = Path(data)
    return load_world(path) if path.suffix in (".yaml", ".yml") and path.is_file() else Directory(path)


def _named(name: str, folder: Path) -> Language:
    if name.endswith((".yaml", ".yml")):
        return load_language(folder / name)
    return load_built_in(name)

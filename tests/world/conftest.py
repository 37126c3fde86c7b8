"""Languages, grammars and the built-in world, which renders into a folder of the test run, never into the user's cache."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from isthmus.world.grammar import Grammar, Words
from isthmus.world.inventory import Inventory, inventory
from isthmus.world.language import load_built_in
from isthmus.world.lexicon import Lexicon, make_lexicon
from isthmus.world.source import World, load_world


@pytest.fixture(scope="session")
def things() -> Inventory:
    return inventory()


@pytest.fixture(scope="session")
def near_words(things) -> Lexicon:
    return make_lexicon(load_built_in("near"), things, 0)


@pytest.fixture(scope="session")
def variant(things, near_words) -> Callable[..., Grammar]:
    """Build the grammar of ``near`` with some traits changed and the same words."""
    return lambda **traits: Grammar(load_built_in("near").model_copy(update=traits), near_words, things)


@pytest.fixture(scope="session")
def gloss(near_words) -> Callable[[Words], str]:
    """Write words of a variant of near as concepts with their affixes: ``apple-plural``."""
    names = {form: name for name, form in near_words.names.items()}
    affixes = {letters: affix for affix, letters in near_words.affixes.items()}

    def glossed(words: Words) -> str:
        found = []
        for word in words:
            stem = near_words.words[word.concept] if word.concept else word.text
            before, _, after = word.text.partition(stem)
            label = word.concept or names.get(stem, stem)
            label = f"{affixes[before]}-{label}" if before else label
            while after:
                letters = next(letters for letters in affixes if after.startswith(letters))
                label, after = f"{label}-{affixes[letters]}", after[len(letters) :]
            found.append(label)
        return " ".join(found)

    return glossed


@pytest.fixture
def world(tmp_path, monkeypatch) -> World:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return load_world()


@pytest.fixture
def write(tmp_path) -> Callable[..., Path]:
    def written(text: str, name: str = "own.yaml") -> Path:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return written

"""What the world knows of translation: the same meanings in another language, and a word list without a grammar."""

from __future__ import annotations

import pytest

from isthmus.core.errors import DataError
from isthmus.sources.directory import Directory
from isthmus.tasks.task import load_task
from isthmus.world.source import load_world
from isthmus.world.translating import WordList, rendering_folder, translated, word_list, word_list_file


@pytest.fixture(scope="module")
def world():
    return load_world()


def known(world, language):
    return word_list(world.grammars[language])


def test_a_word_list_has_the_forms_of_every_word_and_name(world):
    lexicon, words = world.grammars["near"].lexicon, known(world, "near").words
    assert words["dogs"] == lexicon.words["dog"] + lexicon.affixes["plural"]
    assert words["bought"] == words["buy"] == lexicon.words["buy"]
    assert words["bigger"] == f"{lexicon.words['more']} {lexicon.words['big']}"
    assert words["Anna"] == lexicon.names["Anna"]
    assert (words["an"], words["were"], words["did"]) == (words["a"], words["was"], "")


def test_english_is_translated_word_for_word_in_its_own_order(world):
    words = known(world, "scr").words
    said = translated("Ben bought an apple near [the big house]. xyz?", known(world, "scr"))
    foreign = " ".join(words[word] for word in ("Ben", "bought", "an", "apple", "near"))
    assert said == f"{foreign} [{words['the']} {words['big']} {words['house']}]. xyz?"


def test_what_a_language_lacks_is_left_out_and_a_denial_that_is_an_ending_goes_to_its_verb(world):
    far = known(world, "far")
    ending, words = world.grammars["far"].lexicon.affixes["not"], far.words
    assert far.denial == ending
    assert words["the"] == ""
    assert translated("the dog did not see Anna.", far) == f"{words['dog']} see{ending} {words['Anna']}."
    assert translated("the dog was not big.", far) == f"{words['dog']} {words['was']}{ending} {words['big']}."
    assert translated("the dog was big.", far) == f"{words['dog']} {words['was']} {words['big']}."


def test_a_share_of_words_comes_out_wrong_and_the_same_ones_each_time(world):
    text, near = " ".join(["dog", "house", "red", "river"] * 300), known(world, "near")
    right, wrong = translated(text, near).split(), translated(text, near, 0.25, 1).split()
    differing = [word for word, other in zip(right, wrong, strict=True) if word != other]
    assert 0.19 < len(differing) / 900 < 0.31  # river is not in the list
    assert set(wrong) - {"river"} <= set(near.content)
    assert translated(text, near, 0.25, 1).split() == wrong != translated(text, near, 0.25, 2).split()


def test_a_word_list_is_read_as_it_was_laid_out(world):
    digest = world.word_list("mid")
    text = word_list_file(world.root, "mid").read_text(encoding="utf-8")
    assert WordList.from_json(text) == known(world, "mid")
    assert world.word_list("mid") == digest != world.word_list("near")


@pytest.mark.parametrize("name", ["commonsenseqa", "ccg", "panx"])
def test_training_data_are_rendered_in_another_language_with_the_same_ids(world, name):
    task = load_task(name)
    print_ = world.rendered_in(task.files, "far", "train")
    there = Directory(rendering_folder(world.root, "far"))
    assert there.fingerprint(task.files, "en", "train") == print_ != world.fingerprint(task.files, "en", "train")
    english, far = (source.read(task.files, "en", "train") for source in (world, there))
    assert [one.id for one in english] == [one.id for one in far]
    assert english != far


def test_what_the_world_renders_in_english_it_renders_nowhere_else(world):
    for name, split in (("mlqa", "train"), ("squad_sentences", "test")):
        with pytest.raises(DataError, match=f"renders no such {split} data in 'en'"):
            world.rendered_in(load_task(name).files, "near", split)

"""What a study may say of translated data, and what it is told where that makes no sense."""

from __future__ import annotations

import pytest

from isthmus.core.errors import StudyError
from isthmus.study.load import load_study

STAGE = "two: [{task: squad, languages: [en, de], via: translation}]"
KEYS = """
study: translated
question: does it?
data: data
model: {{name: org/encoder, revision: c}}
seeds: [1]
source: en
languages: all
targets: [xquad]
recipe: {{learning_rate: 1.0e-4, epochs: 1, batch_examples: 8}}
{translator}
arms:
  none: []
  {stage}
"""


@pytest.fixture
def load(tmp_path):
    """A function that loads a study with a translator and a stage."""

    def load(translator="translator: {kind: exact}", stage=STAGE):
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / "study.yaml").write_text(KEYS.format(translator=translator, stage=stage), encoding="utf-8")
        return load_study(tmp_path / "study.yaml").study

    return load


def test_a_filter_and_its_defaults_are_said_in_the_study(load):
    found = load("translator: {kind: lexicon, noise: 0.1, seed: 1}").translator
    assert (found.noise, found.seed, found.filter.length_ratio, found.filter.copied) == (0.1, 1, (0.5, 2.0), "drop")
    changed = load("translator: {kind: lexicon, filter: {length_ratio: [0.2, 3], copied: keep}}").translator.filter
    assert (changed.length_ratio, changed.copied) == ((0.2, 3.0), "keep")


def test_directories_of_a_translator_are_looked_for_beside_the_study(load, tmp_path):
    (tmp_path / "model").mkdir()
    found = load("translator: {kind: ctranslate2, path: model, tokenizer: model, codes: {de: deu_Latn}}").translator
    assert found.path == found.tokenizer == str(tmp_path / "model")
    with pytest.raises(StudyError, match=r"translator\.path: found 'modle', expected a directory: .* is not there"):
        load("translator: {kind: seq2seq, path: modle}")


@pytest.mark.parametrize(
    ("translator", "said"),
    [
        ("{kind: exakt}", "translator: unknown kind of translator 'exakt'; did you mean 'exact'?"),
        ("{noise: 0.1}", "translator: it has no kind; expected {kind: exact}, say; known: ctranslate2, exact"),
        ("exact", "translator: it has no kind; expected {kind: exact}, say"),
        ("{kind: exact, noise: 0.1}", "translator.noise: unknown key; known: kind"),  # it is one of another kind's
        ("{kind: seq2seq, path: world}", "translator.path: found 'world', expected a directory"),
        (
            "{kind: seq2seq, name: a/b, revision: c, codes: {dee: deu_Latn}}",
            "translator.codes.dee: nothing is translated into or from 'dee'; did you mean 'de'",
        ),
        (
            "{kind: lexicon, filter: {length_ratio: [0.5, 1, 2]}}",
            "translator.filter.length_ratio: found a list, expected at most 2",
        ),
        ("{kind: lexicon, noise: 1.0}", "translator.noise: found 1.0, expected less than 1"),
        ("{kind: seq2seq}", "translator: give exactly one of name (a model of the hub) and path (a directory)"),
        ("{kind: seq2seq, name: a/b}", "translator: name and revision (a commit) go together"),
        ("{kind: seq2seq, path: a, revision: b}", "translator: name and revision (a commit) go together"),
        ("{kind: seq2seq, path: a, beam: 2}", "translator.beam: unknown key; did you mean 'beams'?"),
        ("{kind: ctranslate2, path: a}", "translator.tokenizer: this key is missing"),
        (
            "{kind: lexicon, filter: {length_ratio: [1.5, 2]}}",
            "translator.filter: length_ratio: found [1.5, 2], expected one below 1 and one above it",
        ),
        ("{kind: lexicon, filter: {copied: yes_}}", "translator.filter.copied: found 'yes_', expected 'drop' or 'keep'"),
    ],
)
def test_a_translator_that_is_none_is_refused_by_its_key(load, translator, said):
    with pytest.raises(StudyError) as caught:
        load(f"translator: {translator}")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("stage", "key", "said"),
    [
        ("two: [{task: squad, via: translation}]", "arms.two[0].languages", "nothing is translated where all is in 'en'"),
        (
            "two: [{task: squad, languages: [en], via: translation}]",
            "arms.two[0].languages",
            "nothing is translated where all is in 'en'",
        ),
        ("two: [{task: squad, languages: all, via: translation}]", "arms.two[0].languages", "found all, expected a list"),
        ("two: [{task: mlm, languages: [de], via: translation}]", "arms.two[0].via", "raw text is never translated"),
        ("two: [{task: squad, languages: [de], via: text}]", "arms.two[0].via", "found 'text', expected 'translation'"),
        ("two: [{task: squad, languages: [de]}]", "translator", "no stage has via: translation"),
    ],
)
def test_a_stage_that_translates_nothing_is_refused(load, stage, key, said):
    with pytest.raises(StudyError) as caught:
        load(stage=stage)
    assert f" {key}: {said}" in str(caught.value)


def test_a_stage_without_a_translator_is_told_what_it_lacks(load):
    with pytest.raises(StudyError, match=r"arms\.two\[0\]\.via: via: translation needs a translator, a key of the study"):
        load("groups: {}")


def test_a_stage_says_in_words_that_it_is_translated(load):
    [stage] = load().arms["two"]
    assert stage.described == "squad (en, de) via translation"

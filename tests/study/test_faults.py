"""Every fault of a study file is one line: file, line, key, what was found, what was expected or is nearest."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isthmus.core.errors import StudyError
from isthmus.study.load import load_study

FAULTS = [
    # misspelt, missing and superfluous keys, at every depth
    ("source: en", "sorce: en", "13: sorce: unknown key; did you mean 'source'?"),
    ("source: en", "sorce: en", "1: source: this key is missing, and there is no default"),
    ("{name: some/model,", "{nam: some/model,", "3: model.nam: unknown key; did you mean 'name'?"),
    (
        "{task: mnli, languages",
        "{task: mnli, langauges",
        "9: arms.two[1].langauges: unknown key; did you mean 'languages' or 'language_rates'?",
    ),
    ("{task: xquad, train", "{task: xquad, trian", "12: targets[1].trian: unknown key; did you mean 'train'?"),
    ("  epochs: 2", "  epoch: 2", "17: recipe.epoch: unknown key; did you mean 'epochs'?"),
    (
        "  epochs: 2",
        "  epochs: 2\n  early_stopping: {every: 5, patiense: 1}",
        "18: recipe.early_stopping.patiense: unknown key",
    ),
    (
        "{learning_rate: 1, steps: 100}",
        "{learning_rat: 1}",
        "20: overrides.squad.learning_rat: unknown key; did you mean 'learning_rate'?",
    ),
    ("groups:", "<<: {}\ngroups:", "21: <<: unknown key; known: "),
    # wrong types
    ("seeds: [1, 2]", "seeds: 1", "5: seeds: found 1, expected a list"),
    ("seeds: [1, 2]", "seeds: [1, two]", "5: seeds[1]: found 'two', expected a whole number"),
    ("seeds: [1, 2]", "seeds: [1, 2.0]", "5: seeds[1]: found 2.0, expected a whole number"),
    ("seeds: [1, 2]", "seeds: [1, -2]", "5: seeds[1]: found -2, expected 0 or more"),
    ("seeds: [1, 2]", "seeds: [1, true]", "5: seeds[1]: found true, expected a whole number"),
    ("question: Does it help?", "question:", "2: question: found nothing, expected text"),
    ("revision: abc", "revision: 123", "3: model.revision: found 123, expected text; put it in quotes"),
    ("{name: some/model, revision: abc}", "some/model", "3: model: found 'some/model', expected a mapping (key: value)"),
    ("learning_rate: 1e-5", "learning_rate: fast", "16: recipe.learning_rate: found 'fast', expected a number"),
    ("learning_rate: 1e-5", "learning_rate: 0", "16: recipe.learning_rate: found 0, expected more than 0"),
    ("learning_rate: 1e-5", "learning_rate: 1e999", "16: recipe.learning_rate: found inf, expected a finite number"),
    ("learning_rate: 1e-5", "learning_rate: .inf", "16: recipe.learning_rate: found '.inf', expected a number"),
    ("epochs: 2", "epochs: 2\n  warmup: 1", "18: recipe.warmup: found 1, expected less than 1"),
    ("epochs: 2", "epochs: 2\n  precision: fp16", "18: recipe.precision: found 'fp16', expected 'fp32' or 'bf16'"),
    ("steps: 100", "steps: many", "20: overrides.squad.steps: found 'many', expected a whole number"),
    ("{learning_rate: 1, steps: 100}", "fast", "20: overrides.squad: found 'fast', expected a mapping (key: value)"),
    ("split: dev", "split: valid", "9: arms.two[1].split: found 'valid', expected 'train', 'dev' or 'test'"),
    ("none: []", "none:", "7: arms.none: found nothing, expected a list"),
    ("[mnli]", "mnli", "8: arms.mnli: found 'mnli', expected a list"),
    ("[mnli]", "[[mnli]]", "8: arms.mnli[0]: found a list, expected a mapping (key: value)"),
    ("mnli: [mnli]", "mn/li: [mnli]", "8: arms.mn/li: found 'mn/li', expected a name: letters, digits"),
    ("study: small", "study: so small", "1: study: found 'so small', expected a name: letters, digits"),
    ("languages: [en, de, no]", "languages: en", "14: languages: found 'en', expected all or a list of languages"),
    ("languages: [en, de, no]", "languages: 5", "14: languages: found 5, expected a list"),
    ("languages: [en, de, no]", "languages: [en, 5]", "14: languages[1]: found 5, expected text; put it in quotes"),
    ("languages: [en, de, no]", "languages: [en, ../de]", "14: languages[1]: found '../de', expected a name"),
    # nothing where something is needed
    ("seeds: [1, 2]", "seeds: []", "5: seeds: found an empty list, expected at least 1"),
    ("languages: [en, de, no]", "languages: []", "14: languages: found an empty list, expected at least 1"),
    ("  seen: [de]", "  seen: []", "22: groups.seen: found an empty list, expected at least 1"),
    # what does not go together
    ("epochs: 2", "steps: 5\n  epochs: 2", "15: recipe: give exactly one of epochs and steps"),
    ("  epochs: 2\n", "", "15: recipe: give exactly one of epochs and steps"),
    ("{learning_rate: 1, steps: 100}", "{epochs: 1, steps: 1}", "20: overrides.squad: give exactly one of epochs and steps"),
    (
        "  batch_tokens: 2048",
        "  batch_tokens: 9\n  batch_examples: 9",
        "15: recipe: give exactly one of batch_tokens and batch_examples",
    ),
    ("epochs: 2", "epochs: 2\n  stride: 128", "15: recipe: stride 128 must be less than half of max_length 256"),
    ("revision: abc", "path: here", "3: model: give exactly one of name, path, config, pretrain; found name, path"),
    (", revision: abc", "", "3: model: name needs a revision"),
    ("name: some/model", "path: here", "3: model: revision belongs to name"),
    (
        "name: some/model, revision: abc",
        "config: {}",
        "3: model: config and tokenizer (a directory with a tokenizer) go together",
    ),
    # recipes by name
    (
        "  learning_rate: 1e-5\n  epochs: 2\n  batch_tokens: 2048",
        "  phang",
        "15: recipe: unknown recipe 'phang'; did you mean 'phang2020'?",
    ),
    ("  learning_rate: 1e-5", "  use: small_cpu", "16: recipe.use: unknown recipe 'small_cpu'; did you mean 'small-cpu'?"),
    ("  learning_rate: 1e-5", "  use: 5", "16: recipe.use: found 5, expected the name of a recipe"),
    (
        "  learning_rate: 1e-5\n",
        "  use: small-cpu\n  learning_rat: 1\n",
        "17: recipe.learning_rat: unknown key; did you mean",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), FAULTS, ids=[said for _, _, said in FAULTS])
def test_a_fault_says_file_line_key_found_and_expected(write, old, new, said):
    path = write((old, new))
    with pytest.raises(StudyError) as caught:
        load_study(path)
    assert any(line.startswith(f"{path}:{said}") for line in str(caught.value).splitlines()), str(caught.value)


def test_all_faults_are_listed_by_line(write):
    path = write(("seeds: [1, 2]", "seeds: [one]"), ("epochs: 2", "epoch: 2"), ("data: data", "data: 5"))
    with pytest.raises(StudyError) as caught:
        load_study(path)
    assert str(caught.value).splitlines() == [
        f"{path}:4: data: found 5, expected text; put it in quotes",
        f"{path}:5: seeds[0]: found 'one', expected a whole number",
        f"{path}:17: recipe.epoch: unknown key; did you mean 'epochs'?",
    ]


def test_a_single_fault_carries_its_file_line_and_key(write):
    path = write(("seeds: [1, 2]", "seeds: [one]"))
    with pytest.raises(StudyError) as caught:
        load_study(path)
    assert (caught.value.file, caught.value.line, caught.value.key) == (path, 5, "seeds[0]")


def test_a_long_value_is_cut(write):
    with pytest.raises(StudyError, match=r"found 'x{40,60}\.\.\., expected a whole number"):
        load_study(write(("seeds: [1, 2]", f"seeds: [{'x' * 500}]")))


@given(
    start=st.integers(0, 600),
    length=st.integers(0, 20),
    put=st.text(st.sampled_from("\t\n []{}:,-*&!|>'\"#%@?~0a\x00é"), max_size=4),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_damaged_study_is_read_or_refused_by_its_name_and_nothing_else_happens(write, start, length, put):
    text = write().read_text()
    path = write(text=text[:start] + put + text[start + length :])
    try:
        load_study(path)
        said = []
    except StudyError as error:
        said = str(error).splitlines()
    assert all(re.match(rf"{re.escape(str(path))}(:\d+)?: ", line) for line in said), said

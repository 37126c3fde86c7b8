"""The limitations are those of the study at hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from isthmus.analysis.paired import Effect
from isthmus.report.account import Account
from isthmus.report.limits import limits
from isthmus.results.table import Summary
from isthmus.study.spec import ModelSpec


@pytest.fixture
def told(finished, rows, summary):
    """All limitations of the small table as one text, the study changed by keywords."""

    def say(effects=(), found: Summary | None = None, **changes) -> str:
        study = finished.study.model_copy(update=changes)
        return "\n".join(limits(study, found or summary(rows), effects, Account((), (), (), 0, "", "")))

    return say


def effect(low: float | None) -> Effect:
    return Effect("panx", "none", "udpos", "f1", "de", 1.0, low, low and low + 5, ((1, 1.0),), 10, ("de",))


@pytest.mark.parametrize(
    ("seeds", "words"), [((1,), "There is one fine-tuning seed"), ((1, 2, 3), "3 fine-tuning seeds tell little")]
)
def test_few_seeds_are_a_limit(told, seeds, words):
    assert words in told(seeds=seeds)


def test_many_seeds_are_none(told):
    assert "fine-tuning seed" not in told(seeds=tuple(range(8)))


def test_where_all_arms_come_from_is_said(told):
    assert "pretrained once (seed 1)" in told()
    assert "random weights" in told(model=ModelSpec(config={}, tokenizer="t"))
    assert "one pretrained encoder" in told(model=ModelSpec(name="a/b", revision="c"))


def test_small_test_sets_and_another_split_are_named(told):
    words = told()
    assert "4 of 4 test sets hold fewer than 200 examples; the smallest, udpos in de, 10." in words
    assert "udpos is judged on dev data in yo" in words


def test_unlabelled_languages_are_named(told, rows, summary):
    bare = [replace(row, value=None) if row.language == "yo" else row for row in rows]
    assert "udpos has no labels, and so no score, in yo." in told(found=summary(bare))


def test_a_layer_that_was_chosen_is_told_with_what_chose_it(told, rows, summary):
    assert "layer" not in told()
    chosen = [replace(row, layer=4, chosen_on="sw") for row in rows]
    assert "Of udpos, the layer of each run was chosen on sw: none 4" in told(found=summary(chosen))


def test_a_target_without_a_baseline_is_named(told, rows, summary):
    assert "No baseline" not in told()
    alone = [row for row in rows if not row.arm.startswith("baseline")]
    assert "No baseline was declared for udpos" in told(found=summary(alone))


def test_intervals_that_chance_alone_would_give_are_counted(told):
    words = told(effects=[effect(0.5)] * 40 + [effect(None)])
    assert "40 intervals are shown" in words
    assert "about 2 would exclude zero" in words
    assert "1 differences have no interval" not in words
    assert "1 difference has no interval" in words


def test_an_unfinished_study_is_its_first_limitation(told):
    words = told(found=Summary("en", "none", (), 9, 4, ("udpos",)))
    assert words.startswith("The study is not finished: 4 of 9 scores are missing")
    assert "No score yet at all: udpos." in words


def test_a_recipe_that_all_arms_share_is_a_limit_and_one_of_their_own_is_not(told, finished):
    assert "share one recipe" not in told()
    bare = {
        arm: tuple(stage.model_copy(update={"recipe": {}}) for stage in found) for arm, found in finished.study.arms.items()
    }
    assert "share one recipe" in told(arms=bare)


def test_what_is_no_longer_clear_after_correction_is_named(told):
    family = [replace(effect(0.5), task=task, p=0.02, p_holm=p) for task, p in (("udpos", 0.04), ("xnli", 0.06))]
    words = told(effects=[*family, effect(0.5)])
    assert "(Holm, 2 headline averages), 1 of 2 differences whose interval excludes zero stay clear; not `panx` on" in words
    assert "Holm" not in told(effects=family[:1])

"""What variants lose: a planted interaction is found, none is found where there is none, and pairs are of one seed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from isthmus.analysis.averages_over_targets import Contrast
from isthmus.analysis.holm import holm
from isthmus.analysis.retention import losses, p_of

SCOPES = {"xnli": {"all": ["de", "fr"]}}
HEADLINE = {"xnli": "all"}


@pytest.fixture
def runs(right):
    """A function from what int8 costs each arm to the runs of both, whose examples have the same ease in all of them."""

    def build(lost, seeds=(1, 2, 3), rows=400, lot=0, languages=("de", "fr")):
        scored = []
        for i, language in enumerate(languages):
            ease = np.random.default_rng([lot, i]).normal(0, 1, rows)
            for j, (arm, drop) in enumerate(lost.items()):
                full, less = {}, {}
                for seed in seeds:
                    source = np.random.default_rng([lot, i, j, seed])
                    ability = 0.5 + ease + source.normal(0, 0.1) + source.normal(0, 0.5, rows)
                    full[seed] = ability > 0
                    less[seed] = ability + source.normal(0, 0.2, rows) > drop
                scored += right(arm, full, language) + right(f"{arm}/int8", less, language)
        return scored

    return build


def test_the_loss_is_that_of_the_variant_of_one_seed(runs):
    scored = runs({"none": 0.6})
    [whole, de, fr] = losses(scored, "none", SCOPES, HEADLINE)
    points = {(one.arm, one.language, one.seed): 100 * one.counts[:, 0].mean() for one in scored}
    expected = [(seed, points["none/int8", "de", seed] - points["none", "de", seed]) for seed in (1, 2, 3)]
    assert [pair[1] for pair in de.loss.by_seed] == pytest.approx([delta for _, delta in expected])
    assert (whole.arm, whole.variant, whole.scope, whole.languages) == ("none", "int8", "all", ("de", "fr"))
    assert whole.loss.delta == pytest.approx((de.loss.delta + fr.loss.delta) / 2)
    assert whole.loss.ends()[1] < 0
    assert (whole.against, whole.interaction, whole.p) == (None, None, None)


def test_a_planted_interaction_is_found_with_its_sign(runs):
    found = losses(runs({"none": 0.6, "nli": 0.1}), "none", SCOPES, HEADLINE)
    [whole] = [one for one in found if one.arm == "nli" and one.scope == "all"]
    assert whole.against == "none"
    assert whole.interaction.delta == pytest.approx(whole.loss.delta - whole.against_loss.delta)
    assert whole.interaction.ends()[0] > 0
    assert whole.p < 0.01


def test_where_all_lose_alike_no_interaction_is_found_more_often_than_it_may(runs):
    studies = [runs({"none": 0.4, "nli": 0.4}, rows=150, lot=lot, languages=("de",)) for lot in range(80)]
    found = [one for study in studies for one in losses(study, "none", {"xnli": {"de": ["de"]}}, HEADLINE)]
    p_values = [one.p for one in found if one.p is not None]
    assert len(p_values) == 80
    assert np.mean(np.array(p_values) < 0.05) < 0.11


def test_p_is_that_of_students_t_and_fits_the_interval(runs):
    [*_, found] = [one for one in losses(runs({"none": 0.4, "nli": 0.3}), "none", SCOPES, HEADLINE) if one.p is not None]
    contrast, seeds = found.interaction, len(found.interaction.by_seed)
    t = stats.t(contrast.chance.freedom(seeds))
    assert found.p == pytest.approx(2 * t.sf(abs(contrast.delta) / contrast.chance.error(seeds)))
    assert p_of(Contrast(1.0, None, ((1, 1.0),), 1, ("xnli",))) is None


def test_the_headlines_of_all_arms_are_one_family(runs):
    found = losses(runs({"none": 0.4, "nli": 0.3, "qa": 0.1}), "none", SCOPES, HEADLINE)
    family = [one for one in found if one.p_holm is not None]
    assert [(one.arm, one.scope) for one in family] == [("nli", "all"), ("qa", "all")]
    assert [one.p_holm for one in family] == pytest.approx(holm([one.p for one in family]))


def test_each_model_has_a_reference_of_its_own(runs):
    found = losses(runs({"none@small": 0.4, "none@large": 0.4, "nli@large": 0.4}), "none", SCOPES, HEADLINE)
    assert {(one.arm, one.against) for one in found} == {
        ("none@small", None), ("none@large", None), ("nli@large", "none@large"),
    }  # fmt: skip


def test_an_arm_whose_reference_lacks_the_variant_has_a_loss_alone(runs):
    scored = [one for one in runs({"none": 0.4, "nli": 0.4}) if one.arm != "none/int8"]
    found = losses(scored, "none", SCOPES, HEADLINE)
    assert {(one.arm, one.interaction) for one in found} == {("nli", None)}


def test_a_variant_without_its_full_model_loses_nothing_that_is_known(runs):
    scored = [one for one in runs({"nli": 0.4}) if one.arm != "nli"]
    assert losses(scored, "none", SCOPES, HEADLINE) == []
    assert losses([], "none", SCOPES, HEADLINE) == []
    assert losses(runs({"none": 0.4}), "none", {"xnli": {"all": ["sw"]}}, HEADLINE) == []


def test_one_seed_is_judged_by_its_examples(runs):
    found = losses(runs({"none": 0.6, "nli": 0.1}, seeds=(1,)), "none", SCOPES, HEADLINE)
    assert all(one.interaction.ends() for one in found if one.arm == "nli")

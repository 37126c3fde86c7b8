"""The table that a study ends in: its own claims, then those of the files that it names."""

from __future__ import annotations

import pytest

from isthmus.claims.resolve import resolve
from isthmus.report.claim_table import claim_grid, claim_notes, judgements
from isthmus.report.effects import study_effects


@pytest.fixture(scope="module")
def judged(finished):
    study = finished.study.model_copy(update={"claims": (*finished.study.claims, "phang2020")})
    effects = study_effects(study, finished.plan, finished.store)
    return judgements(study, finished.plan, finished.store, effects, resolve(study))


def test_claims_of_the_study_come_first_then_those_of_its_files(judged):
    assert [one.id for one in judged[:4]] == ["", "squad", "mnli", "hellaswag"]
    assert judged[0].text == "NLI first helps NLI"


def test_an_average_over_targets_is_the_mean_of_their_headlines(judged, finished):
    effects = study_effects(finished.study, finished.plan, finished.store)
    heads = [one.delta for one in effects if one.arm == "qa" and one.language == "zero-shot"]
    assert len(heads) == 4
    [squad] = [one for one in judged if one.id == "squad"]
    assert squad.delta == pytest.approx(sum(heads) / 4)
    assert squad.measured == "qa against none; average of 4 targets: higher"


def test_a_group_that_a_claim_names_is_what_it_is_averaged_over(finished, tmp_path):
    claim = "id: c, text: It helps., status: hypothesis, compare: singles, targets: [xnli], expect: higher, on: [far, near]"
    text = f"title: t\nclaims: [{{{claim}}}]"
    (tmp_path / "own.yaml").write_text(text, "utf-8")
    study = finished.study.model_copy(update={"claims": ("own.yaml",)})
    effects = study_effects(study, finished.plan, finished.store)
    [found] = judgements(study, finished.plan, finished.store, effects, resolve(study, tmp_path))
    near = [one.delta for one in effects if one.task == "xnli" and one.language == "near"]
    assert found.delta == pytest.approx(sum(near) / 2)
    assert found.measured == "mean of nli, qa against none; xnli, near: higher"


def test_the_table_has_a_line_for_every_claim_and_what_is_not_asked_has_no_figure(judged):
    grid = claim_grid(judged)
    assert len(grid.rows) == len(judged)
    rows = {row[0]: row for row in grid.rows}
    assert rows["1"][5:] == ("supported", judged[0].confidence.partition(":")[0])
    assert rows["hellaswag"][1:] == ("–", "–", "–", "–", "not asked here", "none")


def test_every_claim_is_told_with_its_source_and_why(judged):
    notes = claim_notes(judged)
    assert notes[0].startswith("supported: NLI first helps NLI (a paper) – nli differs from none by")
    [hellaswag] = [note for note in notes if "HellaSwag as" in note]
    assert hellaswag.endswith("(Phang et al. 2020, arXiv:2005.13013) – No arm has one stage on hellaswag in en alone.")


def test_a_study_that_has_not_begun_has_nothing_decided(invented):
    opened = invented(share=0.0)
    study = opened.study.model_copy(update={"claims": (*opened.study.claims, "phang2020")})
    found = judgements(study, opened.plan, opened.store, [], resolve(study))
    assert {one.outcome for one in found} == {"undecided", "not asked here"}
    assert {one.delta for one in found} == {None}

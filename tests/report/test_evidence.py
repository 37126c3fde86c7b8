"""What the report says, before anyone draws it: matrix, gains in order, and what a store gives so far."""

from __future__ import annotations

from pathlib import Path

import pytest

from isthmus.cli.opened import results
from isthmus.report.claim_table import judgements
from isthmus.report.effects import study_effects
from isthmus.report.evidence import gather, line_of, stages
from isthmus.sources.directory import Directory


@pytest.fixture
def evidence_of():
    def gathered(opened, **more):
        effects = study_effects(opened.study, opened.plan, opened.store)
        judged = judgements(opened.study, opened.plan, opened.store, effects)
        told = {"summary": results(opened)[1], "effects": effects, "judgements": judged}
        return gather(opened.study, opened.plan, opened.store, Directory(Path(opened.study.data)), **told | more)

    return gathered


@pytest.fixture
def evidence(finished, evidence_of):
    return evidence_of(finished)


def test_the_first_matrix_is_of_what_matters_and_each_group_and_the_source_have_their_own(evidence):
    assert [matrix.scope for matrix in evidence.matrices] == ["zero-shot", "en", "near", "unseen"]
    assert [[cell.arm for cell in row] for row in evidence.matrices[0].rows] == [[arm] * 4 for arm in ("none", "nli", "qa")]
    assert [cell.task for cell in evidence.matrices[0].rows[0]] == ["xnli", "xquad", "udpos", "tatoeba"]


def test_a_cell_has_the_effect_and_the_score_of_its_own_arm_target_and_scope(evidence):
    cell = evidence.matrices[2].rows[1][0]
    assert (cell.effect.arm, cell.effect.task, cell.effect.language) == ("nli", "xnli", "near")
    assert set(cell.effect.languages) == {"de", "nl"}
    near = line_of(next(table for table in evidence.tables if table.task == "xnli"), "near")
    assert cell.effect.delta == pytest.approx(near.figures["nli"].score.mean - near.figures["none"].score.mean, abs=1e-3)
    assert cell.figure == near.figures["nli"]


def test_the_arm_without_stages_has_scores_and_no_effect(evidence):
    assert {cell.effect for matrix in evidence.matrices for cell in matrix.rows[0]} == {None}
    assert all(cell.figure for cell in evidence.matrices[0].rows[0])


def test_a_scope_that_a_target_lacks_leaves_its_cell_empty(evidence):
    source = next(matrix for matrix in evidence.matrices if matrix.scope == "en")
    assert [bool(cell.effect) for cell in source.rows[1]] == [True, True, True, False]  # retrieval has no pair en-en


def test_gains_are_ordered_by_declared_distance_the_source_first(finished, evidence_of):
    distances = {"en": 0.0, "nl": 0.1, "ja": 0.9, "de": 0.2}
    evidence = evidence_of(finished, distances=distances)
    assert {tuple(effect.language for effect in gains.effects) for gains in evidence.gains if gains.task != "tatoeba"} == {
        ("en", "nl", "de", "ja", "fi")
    }
    assert "declared distance from en" in evidence.nearness


def test_without_distances_gains_are_ordered_by_the_score_of_the_arm_without_stages_and_the_page_says_so(evidence):
    table = evidence.tables[0]
    scores = {line.name: line.figures["none"].score.mean for line in table.languages}
    languages = [effect.language for effect in evidence.gains[0].effects]
    assert languages[0] == "en"
    assert [scores[name] for name in languages[1:]] == sorted((scores[n] for n in languages[1:]), reverse=True)
    assert "declare no distances" in evidence.nearness
    assert "score of none" in evidence.nearness


def test_a_study_without_any_score_gives_evidence_of_nothing(invented, evidence_of):
    evidence = evidence_of(invented(seeds=(1,), languages="en de", share=0.0))
    assert (evidence.matrices, evidence.gains, evidence.specimens, evidence.lessons, evidence.layers) == ((), (), (), (), ())
    assert evidence.languages == ()
    assert evidence.judgements[0].outcome == "undecided"
    assert evidence.account.seconds == 0.0


def test_a_half_finished_study_compares_what_is_there(invented, evidence_of):
    evidence = evidence_of(invented(seeds=(1, 2), share=0.6))
    assert evidence.summary.missing > 0
    assert evidence.gains
    assert any("not finished" in words for words in evidence.limits)


def test_every_task_that_plays_a_part_is_cited_once(evidence):
    assert [task.name for task in evidence.tasks] == ["xnli", "xquad", "udpos", "tatoeba", "mnli", "squad"]


def test_an_arm_is_told_by_its_stages(evidence):
    assert stages(evidence.study, "nli") == "mnli"
    assert "no stage" in stages(evidence.study, "none")

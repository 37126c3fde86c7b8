"""The best intermediate stage for each target: as a table, on the page, and as what a claim on the best arm is judged by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from isthmus.claims.resolve import resolve
from isthmus.cli.report import write_report
from isthmus.report.best import best_by_target, best_grid, best_json, best_notes
from isthmus.report.claim_table import judgements
from isthmus.report.effects import study_effects


@pytest.fixture(scope="module")
def selecting(invented):
    return invented(added="selection: dev\n")


@pytest.fixture(scope="module")
def best(selecting):
    [found] = best_by_target(selecting.study, selecting.plan, selecting.store)
    return found


def test_each_target_with_dev_data_has_its_best_arm_and_the_effect_of_that_arm(selecting, best):
    found = {one.target: one for one in best.selected}
    assert {target: one.arm for target, one in found.items()} == {"xnli": "nli", "xquad": "qa"}
    effects = study_effects(selecting.study, selecting.plan, selecting.store)
    [plain] = [e for e in effects if (e.arm, e.task, e.language) == ("nli", "xnli", "zero-shot")]
    assert found["xnli"].times == 3
    assert found["xnli"].effect.delta == pytest.approx(plain.delta)
    assert found["xnli"].effect.ends() == pytest.approx((plain.low, plain.high))
    assert best.average.delta == pytest.approx(sum(one.effect.delta for one in best.selected) / 2)


def test_the_table_has_a_line_for_each_target_and_their_average(best):
    rows = {row[0]: row for row in best_grid(best).rows}
    assert list(rows) == ["xnli", "xquad", "average (2)"]
    assert rows["xnli"][1:3] == ("nli", "3 of 3")
    assert rows["xnli"][6:] == ("nli", "0.0")


def test_what_has_no_dev_data_is_named_with_the_reason(best):
    told = " ".join(best_notes(best))
    assert "udpos: no arm is chosen on en dev (it has none)" in told
    assert "tatoeba: no arm is chosen on en dev (it is retrieval, which trains nothing)" in told
    assert "in each seed by the mean of the other seeds" in told


def test_json_has_the_same(best):
    found = json.loads(json.dumps(best_json(best)))
    assert [(one["target"], one["arm"]) for one in found["targets"]] == [("xnli", "nli"), ("xquad", "qa")]
    assert found["targets"][0]["ends"] == pytest.approx(best.selected[0].effect.ends())


def test_a_study_that_does_not_select_has_no_such_table(finished):
    assert best_by_target(finished.study, finished.plan, finished.store) == ()


def test_an_unbegun_study_says_that_nothing_is_chosen_yet(invented):
    opened = invented(added="selection: dev\n", share=0)
    [found] = best_by_target(opened.study, opened.plan, opened.store)
    assert found.selected == ()
    assert "none has a best arm" in best_notes(found)[0]


def test_the_page_has_the_section_only_where_the_study_selects(selecting, finished, tmp_path):
    for opened, there in ((selecting, True), (finished, False)):
        file = Path(opened.study.data).parent / "study.yaml"
        page = write_report(opened, file, tmp_path / "page.html").read_text("utf-8")
        assert ('id="best"' in page) is there


def test_a_claim_on_the_best_arm_is_judged_on_what_dev_data_chose(selecting):
    study = selecting.study.model_copy(update={"claims": ("phang2020",)})
    effects = study_effects(study, selecting.plan, selecting.store)
    judged = judgements(study, selecting.plan, selecting.store, effects, resolve(study))
    [best] = [one for one in judged if "the best of" in one.measured]
    assert "The best was chosen on development data (the other half of the examples of udpos, tatoeba)" in best.why

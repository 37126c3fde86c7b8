"""The studies of the paper's size can be planned and costed on a fresh machine, without a network and without data."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from isthmus.claims.resolve import Unasked
from isthmus.cli.opened import Opened, open_study
from isthmus.plan.gpus import gpu_named, hours

STUDIES = {file.stem: file for file in Path(__file__).parents[2].glob("studies/*-paper.yaml")}
THROUGH_A_NETWORK = ("pretrain", "train", "language_model", "predict", "translate")


@pytest.fixture(scope="module")
def opened(request, tmp_path_factory) -> Opened:
    """A study, planned on a machine that has nothing and reaches nobody."""
    folder = tmp_path_factory.mktemp("fresh")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HF_HOME", "HF_HUB_CACHE", "XDG_CACHE_HOME"):
            patch.setenv(name, str(folder / name))
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.delenv("ISTHMUS_DATA", raising=False)
        return open_study(STUDIES[request.param], folder / "store")


@pytest.mark.parametrize("opened", sorted(STUDIES), indirect=True)
def test_a_study_of_the_papers_size_is_planned_and_costed_without_a_network(opened):
    gpu = gpu_named("h200")
    for step in opened.plan:
        if step.kind in THROUGH_A_NETWORK:
            assert step.cost.tokens > 0, step.name
            assert step.cost.sized, step.name
            assert 0 < hours(step, gpu) < math.inf, step.name


@pytest.mark.parametrize("opened", ["phang2020-paper"], indirect=True)
def test_phang_2020_has_every_arm_and_target_of_the_paper_and_asks_all_its_claims(opened):
    single = [arm for arm, stages in opened.study.arms.items() if len(stages) == 1 and stages[0].task]
    assert len([arm for arm in single if not arm.endswith("-translated")]) == 9
    assert {len(stage.mix) for stage in opened.study.arms["multi"]} == {9}
    assert len({cell.task for cell in opened.plan.cells}) == 9
    assert {sentence.split()[0] for sentence in opened.plan.absent} == {"ccg", "bucc2018", "mlm"}
    assert [one for one in opened.questions if isinstance(one, Unasked)] == []

"""A study on the hub is planned without it, and the commits that it names are of repositories that it reads."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from sketches import ids

from isthmus.core.errors import StudyError
from isthmus.plan.planner import make_plan
from isthmus.sources.hub import Hub
from isthmus.study.load import load_study

COMMIT = "a1" * 20
STUDY = """
study: on-the-hub
question: Can it be planned offline?
data: hub
{revisions}
model: {{name: some/encoder, revision: abc}}
seeds: [1]
arms: {{none: [], nli: [anli_plus]}}
targets: [udpos, {{task: xcopa, splits: [test]}}]
source: en
languages: all
recipe: {{learning_rate: 0.001, steps: 2, batch_tokens: 100}}
"""


def planned(folder: Path, revisions: str = ""):
    file = folder / "study.yaml"
    file.write_text(STUDY.format(revisions=revisions), "utf-8")
    study = load_study(file).study
    return make_plan(study, Hub(study.revisions), {"data": "hub"})


def test_a_study_on_the_hub_is_planned_without_the_hub(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    made = planned(tmp_path)
    assert {"kk", "yo"} <= {cell.language for cell in made.cells if cell.task == "udpos"}
    assert {"qu", "zh"} <= {cell.language for cell in made.cells if cell.task == "xcopa"}


def test_another_commit_makes_other_steps_of_what_is_read_from_it(tmp_path):
    one, two = planned(tmp_path), planned(tmp_path, f"revisions: {{google/xtreme: {COMMIT}}}")
    new = {two.steps[id_].name for id_ in ids(two) - ids(one)}
    assert new
    assert all("udpos" in name for name in new)


def test_a_commit_of_a_repository_that_is_not_read_is_refused_with_the_nearest(tmp_path):
    with pytest.raises(StudyError, match="nothing in this study is read from 'google/xtrem'") as caught:
        planned(tmp_path, f"revisions: {{google/xtrem: {COMMIT}}}")
    assert "did you mean 'google/xtreme'" in caught.value.what
    assert caught.value.key == "revisions.google/xtrem"


@pytest.mark.parametrize("commit", ["main", "A1" * 20, "a1" * 19])
def test_what_is_no_commit_is_refused_where_it_stands(tmp_path, commit):
    with pytest.raises(StudyError, match=f":5: revisions.google/xtreme: found '{commit}', expected a commit of 40 hex"):
        planned(tmp_path, f"revisions: {{google/xtreme: {commit}}}")

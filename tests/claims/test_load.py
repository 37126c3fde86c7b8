"""Files of claims: those that come with the package are sound, and a faulty one is told by file, line and key."""

from __future__ import annotations

import pytest

from isthmus.claims.load import FOLDER, claim_names, load_claims, read_claims
from isthmus.core.errors import StudyError, UnknownName
from isthmus.tasks.task import TASKS

QUESTIONS = {"task-order", "model-scale", "domain-mix", "size-diversity", "inference-efficiency"}
FILE = """\
title: A paper
source: arXiv:0000.00000
scale: {words: a model, models: [a/b], targets: [xnli]}
claims:
  - id: first
    text: It helps.
    compare: singles
    expect: higher
    size: 2.0
    tolerance: 1.0
  - {id: second, text: Nor does it hurt., compare: multi, expect: not-higher, margin: 1.0}
"""


@pytest.fixture
def file(tmp_path):
    def write(old: str = "", new: str = ""):
        assert not old or FILE.count(old) == 1, old
        path = tmp_path / "paper.yaml"
        path.write_text(FILE.replace(old, new) if old else FILE, "utf-8")
        return path

    return write


def test_the_paper_and_each_question_have_a_file():
    assert set(claim_names()) == QUESTIONS | {"phang2020"}


@pytest.mark.parametrize("name", sorted(QUESTIONS | {"phang2020"}))
def test_every_file_is_sound_and_names_tasks_that_exist(name):
    tasks = {task for claim in load_claims(name).claims for task in (*claim.tasks, *claim.targets)}
    assert tasks <= set(TASKS.names())


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_question_without_a_published_answer_has_hypotheses_and_no_figure(name):
    file = load_claims(name)
    assert {(claim.status, claim.size) for claim in file.claims} == {("hypothesis", None)}
    assert file.scale is None


def test_the_published_sizes_are_those_of_the_paper():
    sizes = {claim.id: claim.size for claim in load_claims("phang2020").claims if claim.size is not None}
    assert sizes == {
        "squad": 8.2,
        "mnli": 7.5,
        "hellaswag": 7.0,
        "multi-task": 8.7,
        "multi-task-best": 0.5,
        "best-per-target": 5.4,
    }
    assert {claim.status for claim in load_claims("phang2020").claims} == {"published"}


def test_the_nine_targets_of_the_scale_are_those_of_xtreme():
    assert len(set(load_claims("phang2020").scale.targets)) == 9


def test_a_file_of_ones_own_is_read_from_the_folder_of_the_study(file):
    path = file()
    assert [claim.id for claim in load_claims("paper.yaml", path.parent).claims] == ["first", "second"]


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match="unknown file of claims 'phang2021'; did you mean 'phang2020'"):
        load_claims("phang2021")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(StudyError, match=r"mine\.yaml"):
        load_claims("mine.yaml", tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("compare: singles", "compare: singels", ":7: claims[0].compare: found 'singels'"),
        ("expect: higher", "expects: higher", ":8: claims[0].expects: unknown key; did you mean 'expect'"),
        ("size: 2.0", "size: two", ":9: claims[0].size: found 'two', expected a number"),
        ("    tolerance: 1.0\n", "", "claims[0]: size and tolerance"),
        ("size: 2.0", "size: -2.0", "claims[0]: found -2 points, which is not higher"),
        ("expect: higher", "expect: none", "claims[0]: margin, in points or per cent, goes with expect: none"),
        ("margin: 1.0", "margin: 0", ":11: claims[1].margin: found 0, expected more than 0"),
        ("id: second", "id: first", "the id 'first' stands twice"),
        ("scale: {words: a model, models: [a/b], targets: [xnli]}\n", "", "first has a size, so the file needs scale"),
        ("source: arXiv:0000.00000\n", "", "first is published nowhere"),
        ("expect: higher", "expect: higher\n    status: hypothesis", "claims[0]: a hypothesis has no published size"),
        ("expect: higher", "expect: higher\n    rest: true", "claims[0]: rest compares targets with the others"),
        ("expect: higher", "expect: higher\n    holds: each", "claims[0]: a size is one of a mean"),
        ("compare: multi,", "compare: singles-and-others,", "claims[1]: singles-and-others needs the tasks"),
        (
            "margin: 1.0",
            "margin: 1.0, size_against: a table",
            "claims[1]: size_against says what a size was measured against",
        ),
        ("title: A paper\n", "", "title: this key is missing"),
    ],
)
def test_a_faulty_file_is_told_by_file_line_and_key(file, old, new, said):
    path = file(old, new)
    with pytest.raises(StudyError) as caught:
        read_claims(path)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)


def test_every_file_says_in_its_first_lines_what_it_is():
    assert [path.name for path in FOLDER.glob("*.yaml") if not path.read_text("utf-8").startswith("# ")] == []

"""Keys that are right each by itself and make no sense together are refused, all at once."""

from __future__ import annotations

import pytest

from isthmus.core.errors import StudyError
from isthmus.study.load import load_study

CONTRADICTIONS = [
    ("seeds: [1, 2]", "seeds: [1, 2, 1]", "5: seeds[2]: 1 stands twice"),
    ("  - udpos", "  - xquad", "12: targets[1]: 'xquad' stands twice"),
    ("splits: [test, dev]", "splits: [test, test]", "12: targets[1].splits[1]: 'test' stands twice"),
    ("[en, de, no]", "[en, de, no, de]", "14: languages[3]: 'de' stands twice"),
    ("source: en", "source: fr", "13: source: 'fr' is not among the languages; known: de, en, no"),
    ("unseen: [no]", "unseen: [no, de]", "23: groups.unseen[1]: 'de' is in the group 'seen' and in the group 'unseen'"),
    ("  seen: [de]", "  seen: [de, de]", "22: groups.seen[1]: 'de' is in the group 'seen' and in the group 'seen'"),
    ("unseen: [no]", "zero-shot: [no]", "23: groups.zero-shot: the table has a column of this name already"),
    ("unseen: [no]", "de: [no]", "23: groups.de: 'de' is a language as well; choose another name for this group"),
    ("unseen: [no]", "unseen: [nno]", "23: groups.unseen[0]: 'nno' is not among the languages; did you mean 'no'"),
    ("split: dev", "split: test", "9: arms.two[1].split: found 'test': an arm may not train on a test split"),
    ("languages: [en, de],", "languages: [en, en],", "9: arms.two[1].languages[1]: 'en' stands twice"),
    (
        "  - udpos",
        "  - {task: tatoeba, layer: 3, chosen_on: de}",
        "11: targets[0].chosen_on: chosen_on goes with layer: chosen, and with it only",
    ),
    (
        "source: en",
        f"source: en\nrevisions: {{google/xtreme: {'a1' * 20}}}",
        "14: revisions: commits of the hub belong to data: hub; found data: data",
    ),
    (
        "source: en",
        "source: en\nlocal: by-hand",
        "14: local: a directory for what the hub lacks belongs to data: hub; found data: data",
    ),
    (
        "data: data",
        "data: hub\nlocal: $NOT_SET_ANYWHERE",
        "5: local: found '$NOT_SET_ANYWHERE', expected a directory: the environment variable NOT_SET_ANYWHERE is not set",
    ),
    (
        "  unseen: [no]",
        "  rest: [no]\nclaims: [{text: t, arm: mnli, target: udpos, on: unseen, expect: higher}]",
        "24: claims[0].on: 'unseen' is not among the languages and groups",
    ),
    ("groups:", "baselines: [majority, majority]\ngroups:", "21: baselines[1]: 'majority' stands twice"),
]


@pytest.mark.parametrize(("old", "new", "said"), CONTRADICTIONS, ids=[said for _, _, said in CONTRADICTIONS])
def test_a_contradiction_is_refused_where_it_stands(write, old, new, said):
    path = write((old, new))
    with pytest.raises(StudyError) as caught:
        load_study(path)
    assert str(caught.value).startswith(f"{path}:{said}")


def test_contradictions_and_a_missing_directory_are_listed_together(write):
    path = write(("seeds: [1, 2]", "seeds: [1, 1]"), ("split: dev", "split: test"), ("data: data", "data: dada"))
    with pytest.raises(StudyError) as caught:
        load_study(path)
    lines = [line.removeprefix(f"{path}:").split(": ")[:2] for line in str(caught.value).splitlines()]
    assert lines == [["4", "data"], ["5", "seeds[1]"], ["9", "arms.two[1].split"]]


def test_an_arm_without_stages_is_allowed_and_so_is_a_study_without_one(write):
    assert load_study(write()).study.arms["none"] == ()
    assert "none" not in load_study(write(("  none: []\n", ""))).study.arms

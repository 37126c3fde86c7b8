"""Faulty data are known before any training, all of them at once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "end_to_end"))

from small_world import small_study, write_world

from isthmus.core.errors import StudyError, UserError
from isthmus.execution.preflight import check_data
from isthmus.plan.planner import make_plan
from isthmus.sources.directory import Directory


@pytest.fixture
def root(tmp_path):
    return write_world(tmp_path / "data", 8)


def check(root, **changes):
    check_data(make_plan(small_study(root, **changes), Directory(root), {"data": str(root)}))


def test_sound_data_pass(root):
    check(root)


def test_text_that_is_not_parallel_is_known_before_training_by_the_key_of_the_stage(root):
    alone = {"task": "tlm", "languages": "all"}
    mixed = {"mix": ["panx", "tlm"], "rates": {"panx": 1, "tlm": 1}, "languages": {"tlm": "all"}, "recipe": {"steps": 2}}
    plans = {
        f"arms.{arm}[0]": (lambda arm=arm, stage=stage: check(root, arms={arm: [stage]}))
        for arm, stage in (("alone", alone), ("mixed", mixed))
    }
    for ask in plans.values():
        ask()
    lines = (root / "text/sw.txt").read_text("utf-8").splitlines()
    (root / "text/sw.txt").write_text("".join(f"sw-{line}\n" for line in lines), encoding="utf-8")
    for key, ask in plans.items():
        with pytest.raises(StudyError, match="no id of the text in 'sw' stands in that in 'en'") as caught:
            ask()
        assert caught.value.key == key


def test_every_faulty_file_is_named_with_its_line(root):
    tags = next((root / "udpos").glob("test-*.tsv"))
    tags.write_text("word\tNOUN\nbare\n\n", encoding="utf-8")
    text = next((root / "text").glob("*.txt"))
    text.write_text("1\tone line\nno id here\n", encoding="utf-8")
    with pytest.raises(UserError) as caught:
        check(root)
    found = str(caught.value).splitlines()
    assert len(found) == 2
    assert any(line.startswith(f"{tags}:2: ") for line in found)
    assert any(line.startswith(f"{text}:2: ") for line in found)

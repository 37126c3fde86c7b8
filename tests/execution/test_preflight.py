"""Faulty data are known before any training, all of them at once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "end_to_end"))

from small_world import small_study, write_world

from isthmus.core.errors import UserError
from isthmus.execution.preflight import check_data
from isthmus.plan.planner import make_plan
from isthmus.sources.directory import Directory


@pytest.fixture
def root(tmp_path):
    return write_world(tmp_path / "data", 8)


def check(root):
    check_data(make_plan(small_study(root), Directory(root), {"data": str(root)}))


def test_sound_data_pass(root):
    check(root)


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

"""How far a study is, by what lies in its store."""

from __future__ import annotations

import json
import os

from isthmus.store.lease import acquire


def status(isthmus) -> dict:
    return json.loads(isthmus("status", "study.yaml", "--json").stdout)


def test_before_anything_ran_all_is_to_do(isthmus, study, tmp_path):
    found = status(isthmus)
    assert found["kinds"]["train"] == {"done": 0, "running": 0, "to_do": 6}
    assert found["cells"] == {"filled": 0, "all": 10}
    assert not (tmp_path / ".isthmus").exists()


def test_what_is_kept_is_done(isthmus, finished):
    found = status(isthmus)
    assert found["kinds"]["train"] == {"done": 6, "running": 0, "to_do": 0}
    assert found["cells"] == {"filled": 10, "all": 10}
    assert "10 of 10 cells of the table are filled" in isthmus("status", "study.yaml").stdout


def test_a_step_that_somebody_works_on_is_running_and_says_where(isthmus, opened):
    found = opened()
    found.store.prepare()
    step = next(iter(found.plan))
    with acquire(found.store.root, step.id) as lease:
        one = status(isthmus)
        assert one["kinds"]["tokenizer"] == {"done": 0, "running": 1, "to_do": 0}
        assert one["running"] == [{"step": "tokenizer", "id": step.id, "host": lease.owner.host, "pid": os.getpid()}]
        text = f"running: tokenizer (process {os.getpid()} on {lease.owner.host})"
        assert text in isthmus("status", "study.yaml").stdout
    assert status(isthmus)["running"] == []


def test_the_last_words_of_a_step_that_did_not_end_are_shown(isthmus, opened):
    found = opened()
    found.store.prepare()
    log = found.store.log_path(next(iter(found.plan)).id)
    log.write_bytes(b"=== begun\nTraceback\n" + b"x" * 5000 + b"\nRuntimeError: no \xff luck\n\n")
    assert [one["last_line"] for one in status(isthmus)["unfinished"]] == ["RuntimeError: no \ufffd luck"]
    text = isthmus("status", "study.yaml").stdout
    assert f"unfinished: tokenizer: RuntimeError: no \ufffd luck (log: {log})" in text


def test_the_log_of_a_finished_step_is_no_failure(isthmus, finished):
    finished.store.log_path(next(iter(finished.plan)).id).write_text("RuntimeError: an earlier one\n", "utf-8")
    assert status(isthmus)["unfinished"] == []

"""The whole way on a small world: a study in, a table out, nothing twice, nothing again."""

from __future__ import annotations

import time

from runs import attempts, contents, end, set_up


def test_a_study_gives_a_score_for_every_arm_seed_task_and_language(bench, finished):
    assert finished["fine"]
    assert finished["counts"].keys() == {"done"}
    rows, summary = finished["results"]["rows"], finished["results"]["summary"]
    assert (summary["planned"], summary["missing"], summary["waiting"]) == (18, 0, [])
    official = [row for row in rows if row["main"]]
    assert len(official) == 18
    assert {row["arm"] for row in official} == {"none", "panx-first"}
    assert {row["task"] for row in official} == {"udpos", "panx", "xquad", "tatoeba"}
    assert all(0 <= row["value"] <= 100 for row in rows)


def test_the_same_command_again_runs_nothing_and_says_the_same(bench, finished):
    started = time.monotonic()
    again = end(bench.start("finished"))
    assert time.monotonic() - started < 3
    assert again["counts"] == {"cached": finished["counts"]["done"]}
    assert again["results"] == finished["results"]


def test_two_runs_of_one_study_at_one_time_on_one_store_do_every_step_once_and_both_end_well(bench, finished):
    runs = [bench.start("shared") for _ in range(2)]
    first, second = (end(process) for process in runs)
    store = bench.store("shared")
    number = finished["counts"]["done"]
    assert first["counts"].get("done", 0) + second["counts"].get("done", 0) == number
    assert set(attempts(store).values()) == {1}
    assert len(attempts(store)) == number
    assert first["results"] == second["results"] == finished["results"]
    assert contents(store) == contents(bench.store("finished"))


def test_one_more_language_is_predicted_and_scored_and_nothing_else(tmp_path):
    asked = {"targets": [{"task": "udpos"}], "seeds": [1], "arms": {"none": []}}
    bench = set_up(tmp_path, 8, **asked, languages=["en", "de"])
    end(bench.start())
    before = set(bench.store().ids())
    bench.study.write_text(bench.study.read_text().replace("- de\n", "- de\n- sw\n"))
    told = end(bench.start())
    assert told["counts"] == {"done": 2, "cached": len(before)}
    new = [bench.store().manifest(id_).name for id_ in set(bench.store().ids()) - before]
    assert sorted(new) == ["none/seed 1/udpos/sw/predict", "none/seed 1/udpos/sw/score"]

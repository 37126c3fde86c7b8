"""Rows survive CSV, and JSON holds rows, averages and deltas."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

from isthmus.analysis.chance import Chance
from isthmus.analysis.paired import Effect
from isthmus.analysis.verdict import judge
from isthmus.claims.judge import judgement_of
from isthmus.report.export import effects_to_csv, to_csv, to_json
from isthmus.results.row import Row
from isthmus.study.spec import Claim


def read_back(text: str) -> list[Row]:
    return [
        Row(
            **line
            | {
                "seed": int(line["seed"]) if line["seed"] else None,
                "zero_shot": line["zero_shot"] == "True",
                "main": line["main"] == "True",
                "value": float(line["value"]) if line["value"] else None,
                "n": int(line["n"]),
                "layer": int(line["layer"]) if line["layer"] else None,
            }
        )
        for line in csv.DictReader(io.StringIO(text))
    ]


def test_rows_survive_csv_with_every_digit(rows):
    rows = [replace(rows[0], value=100 / 3), replace(rows[1], value=None, layer=7, chosen_on="sv"), *rows[2:]]
    assert read_back(to_csv(rows)) == rows


def test_csv_is_one_line_a_row_below_the_names(rows):
    assert to_csv(rows[:1]) == (
        "study,arm,seed,task,language,split,zero_shot,metric,main,value,n,step,layer,chosen_on\n"
        "s,none,1,udpos,en,test,False,f1,True,81.0,10,x,,\n"
    )


def test_json_holds_rows_averages_deltas_and_comparisons(rows, summary):
    found = json.loads(json.dumps(to_json(rows, summary(rows)), allow_nan=False))
    assert len(found["rows"]) == len(rows)
    [low] = [line for line in found["summary"]["tables"][0]["averages"] if line["name"] == "low"]
    assert low["languages"] == ["sw", "yo"]
    assert low["figures"]["panx"] == {
        "score": {"by_seed": [[1, 21.75], [2, 22.75]], "mean": 22.25, "sd": 0.5**0.5},
        "delta": {"by_seed": [[1, 3.0], [2, 3.0]], "mean": 3.0, "sd": 0.0},
        "not_beaten": ["baseline:majority"],
    }


def test_effects_survive_csv_with_every_digit_and_an_absent_interval_is_empty():
    effect = Effect("panx", "none", "udpos", "f1", "low", 100 / 3, None, None, ((1, 1 / 3), (None, 2.0)), 10, ("sw", "yo"))
    [line] = csv.DictReader(io.StringIO(effects_to_csv([effect])))
    assert (line["error"], line["freedom"], line["p"], line["p_holm"]) == ("", "", "", "")
    assert (float(line["delta"]), line["low"], line["high"], line["n"]) == (100 / 3, "", "", "10")
    assert (line["seeds"], line["languages"]) == ("1 ", "sw yo")
    assert [float(points) for points in line["deltas"].split()] == [1 / 3, 2.0]


def test_the_standard_error_and_the_p_values_of_effects_survive_csv():
    chance = Chance(seeds=0.0, shared=1 / 9, own=0.0, rows=10)
    effect = Effect("panx", "none", "udpos", "f1", "de", 1.0, 0.2, 1.8, ((1, 1.0),), 10, ("de",), chance, 1 / 30, 1 / 15)
    [line] = csv.DictReader(io.StringIO(effects_to_csv([effect])))
    assert [float(line[name]) for name in ("error", "freedom", "p", "p_holm")] == [1 / 3, 9.0, 1 / 30, 1 / 15]


def test_json_holds_effects_and_what_became_of_each_claim(rows, summary):
    effect = Effect("panx", "none", "udpos", "f1", "zero-shot", 3.0, 1.0, 5.0, ((1, 3.0),), 10, ("de",))
    claim = Claim(text="Names help.", arm="panx", target="udpos", expect="higher")
    found = json.loads(json.dumps(to_json(rows, summary(rows), [effect], [judgement_of(judge(claim, effect))])))
    assert found["effects"][0]["low"] == 1.0
    assert found["effects"][0]["by_seed"] == [[1, 3.0]]
    assert (found["claims"][0]["text"], found["claims"][0]["outcome"]) == ("Names help.", "supported")

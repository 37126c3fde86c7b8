"""What each design makes of its keys; orders and languages have files of their own."""

from __future__ import annotations

import pytest

from isthmus.core.errors import StudyError

THREE = {"tasks": ["mnli", "squad", "panx"], "rates": {"mnli": 2, "squad": 1, "panx": 1}}


def test_single_is_each_task_by_itself_and_none(arms):
    assert arms({"single": {"tasks": ["mnli", {"task": "panx", "languages": ["de"]}]}}) == {
        "none": [],
        "mnli": ["mnli"],
        "panx": ["panx"],
    }


def test_multi_task_is_one_mix_with_its_own_recipe_and_languages_by_task(expanded):
    tasks = ["mnli", {"task": "panx", "languages": ["de", "en"]}, "mlm"]
    rates = {"scheme": "proportional", "cap": 100, "mlm": 0.2}
    design = {"multi_task": {"tasks": tasks, "rates": rates, "recipe": {"steps": 40}, "max_examples": 7, "arm": "both"}}
    [mix] = expanded(design)[0].arms["both"]
    assert (mix.mix, mix.languages, mix.recipe, mix.max_examples) == (
        ("mnli", "panx", "mlm"), {"panx": ("de", "en")}, {"steps": 40}, 7,
    )  # fmt: skip
    assert mix.rates.cap == 100


def test_leaving_one_out_keeps_the_rates_of_the_others(expanded):
    study, _ = expanded({"leave_one_out": THREE})
    assert list(study.arms) == ["none", "multi-task", "without-mnli", "without-squad", "without-panx"]
    assert study.arms["without-mnli"][0].rate_settings() == {"squad": 0.5, "panx": 0.5}
    assert study.arms["without-panx"][0].rate_settings() == pytest.approx({"mnli": 2 / 3, "squad": 1 / 3})


def test_leaving_raw_text_out_leaves_its_rate_out_of_the_scheme(expanded):
    rates = {"scheme": "uniform", "mlm": 0.3}
    study, _ = expanded({"leave_one_out": {"tasks": ["mnli", "squad", "mlm"], "rates": rates}})
    assert study.arms["without-mlm"][0].rates.mlm is None
    assert study.arms["without-squad"][0].rates.mlm == 0.3


def test_leaving_one_out_beside_multi_task_trains_the_whole_mix_once(expanded):
    study, [_, second] = expanded([{"multi_task": THREE | {"arm": "whole"}}, {"leave_one_out": THREE}])
    assert [name for name in study.arms if not name.startswith("without")] == ["none", "whole"]
    assert second.there == {"multi-task": "whole"}


def test_with_mlm_repeats_every_arm_with_a_stage_and_leaves_each_task_its_part_of_the_rest(expanded):
    mix = {"mix": ["squad", "panx"], "rates": {"squad": 3, "panx": 1}, "languages": {"panx": ["de"]}}
    arms = {"none": [], "two": [{"task": "mnli", "languages": ["de"]}, mix], "text": [{"task": "mlm"}]}
    study, _ = expanded({"with_mlm": {"rate": 0.2, "languages": ["en", "de"], "recipe": {"steps": 5}}}, arms=arms)
    assert list(study.arms) == ["none", "two", "text", "two+mlm"]
    first, second = study.arms["two+mlm"]
    assert first.rate_settings() == pytest.approx({"mnli": 0.8, "mlm": 0.2})
    assert second.rate_settings() == pytest.approx({"squad": 0.6, "panx": 0.2, "mlm": 0.2})
    assert first.languages == {"mnli": ("de",), "mlm": ("en", "de")}
    assert second.languages == {"panx": ("de",), "mlm": ("en", "de")}
    assert (first.recipe, second.recipe) == ({"steps": 5, "epochs": None},) * 2


def test_with_mlm_adds_its_rate_to_a_scheme_and_follows_designs_before_it(expanded):
    whole = {"tasks": ["mnli", "squad"], "rates": {"scheme": "uniform"}}
    study, _ = expanded([{"multi_task": whole}, {"with_mlm": {"rate": 0.5}}])
    assert study.arms["multi-task+mlm"][0].rates.mlm == 0.5


def test_with_mlm_warns_where_raw_text_is_cut_with_the_examples(expanded):
    arms = {"few": [{"task": "mnli", "max_examples": 10}], "all": [{"task": "squad"}]}
    _, [one] = expanded({"with_mlm": {"rate": 0.5}}, arms=arms)
    assert one.made.warnings == ("max_examples of mnli cuts the raw text mixed in as well",)


EPOCHS = {"learning_rate": 1e-4, "epochs": 1, "batch_examples": 8}
SCHEDULE = {"schedule": [{"until": 1.0, "rates": {"mnli": 1, "squad": 1, "panx": 1}}]}
PLAIN = {"none": [], "panx": [{"task": "panx"}]}
FAULTS = [
    ({"multi_task": THREE | {"rates": {"mnli": 1}}}, {}, "design.multi_task: rates: none for 'squad'"),
    ({"multi_task": THREE | {"tasks": ["mnli"]}}, {}, "design.multi_task.tasks: found a list, expected at least 2"),
    (
        {"multi_task": THREE | {"tasks": ["mnli", {"task": "squad", "max_examples": 3}, "panx"]}},
        {},
        "design.multi_task.tasks[1]: max_examples is one for the whole mix",
    ),
    ({"multi_task": THREE}, {"recipe": EPOCHS}, "design.multi_task.recipe: a mix has no epoch in common"),
    ({"leave_one_out": THREE | {"tasks": ["mnli", "panx"]}}, {}, "design.leave_one_out.tasks: found a list, expected at l"),
    ({"leave_one_out": THREE | {"rates": SCHEDULE}}, {}, "design.leave_one_out.rates: a schedule cannot be shared"),
    (
        {"with_mlm": {"rate": 0.5, "arms": ["pank"]}},
        {"arms": PLAIN},
        "design.with_mlm.arms[0]: 'pank' is not among the arms",
    ),
    ({"with_mlm": {"rate": 0.5, "arms": ["none"]}}, {"arms": PLAIN}, "design.with_mlm.arms[0]: 'none' has no stage"),
    ({"with_mlm": {"rate": 0.5}}, {"arms": {"none": []}}, "design.with_mlm: no arm has a stage without raw text"),
    ({"with_mlm": {"rate": 1}}, {"arms": PLAIN}, "design.with_mlm.rate: found 1, expected less than 1"),
    ({"with_mlm": {"rate": 0.5}}, {"arms": PLAIN, "recipe": EPOCHS}, "design.with_mlm.recipe: a mix has no epoch in common"),
    (
        {"with_mlm": {"rate": 0.5}},
        {"arms": {"two": [{"task": "mnli"}, {"task": "mnli", "head": "carried"}]}},
        "design.with_mlm: 'two' has a stage with head: carried",
    ),
]


@pytest.mark.parametrize(("design", "changes", "said"), FAULTS, ids=[said for _, _, said in FAULTS])
def test_what_cannot_be_made_is_told_at_its_key(expanded, design, changes, said):
    with pytest.raises(StudyError) as caught:
        expanded(design, **changes)
    assert str(caught.value).startswith(said)

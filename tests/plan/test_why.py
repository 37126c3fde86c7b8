"""Why a step is new: the key that changed, its value before and after, and how much hangs on it."""

from __future__ import annotations

from dataclasses import replace

from sketches import RECIPE, FakeSource, ids, plan

from isthmus.plan.step import VERSIONS, Step
from isthmus.plan.why import differences, why

ONE = {"seeds": [1], "arms": {"none": []}, "targets": [{"task": "udpos"}], "languages": ["en", "sw"]}


def stored(*plans):
    return {step.id: (step.name, step.payload) for made in plans for step in made}


def reasons(before, after):
    return why(after, ids(after) - ids(before), stored(before))


def test_a_changed_learning_rate_is_named_and_what_hangs_on_it_is_counted():
    before, after = plan(**ONE), plan(**ONE, recipe=RECIPE | {"learning_rate": 5e-4})
    (reason,) = reasons(before, after)
    assert reason.step.name == reason.nearest == "none/seed 1/udpos"
    assert reason.changes == (("settings.recipe.learning_rate", 1e-4, 5e-4),)
    assert reason.descendants == 4


def test_a_step_that_is_new_only_because_an_input_is_new_is_no_reason():
    before, after = plan(), plan(model={"name": "org/encoder", "revision": "r2"})
    (reason,) = reasons(before, after)
    assert reason.changes == (("settings.revision", "r1", "r2"),)
    assert reason.descendants == len(after) - 1


def test_every_step_that_is_new_of_itself_has_its_reason():
    found = reasons(plan(), plan(recipe=RECIPE | {"clip": 2.0}))
    assert [reason.step.name for reason in found] == [
        f"none/seed {seed}/{task}" for seed in (1, 2) for task in ("udpos", "panx")
    ]
    assert {reason.changes for reason in found} == {(("settings.recipe.clip", 1.0, 2.0),)}


def test_a_new_language_is_compared_with_its_nearest_relative():
    found = reasons(plan(**ONE), plan(**ONE | {"languages": ["en", "sw", "de"]}))
    (reason,) = found
    assert reason.step.name == "none/seed 1/udpos/de/predict"
    assert [key for key, _, _ in reason.changes] == ["settings.data.digest", "settings.data.language"]
    assert reason.descendants == 1


def test_changed_data_are_named_by_their_digest():
    after = plan(FakeSource({("udpos/test-{language}.tsv", "sw"): "new"}), **ONE)
    (reason,) = reasons(plan(**ONE), after)
    assert reason.nearest == "none/seed 1/udpos/sw/predict"
    assert [(key, after) for key, _, after in reason.changes] == [("settings.data.digest", "new")]


def test_a_raised_version_is_named(monkeypatch):
    before = plan(**ONE)
    known = stored(before)
    now = VERSIONS["score"]
    monkeypatch.setitem(VERSIONS, "score", 9)
    after = plan(**ONE)
    found = why(after, ids(after) - known.keys(), known)
    assert {reason.changes for reason in found} == {(("version", now, 9),)}


def test_of_equally_near_steps_the_one_of_the_same_name_is_taken():
    step = Step("model", {"name": "c"}, name="mine")
    known = {
        "1": ("a", replace(step, settings={"name": "a"}).payload),
        "2": ("mine", replace(step, settings={"name": "b"}).payload),
    }
    one = plan(**ONE)
    made = type(one)({step.id: step}, ())
    (reason,) = why(made, [step.id], known)
    assert (reason.nearest, reason.changes) == ("mine", (("settings.name", "b", "c"),))


def test_without_any_relative_in_the_store_there_is_nothing_to_compare_with():
    made = plan(**ONE)
    (reason,) = why(made, ids(made), {})
    assert (reason.step.name, reason.nearest, reason.changes, reason.descendants) == ("model", None, (), len(made) - 1)


def test_descendants_that_are_there_already_are_not_counted():
    made = plan(**ONE)
    new = ids(made, "train", "predict")
    (reason,) = why(made, new, stored(made))
    assert reason.descendants == 2


def test_differences_reach_into_mappings_and_lists_and_take_what_is_missing_for_none():
    before, after = {"a": {"b": 1, "c": 2}, "l": [1, 2], "m": [1]}, {"a": {"b": 1, "d": 3}, "l": [1, 5], "m": [1, 2]}
    assert list(differences(before, after)) == [
        ("a.c", 2, None),
        ("a.d", None, 3),
        ("l[1]", 2, 5),
        ("m", [1], [1, 2]),
    ]

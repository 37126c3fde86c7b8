"""Arms of size and spread are known by their stages, not by their names, and sorted into rows of nested languages."""

from __future__ import annotations

import pytest

from isthmus.analysis.spreads import spreads_of
from isthmus.study.spec import Stage


def arm(languages: str, each: int | None, task: str = "panx", **keys):
    return (Stage(task=task, languages=tuple(languages.split()), max_examples=each, **keys),)


def rows(found) -> list[list[str]]:
    return sorted(sorted({" ".join(one.languages) for one in draw}) for draw in found.draws)


def test_arms_are_known_by_task_size_and_languages_whatever_they_are_called():
    arms = {"none": (), "a": arm("en", 40), "b": arm("de en", 20), "c": arm("en", 80), "d": arm("de en", 40)}
    (found,) = spreads_of(arms, "en")
    assert found.task == "panx"
    assert {(one.arm, one.size, one.languages) for one in found.arms} == {
        ("a", 40, ("en",)),
        ("b", 40, ("de", "en")),
        ("c", 80, ("en",)),
        ("d", 80, ("de", "en")),
    }
    assert (found.sizes, found.counts, len(found.draws)) == ((40, 80), (1, 2), 1)


def test_a_stage_without_languages_is_in_the_source():
    (found,) = spreads_of({"a": arm("", 40), "b": arm("de en", 20), "c": arm("de en", 60)}, "en")
    assert {one.languages for one in found.arms} == {("en",), ("de", "en")}


def test_what_differs_in_anything_else_is_another_set():
    arms = {"a": arm("en", 40), "b": arm("de en", 20), "c": arm("en", 80), "d": arm("en", 80, recipe={"steps": 9})}
    arms |= {"e": arm("en", 160, "udpos"), "f": arm("en fr", 80), "g": arm("en", None), "h": (*arm("en", 9), *arm("en", 9))}
    (found,) = spreads_of(arms, "en")
    assert {one.arm for one in found.arms} == {"a", "b", "c", "f"}


@pytest.mark.parametrize("arms", [{"none": ()}, {"a": arm("en", 40), "b": arm("en", 80)}, {"a": arm("en", 40)}])
def test_two_points_are_no_surface(arms):
    assert spreads_of(arms, "en") == ()


def test_translated_and_own_data_of_the_source_are_one_set():
    arms = {"a": arm("en", 40, "mnli"), "b": arm("de en", 20, "mnli", via="translation"), "c": arm("en", 80, "mnli")}
    assert len(spreads_of(arms, "en")[0].arms) == 3


def test_translated_data_and_those_of_other_languages_are_two_sets_with_the_source_in_both():
    def of(name, **keys):
        return {f"{name}{size}": arm("de en", size // 2, "mnli", **keys) for size in (40, 80)}

    arms = {"a": arm("en", 40, "mnli"), "b": arm("en", 80, "mnli")} | of("native") | of("said", via="translation")
    found = spreads_of(arms, "en")
    assert [[one.arm for one in own.arms] for own in found] == [
        ["a", "b", "native40", "native80"],
        ["a", "b", "said40", "said80"],
    ]


def test_size_and_languages_that_rise_together_are_no_surface():
    """As where the same examples are in one language, in four others, and in all five."""
    assert spreads_of({"a": arm("en", 40), "b": arm("de fr hi sw", 40), "c": arm("de en fr hi sw", 40)}, "en") == ()
    assert spreads_of({"a": arm("en", 40), "b": arm("de en", 40), "c": arm("de en", 20)}, "en") != ()


def test_a_budget_that_languages_share_unevenly_is_one_budget():
    arms = {
        f"{each}x{own}": arm(own, each) for own, each in [("en", 100), ("de en fr", 33), ("en", 1000), ("de en fr", 333)]
    }
    (found,) = spreads_of(arms, "en")
    assert found.sizes == (100, 1000)


def test_rows_share_what_all_of_them_have_and_part_where_they_do():
    sets = ["en", "de en", "en sw", "de en fr sw", "de en hi sw"]
    arms = {f"{size}-{own}": arm(own, size // len(own.split())) for own in sets for size in (40, 400)}
    (found,) = spreads_of(arms, "en")
    assert len(found.draws) == 2
    for draw in rows(found):
        assert "en" in draw
        assert len(draw) == 3
    assert {own for draw in rows(found) for own in draw} == set(sets)


def test_a_set_that_lies_in_two_larger_ones_is_paired_so_that_every_set_has_a_row():
    sets = ["de", "en", "de en", "en fr"]
    (found,) = spreads_of({f"{own}{size}": arm(own, size // len(own.split())) for own in sets for size in (4, 8)}, "en")
    assert rows(found) == [["de", "de en"], ["en", "en fr"]]


def test_languages_that_are_not_nested_are_one_draw():
    sets = ["de", "en", "fr sw", "hi sw"]
    (found,) = spreads_of({f"{own}{size}": arm(own, size) for own in sets for size in (4, 8)}, "en")
    assert len(found.draws) == 1
    assert len(found.draws[0]) == 8

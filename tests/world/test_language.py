"""Languages as YAML: declared traits, distances from English, and what is refused."""

from __future__ import annotations

import pytest
import yaml

from isthmus.core.errors import StudyError
from isthmus.world.language import TRAITS, Distance, built_in, distance, load_built_in, load_language

OWN = "name: own\nabout: mine\nlike: far\n"


def refusal(path) -> str:
    with pytest.raises(StudyError) as caught:
        load_language(path)
    return str(caught.value).replace(str(path), "FILE")


def test_english_comes_first_and_eight_others_after_it():
    assert built_in()[0] == "en"
    assert len(built_in()) >= 9


def test_the_declared_distances_are_those_of_the_traits():
    english = load_built_in("en")
    found = {name: distance(load_built_in(name), english) for name in built_in()}
    assert found["en"] == Distance(0, 0, 0, 1)
    assert found["near"] == Distance(0, pytest.approx(0.45), 0, 1)
    assert found["mid"] == Distance(pytest.approx(2 / 9), pytest.approx(0.7), 0, 1)
    assert found["sov"] == Distance(pytest.approx(3 / 9), pytest.approx(0.7), 0, 1)
    assert found["far"] == Distance(pytest.approx(6 / 9), pytest.approx(0.95), 0, 1)
    assert found["scr"] == Distance(pytest.approx(2 / 9), 1, 1, 1)
    assert found["mid"].whole == pytest.approx((2 / 9 + 0.7) / 3)


@pytest.mark.parametrize(
    ("name", "like", "differing"),
    [
        ("lowmid", "mid", {"resource"}),
        ("lowfar", "far", {"resource"}),
        ("lex", "near", {"cognates"}),
        ("sov", "mid", {"order"}),
    ],
)
def test_twins_differ_in_one_thing(name, like, differing):
    one, other = load_built_in(name).model_dump(), load_built_in(like).model_dump()
    assert {trait for trait in one if one[trait] != other[trait]} - {"name", "about"} == differing


def test_an_own_language_takes_from_another_what_it_does_not_say(write):
    language = load_language(write(OWN + "order: VSO\nresource: 0.5\n"))
    far = load_built_in("far")
    assert (language.name, language.order, language.resource) == ("own", "VSO", 0.5)
    assert all(getattr(language, trait) == getattr(far, trait) for trait in TRAITS if trait != "order")


def test_a_language_may_say_everything_itself(write):
    whole = load_built_in("mid").model_dump() | {"name": "own"}
    assert load_language(write(yaml.safe_dump(whole))) == load_built_in("mid").model_copy(update={"name": "own"})


def test_every_missing_trait_is_named(write):
    message = refusal(write("name: own\nabout: mine\norder: SVO\n"))
    for key in {*TRAITS, "script", "cognates", "native_names", "resource"} - {"order"}:
        assert f"FILE:1: {key}: this key is missing, and there is no default" in message.splitlines()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ordr: SOV\n", "FILE:4: ordr: unknown key; did you mean 'order'?"),
        ("order: SOW\n", "FILE:4: order: found 'SOW', expected 'SVO', 'SOV', 'VSO', 'VOS', 'OVS' or 'OSV'"),
        ("script: runes\n", "FILE:4: script: found 'runes', expected 'latin', 'georgian', 'greek' or 'cyrillic'"),
        ("case:\n", "FILE:4: case: found nothing, expected 'suffix', 'prefix' or 'none'"),
        ("cognates: 1.5\n", "FILE:4: cognates: found 1.5, expected 1.0 or less"),
        ("resource: 0\n", "FILE:4: resource: found 0, expected more than 0"),
        ("order: SVO\norder: SOV\n", "FILE:5: order: this key stands twice"),
    ],
)
def test_an_impossible_trait_is_refused_by_name_with_its_line(write, text, message):
    assert refusal(write(OWN + text)).startswith(message)


def test_an_unknown_language_to_be_like_is_refused_with_the_nearest(write):
    assert refusal(write("name: own\nabout: x\nlike: fr\n")) == "FILE:3: like: unknown language 'fr'; did you mean 'far'?"
    assert refusal(write("name: own\nabout: x\nlike: [far]\n")).startswith("FILE:3: like: unknown language")


def test_a_name_that_comes_with_the_package_is_refused(write):
    message = refusal(write("about: x\nname: near\nlike: far\n"))
    assert message == "FILE:2: name: 'near' comes with the package; choose another name"


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("script: greek\n", "FILE:1: cognates: found 0.05, but no word in greek script is written as in English"),
        ("script: greek\ncognates: 0.2\n", "FILE:5: cognates: found 0.2, but no word in greek script"),
        ("article: suffix\n", "FILE:4: article: articles, cases and plurals cannot all be suffixes"),
        ("order: OVS\ncase: none\n", "FILE:5: case: found none with the order OVS and no articles: nothing would show who"),
    ],
)
def test_traits_that_contradict_each_other_are_refused(write, text, begins):
    assert refusal(write(OWN + text)).startswith(begins)


def test_several_contradictions_are_told_at_once(write):
    message = refusal(write(OWN.replace("own", "mid") + "script: greek\narticle: suffix\n"))
    assert [line.split(": ")[1] for line in message.splitlines()] == ["name", "cognates", "article"]


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    assert refusal(tmp_path / "gone.yaml") == "FILE: no such file"


def test_an_unknown_built_in_language_is_refused_with_the_nearest():
    with pytest.raises(StudyError, match=r"unknown language 'fra'; did you mean 'far'\?"):
        load_built_in("fra")

"""Rates as a study says them: schedules and rates of languages; what they cannot be is refused at its key."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.core.errors import StudyError
from isthmus.study.load import load_study
from isthmus.study.rates import Leg, Schedule, Scheme, Smoothing, language_rates_from, rates_from, settings_of

TWO = "mix: [mnli, squad], recipe: {steps: 10}, rates: {schedule: "
TEXT = "mix: [mnli, mlm, tlm], recipe: {steps: 10}, rates: "
NEWS = "mix: [mnli, mlm/news, mlm/law], recipe: {steps: 10}, rates: "
REFUSED = [
    (f"{{{TWO}[]}}}}", "[0].rates.schedule: found an empty list, expected at least 1"),
    (
        f"{{{TWO}[{{until: 1, rates: {{mnli: 0, squad: 0}}}}]}}}}",
        "[0].rates.schedule[0].rates: they sum to nothing; expected a rate above 0 for one task at least",
    ),
    (f"{{{TWO}[{{until: 1, rates: {{}}}}]}}}}", "[0].rates.schedule[0].rates: they sum to nothing"),
    (f"{{{TWO}[{{until: 1, rates: {{mnli: -1}}}}]}}}}", "[0].rates.schedule[0].rates.mnli: found -1, expected 0.0 or more"),
    (f"{{{TWO}[{{until: 2, rates: {{mnli: 1}}}}]}}}}", "[0].rates.schedule[0].until: found 2, expected 1.0 or less"),
    (f"{{{TWO}[{{until: 0, rates: {{mnli: 1}}}}]}}}}", "[0].rates.schedule[0].until: found 0, expected more than 0"),
    (f"{{{TWO}[{{rates: {{mnli: 1}}}}]}}}}", "[0].rates.schedule[0]: give exactly one of until"),
    (f"{{{TWO}[{{until: 1, at: 1, rates: {{mnli: 1}}}}]}}}}", "[0].rates.schedule[0]: give exactly one of until"),
    (f"{{{TWO}[{{untill: 1, rates: {{mnli: 1}}}}]}}}}", "[0].rates.schedule[0].untill: unknown key; did you mean 'until'"),
    (
        f"{{{TWO}[{{until: 0.5, rates: {{mnli: 1}}}}, {{until: 0.5, rates: {{squad: 1}}}}]}}}}",
        "[0].rates: schedule: until 0.5 in entry 2 is not after 0.5 before it; expected rising numbers",
    ),
    (
        f"{{{TWO}[{{at: 0.5, rates: {{mnli: 1}}}}, {{at: 0.1, rates: {{squad: 1}}}}]}}}}",
        "[0].rates: schedule: at 0.1 in entry 2 is not after 0.5",
    ),
    (
        f"{{{TWO}[{{at: 0, rates: {{mnli: 1}}}}, {{until: 1, rates: {{squad: 1}}}}]}}}}",
        "[0].rates: give every entry of a schedule until, or every entry at",
    ),
    (
        f"{{{TWO}[{{until: 0.9, rates: {{mnli: 1, squad: 1}}}}]}}}}",
        "[0].rates: schedule: the last until is 0.9, expected 1, the end of the run",
    ),
    (f"{{{TWO}[{{at: 1, rates: {{mnli: 1, squad: 1}}}}]}}}}", "[0].rates: schedule: one point is no line"),
    (f"{{{TWO}[{{until: 1, rates: {{mnli: 1}}}}]}}}}", "[0]: rates: none for 'squad'; give one for each task"),
    (
        f"{{{TWO}[{{until: 1, rates: {{mnli: 1, squat: 1}}}}]}}}}",
        "[0]: rates: 'squat' is not in the mix; did you mean 'squad'?",
    ),
    (
        f"{{{TWO}[{{until: 0.04, rates: {{mnli: 1}}}}, {{until: 1, rates: {{squad: 1}}}}]}}}}",
        "[0].rates.schedule[0].until: none of the 10 steps lies between the entry before and 0.04",
    ),
    (f"{{{TEXT}{{scheme: uniform, mlm: 0.5}}}}", "[0]: rates: a scheme needs tlm, a rate below 1, where tlm is in the mix"),
    (f"{{{TEXT}{{scheme: uniform, mlm: 0.5, tlm: 0.5}}}}", "[0].rates: mlm and tlm leave nothing to the tasks"),
    (
        f"{{{TEXT}{{schedule: [{{until: 1, rates: {{scheme: uniform, mlm: 0.5}}}}]}}}}",
        "[0]: rates: a scheme needs tlm, a rate below 1",
    ),
    (
        f"{{{NEWS}{{scheme: uniform, mlm/news: 0.2}}}}",
        "[0]: rates: a scheme needs mlm/law, a rate below 1, where mlm/law is in the mix",
    ),
    (
        f"{{{NEWS}{{scheme: uniform, mlm/news: 0.2, mlm/law: 0.1, mlm: 0.1}}}}",
        "[0]: rates: a scheme needs mlm, a rate below 1, where mlm is in the mix, and only there",
    ),
    (
        f"{{{NEWS}{{scheme: uniform, mlm/news: 0.5, mlm/law: 0.5}}}}",
        "[0].rates: mlm/news and mlm/law leave nothing to the tasks",
    ),
    (f"{{{NEWS}{{scheme: uniform, mlm/news: 2, mlm/law: 0.1}}}}", "[0].rates.mlm/news: found 2, expected less than 1"),
    (f"{{{NEWS}{{scheme: uniform, mnli/news: 0.1}}}}", "[0].rates.mnli/news: unknown key; known: cap, mlm, scheme,"),
    (f"{{{NEWS}{{mnli: 1, mlm/news: 1}}}}", "[0]: rates: none for 'mlm/law'; give one for each task of the mix"),
    (f"{{{NEWS}{{mnli: 1, mlm/nws: 1, mlm/law: 1}}}}", "[0]: rates: 'mlm/nws' is not in the mix; did you mean 'mlm/news'"),
    (f"{{{NEWS}{{mnli: 1, mlm/../x: 1}}}}", "[0].rates.mlm/../x: found 'mlm/../x', expected a name"),
    (
        f"{{{NEWS}{{mnli: 1, mlm/news: 1, mlm/law: 1}}, language_rates: {{mnli: {{en: 1}}, mlm/law: 3}}}}",
        "[0].language_rates.mlm/law: found 3, expected a mapping",
    ),
    ("{task: mnli, language_rates: {mnli: {en: 1}}}", "[0]: rates, and languages by task, belong to a mix"),
    (
        f"{{{TEXT}{{mnli: 1, mlm: 1, tlm: 1}}, language_rates: {{en: 1, de: 2}}}}",
        "[0]: language_rates of a mix are by task",
    ),
    (
        f"{{{TEXT}{{mnli: 1, mlm: 1, tlm: 1}}, language_rates: {{mnly: {{alpha: 0.3}}}}}}",
        "[0]: 'mnly' is not in the mix; did you mean 'mnli'",
    ),
    ("{task: mnli, language_rates: {alpha: 2}}", "[0].language_rates.alpha: found 2, expected 1.0 or less"),
    ("{task: mnli, language_rates: {alpha: 1, cup: 3}}", "[0].language_rates.cup: unknown key; did you mean 'cap'?"),
    ("{task: mnli, language_rates: {en: 0}}", "[0].language_rates.en: found 0, expected more than 0"),
    ("{task: mlm, mask: 1.5}", "[0].mask: found 1.5, expected 1.0 or less"),
    ("{task: mlm, mask: 0}", "[0].mask: found 0, expected more than 0"),
    ("{task: mlm, alpha: -1}", "[0].alpha: found -1, expected 0.0 or more"),
]


@pytest.mark.parametrize(("stage", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_rates_that_cannot_be_are_refused_where_they_stand(write, stage, said):
    path = write(("  mnli: [mnli]", f"  mnli: [{stage}]"))
    with pytest.raises(StudyError) as caught:
        load_study(path)
    assert f"{path}:8: arms.mnli{said}" in str(caught.value)


def read(write, stage):
    return load_study(write(("  mnli: [mnli]", f"  mnli: [{stage}]"))).study.arms["mnli"][0]


def test_a_schedule_is_read_with_numbers_and_schemes_and_its_numbers_are_shares(write):
    entries = "[{until: 0.25, rates: {squad: 4}}, {until: 1, rates: {scheme: proportional}}]"
    found = read(write, f"{{{TWO}{entries}}}}}").rate_settings()
    assert found == {
        "schedule": [
            {"until": 0.25, "rates": {"squad": 1.0}},
            {"until": 1.0, "rates": {"scheme": "proportional", "cap": None, "temperature": None, "mlm": None}},
        ]
    }
    same = "[{until: 0.25, rates: {squad: 1, mnli: 0}}, {until: 1, rates: {scheme: proportional}}]"
    assert read(write, f"{{{TWO}{same}}}}}").rate_settings() == found


def test_rates_of_languages_are_read_in_each_of_their_forms(write):
    def of(task, stage):
        return read(write, stage).language_rates_of(task)

    assert of("mnli", "{task: mnli, language_rates: {alpha: 0.3, cap: 9}}") == Smoothing(alpha=0.3, cap=9)
    assert of("mnli", "{task: mnli, language_rates: {cap: 9}}") == Smoothing(alpha=1.0, cap=9)
    assert of("mnli", "{task: mnli, language_rates: {en: 1, de: 3}}") == {"en": 1, "de": 3}
    assert of("mnli", "{task: mnli}") is None
    mix = "mix: [mnli, squad, mlm], recipe: {steps: 10}, rates: {mnli: 1, squad: 1, mlm: 1}"
    by_task = f"{{{mix}, language_rates: {{mnli: {{en: 1, de: 3}}, squad: {{alpha: 0}}}}}}"
    assert of("mnli", by_task) == {"en": 1, "de": 3}
    assert of("squad", by_task) == Smoothing(alpha=0)
    assert of("mlm", by_task) is None
    of_all = f"{{{mix}, language_rates: {{alpha: 0.3}}}}"
    assert of("squad", of_all) == Smoothing(alpha=0.3)
    assert of("mlm", of_all) is None


def test_raw_text_of_several_domains_has_a_rate_and_languages_each(write):
    scheme = read(write, f"{{{NEWS}{{scheme: uniform, mlm/news: 0.2, mlm/law: 0.1}}}}")
    assert scheme.rates.text == {"mlm/news": 0.2, "mlm/law": 0.1}
    numbers = read(write, f"{{{NEWS}{{mnli: 2, mlm/news: 1, mlm/law: 1}}, languages: {{mlm/news: all, mlm/law: [en, de]}}}}")
    assert numbers.rate_settings() == {"mnli": 0.5, "mlm/news": 0.25, "mlm/law": 0.25}
    assert (numbers.languages_of("mlm/news"), numbers.languages_of("mlm/law")) == ("all", ("en", "de"))


def test_a_scheme_without_domains_has_the_settings_that_ids_were_made_of():
    assert settings_of(Scheme(scheme="uniform", mlm=0.5)) == {
        "scheme": "uniform", "cap": None, "temperature": None, "mlm": 0.5,
    }  # fmt: skip


def test_a_scheme_takes_other_text_in_place_of_its_own():
    scheme = Scheme.model_validate({"scheme": "proportional", "cap": 9, "mlm": 0.2, "mlm/news": 0.3})
    other = scheme.with_text({"mlm/law": 0.1})
    assert (other.scheme, other.cap, other.text) == ("proportional", 9, {"mlm/law": 0.1})


def test_a_scheme_says_nothing_of_translation_where_it_has_no_rate():
    assert "tlm" not in settings_of(Scheme(scheme="uniform", mlm=0.5))
    assert settings_of(Scheme(scheme="uniform", tlm=0.5))["tlm"] == 0.5


PLACES = st.lists(st.integers(1, 999), min_size=1, max_size=4, unique=True).map(
    lambda found: [n / 1000 for n in sorted(found)]
)
WEIGHTS = st.fixed_dictionaries({"a": st.integers(1, 9)}, optional={"b": st.integers(0, 9)})


@st.composite
def schedules(draw):
    places = [*draw(PLACES), 1.0]
    linear = draw(st.booleans())
    return Schedule(schedule=tuple(Leg(**{"at" if linear else "until": place, "rates": draw(WEIGHTS)}) for place in places))


OF_A_DOMAIN = Scheme.model_validate({"scheme": "uniform", "mlm/news": 0.2, "tlm/law": 0.1})


@given(schedules() | st.sampled_from([Scheme(scheme="temperature", temperature=2.0, mlm=0.3), OF_A_DOMAIN]) | WEIGHTS)
def test_rates_read_back_from_their_settings_are_settings_of_the_same_again(rates):
    plain = settings_of(rates)
    again = settings_of(rates_from(json.loads(json.dumps(plain))))
    assert json.dumps(again, sort_keys=True) == json.dumps(plain, sort_keys=True) or again == pytest.approx(plain)


def test_language_rates_read_back_from_their_settings_are_the_same():
    for rates in (Smoothing(alpha=0.3), Smoothing(cap=4), {"en": 0.25, "de": 0.75}):
        assert language_rates_from(json.loads(json.dumps(settings_of(rates)))) == rates

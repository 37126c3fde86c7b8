"""Adversarial inference: what the label hangs on, and that nothing of MNLI's shortcuts is left in it."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from isthmus.tasks.intermediate.anli import ROUNDS
from isthmus.tasks.task import load_task
from isthmus.world.adversary import by_fact, by_roles, by_verb
from isthmus.world.meaning import Both
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import SETS

LABELS = ("entailment", "neutral", "contradiction")


@pytest.fixture
def sampler(things) -> Sampler:
    return Sampler(Random(11), things, Names.all_of(things))


def roles(event) -> tuple[frozenset, frozenset]:
    sides = (event.subject, event.object)
    return tuple(frozenset({one.first, one.second} if isinstance(one, Both) else {one}) for one in sides)


def judged(fact, hypothesis, concepts) -> str:
    """Return what the verbs and the negation make of a hypothesis about the same people."""
    if hypothesis.verb in concepts[fact.verb].synonyms:
        return "contradiction" if hypothesis.negated else "entailment"
    if hypothesis.verb in concepts[fact.verb].antonyms:
        return "entailment" if hypothesis.negated else "contradiction"
    return "neutral"


@pytest.mark.parametrize("label", LABELS)
def test_a_label_hangs_on_the_verbs_and_the_negation_together(sampler, things, label):
    for _ in range(200):
        (fact,), hypothesis = by_verb(sampler, label)
        assert roles(fact) == roles(hypothesis)
        assert judged(fact, hypothesis, things.concepts) == label


@pytest.mark.parametrize("label", LABELS)
def test_with_exchanged_roles_anything_may_be(sampler, things, label):
    for _ in range(200):
        (fact,), hypothesis = by_roles(sampler, label)
        assert (roles(fact) == roles(hypothesis)) == (label != "neutral")
        assert judged(fact, hypothesis, things.concepts) in (
            {label} if label != "neutral" else {"entailment", "contradiction"}
        )


@pytest.mark.parametrize("label", LABELS)
def test_a_hypothesis_of_two_facts_is_neither_true_nor_false(sampler, things, label):
    for _ in range(200):
        facts, hypothesis = by_fact(sampler, label)
        said = [fact for fact in facts if (fact.subject, fact.object) == (hypothesis.subject, hypothesis.object)]
        assert len(said) == (label != "neutral")
        if said:
            assert judged(said[0], hypothesis, things.concepts) == label
        assert hypothesis.subject in {fact.subject for fact in facts}
        assert hypothesis.object in {fact.object for fact in facts}


@pytest.mark.parametrize("made", [by_verb, by_roles, by_fact])
def test_negations_and_verbs_of_hypotheses_are_those_of_every_label(sampler, made):
    drawn = {label: [made(sampler, label)[1] for _ in range(600)] for label in LABELS}
    for hypotheses in drawn.values():
        assert sum(one.negated for one in hypotheses) / 600 == pytest.approx(0.5, abs=0.07)
    verbs = [set(Counter(one.verb for one in hypotheses)) for hypotheses in drawn.values()]
    assert verbs[0] == verbs[1] == verbs[2]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_round_lies_where_anli_looks_for_it(number):
    patterns = SETS.load(f"anli_r{number}").patterns
    assert all(pattern == ROUNDS[number - 1].pattern(split) for split, pattern in patterns.items())


def test_anli_has_its_rounds_and_anli_plus_snli_and_mnli_too(world):
    counts = {}
    for name in ("snli", "mnli", "anli", "anli_plus"):
        task = load_task(name)
        assert world.languages(task.files, "train") == ("en",)
        assert world.languages(task.files, "test") == (("en",) if name in ("snli", "anli") else ())
        examples = world.read(task.files, "en", "dev", task.labels)
        counts[name] = len(examples)
        assert len({one.id for one in examples}) == len(examples)
        assert {one.label for one in examples} == set(LABELS)
    assert counts["anli"] == 900
    assert counts["anli_plus"] == counts["snli"] + counts["mnli"] + counts["anli"]

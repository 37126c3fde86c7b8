"""Pairs that mislead who learnt from other sets: a negation is no sign of contradiction, nor are shared words of truth.

Every hypothesis has another verb than its premise, and every second one is negated, whatever the label: it follows of a
synonym said and of an antonym denied, it cannot be of an antonym said and of a synonym denied, and may be of a verb that has
nothing to do with it. Hypotheses are drawn before their premises, so that neither tells by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from isthmus.core.seeds import stream
from isthmus.world.grammar import Grammar, text_of
from isthmus.world.inference import LABELS
from isthmus.world.layout import json_lines
from isthmus.world.meaning import Event
from isthmus.world.rewriting import crowded, joined_otherwise, moved, roles_exchanged
from isthmus.world.sampling import Names, Sampler
from isthmus.world.set import Request, WorldSet

Pair = tuple[Sequence[Event], Event]
Round = Callable[[Sampler, str], Pair]


def adversarial(sampler: Sampler, grammar: Grammar, made: Round, count: int) -> Iterator[tuple[str, str, str]]:
    """Yield (context, hypothesis, label) of one round, the labels equally frequent."""
    for number in range(count):
        label = LABELS[number % len(LABELS)]
        context, hypothesis = made(sampler, label)
        said = " ".join(text_of(grammar.sentence(fact)) for fact in context)
        yield said, text_of(grammar.sentence(hypothesis)), label


def by_verb(sampler: Sampler, label: str) -> Pair:
    """Return an event and another verb of the same: which label it is hangs on the two verbs and the negation together."""
    fact, hypothesis = _told_otherwise(sampler, sampler.told(), label)
    return [fact], sampler.fronted(hypothesis) if sampler.chance(0.5) else hypothesis


def by_roles(sampler: Sampler, label: str) -> Pair:
    """Return an event of three and the same with another verb and another order; what may be has exchanged roles."""
    verbs = sampler.draw.choice(("entailment", "contradiction")) if label == "neutral" else label
    fact, hypothesis = _told_otherwise(sampler, crowded(sampler), verbs)
    return [fact], moved(roles_exchanged(hypothesis) if label == "neutral" else joined_otherwise(hypothesis))


def by_fact(sampler: Sampler, label: str) -> Pair:
    """Return several events that share words, and one of them with another verb; what may be has its other half elsewhere.

    Its subject or its object is another fact's. Whatever the label, the two facts differ in both.
    """
    verbs = sampler.draw.choice(("entailment", "contradiction")) if label == "neutral" else label
    facts, own, other = _apart(sampler)
    said, hypothesis = _told_otherwise(sampler, own, verbs)
    if label == "neutral":
        at_subject = sampler.chance(0.5)
        hypothesis = replace(hypothesis, subject=other.subject) if at_subject else replace(hypothesis, object=other.object)
    context = [said if fact is own else fact for fact in facts]
    return context, sampler.fronted(hypothesis) if sampler.chance(0.5) else hypothesis


def _apart(sampler: Sampler) -> tuple[list[Event], Event, Event]:
    """Return events that share words, and two that share neither who acted nor who was acted upon, nor with a third both."""
    while True:
        facts = sampler.alike(sampler.draw.choice((2, 3)))
        own, other = sampler.draw.sample(facts, 2)
        said = [(fact.subject, fact.object) for fact in facts if fact is not own]
        mixes = ((own.subject, own.object), (own.subject, other.object), (other.subject, own.object))
        if own.subject != other.subject and own.object != other.object and not any(mix in said for mix in mixes):
            return facts, own, other


def _told_otherwise(sampler: Sampler, event: Event, label: str) -> tuple[Event, Event]:
    """Return the event with a verb of its own and with another, perhaps denied, such that the label is theirs."""
    concepts = sampler.things.concepts
    verbs = [word for word in sampler.things.of_kind("transitive") if concepts[word].synonyms and concepts[word].antonyms]
    verb, denied = sampler.draw.choice(verbs), sampler.chance(0.5)
    if label == "neutral":
        related = (verb, *concepts[verb].synonyms, *concepts[verb].antonyms)
        about = sampler.draw.choice([word for word in verbs if word not in related])
        same = sampler.chance(0.5)
    else:
        about, same = verb, (label == "entailment") != denied
    said = sampler.draw.choice(concepts[about].synonyms if same else concepts[about].antonyms)
    return replace(event, verb=said), replace(event, verb=verb, negated=denied)


def adversarial_set(name: str, made: Round, train: int) -> WorldSet:
    """Return one round as the folder ``name`` of ANLI, with so many training examples."""
    sizes = {"train": train, "dev": 300, "test": 300}
    patterns = {split: f"anli_v1.0/{name}/{split}.jsonl" for split in sizes}

    def render(request: Request) -> dict[str, str]:
        grammar = request.grammar
        draw = stream(request.seed, f"anli/{name}/{request.split}")
        sampler = Sampler(draw, grammar.things, Names.all_of(grammar.things))
        rows = adversarial(sampler, grammar, made, sizes[request.split])
        records = (
            {"uid": f"{name}-{request.split}-{n}", "context": context, "hypothesis": hypothesis, "label": label[0]}
            for n, (context, hypothesis, label) in enumerate(rows)
        )
        return {patterns[request.split]: json_lines(records)}

    return WorldSet(patterns, render)

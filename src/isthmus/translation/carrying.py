"""Examples through a translator of texts: what of each kind is translated, and how its answer comes along.

Labels and right endings stay as they are. The span that answers a question is carried by markers around it; where these do
not come back, the answer is translated alone and looked for in the translated context; where it is not there either, the
example is dropped. Of several accepted answers the first is carried, which is the one that is trained on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from isthmus.sources.example import Answer, Choice, Question, TextPair
from isthmus.sources.texts import texts_of
from isthmus.translation.markers import Marked, marked, unmarked

LOST = "answer not found"
All = Callable[[Iterable[str]], Mapping[str, str]]


@dataclass
class Carried:
    """Translated examples by the place of their source, why others are not among them, and how answers came along."""

    found: dict[int, Any] = field(default_factory=dict)
    dropped: dict[int, str] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=lambda: {"markers": 0, "search": 0})


def carry(examples: Sequence[Any], translate: All) -> Carried:
    """Return examples in another language; ``translate(texts)`` gives the translation of each by its text."""
    carried = Carried()
    if examples and isinstance(examples[0], Question):
        _questions(examples, translate, carried)
        return carried
    said = translate(text for example in examples for text in texts_of(example))
    carried.found = {place: _rebuilt(example, said) for place, example in enumerate(examples)}
    return carried


def _rebuilt(example: TextPair | Choice, said: Mapping[str, str]) -> TextPair | Choice:
    def of(text: str) -> str:
        return said[text] if text else text

    def perhaps(text: str | None) -> str | None:
        return None if text is None else of(text)

    if isinstance(example, TextPair):
        return replace(example, first=of(example.first), second=perhaps(example.second))
    endings = tuple(map(of, example.endings))
    return replace(example, context=of(example.context), question=perhaps(example.question), endings=endings)


def _questions(examples: Sequence[Question], translate: All, carried: Carried) -> None:
    """Carry questions: first with markers, then, where these were lost, by looking for the answer."""
    markers = {
        place: made for place, one in enumerate(examples) if one.answers and (made := marked(one.context, one.answers[0]))
    }
    said = translate(text for place, one in enumerate(examples) for text in _asked(one, markers.get(place)))
    searched = []
    for place, one in enumerate(examples):
        made = markers.get(place)
        if not one.answers:
            carried.found[place] = replace(one, question=said[one.question], context=said[one.context])
        elif made and (back := unmarked(said[made.text], made)):
            carried.found[place] = replace(one, question=said[one.question], context=back[0], answers=(back[1],))
            carried.answers["markers"] += 1
        else:
            searched.append(place)
    alone = translate(text for place in searched for text in (examples[place].context, _answer(examples[place])))
    for place in searched:
        one = examples[place]
        context, answer = alone[one.context], alone[_answer(one)].strip().rstrip(".")
        if answer and (start := context.find(answer)) >= 0:
            found = (Answer(answer, start),)
            carried.found[place] = replace(one, question=said[one.question], context=context, answers=found)
            carried.answers["search"] += 1
        else:
            carried.dropped[place] = LOST


def _asked(one: Question, made: Marked | None) -> tuple[str, ...]:
    """Return what the first round translates: the context marked, or as it is where no answer is in it."""
    if made:
        return one.question, made.text
    return (one.question,) if one.answers else (one.question, one.context)


def _answer(one: Question) -> str:
    assert one.answers, one.id
    return one.answers[0].text

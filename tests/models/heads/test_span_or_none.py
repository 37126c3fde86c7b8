"""Spans or nothing: the score of no answer, the best span, and how the windows of an example share the verdict."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch
from tiny_networks import encoding_of

from isthmus.models.feature import pad
from isthmus.models.heads import span
from isthmus.models.heads.span import Context
from isthmus.models.heads.span_or_none import HEAD
from isthmus.sources.example import Answer, OpenQuestion

EXAMPLE = OpenQuestion("q", "Who?", "dog fox hen", None)
WINDOWS = [SimpleNamespace(example=0, places=Context(3, [place])) for place in ((0, 3), (4, 7), (8, 11))]


def predicted(*outputs):
    return HEAD.predictions([EXAMPLE], WINDOWS, list(outputs), [])


def test_the_best_span_is_weighed_against_the_least_score_of_no_answer():
    assert predicted(((0.5, 0, 0), 4.0), ((2.5, 0, 0), 3.0), ((1.0, 0, 0), 1.5)) == [{"text": "fox", "null": -1.0}]
    assert predicted(((0.5, 0, 0), 4.0), ((2.5, 0, 0), 3.0), ((1.0, 0, 0), 5.5)) == [{"text": "fox", "null": 0.5}]


def test_every_example_has_a_verdict_of_its_own():
    windows = [SimpleNamespace(example=i, places=Context(3, [(0, 3)])) for i in (1, 0, 1)]
    found = HEAD.predictions([EXAMPLE] * 2, windows, [((1.0, 0, 0), 2.0), ((1.0, 0, 0), 9.0), ((3.0, 0, 0), 8.0)], [])
    assert [one["null"] for one in found] == [8.0, -1.0]


def test_the_score_of_no_answer_is_the_sum_of_both_logits_on_the_first_token(pieces):
    torch.manual_seed(0)
    questions = [EXAMPLE, OpenQuestion("r", "Who was it in the end?", "the dog and the fox " * 9, None)]
    batch = pad(HEAD.features(questions, [], encoding_of(pieces, 48, 12)), 1)
    module, hidden = HEAD.module(8, 0, 0.0), torch.randn(*batch.ids.shape, 8)
    with torch.no_grad():
        found = HEAD.outputs(module, hidden, batch)
        assert [null for _, null in found] == pytest.approx(module(hidden)[:, 0].sum(-1).tolist(), abs=1e-6)
        assert [best for best, _ in found] == span.outputs(module, hidden, batch)


def test_an_unanswerable_question_is_learnt_as_the_first_token_in_every_window(pieces):
    encoding, long = encoding_of(pieces, 48, 12), "the dog and the fox " * 20
    features = HEAD.features(
        [OpenQuestion("q", "Who?", long, ()), OpenQuestion("r", "Who?", "dog", (Answer("dog", 0),))], [], encoding
    )
    assert {feature.target for feature in features if feature.example == 0} == {(0, 0)}
    assert [feature.target for feature in features if feature.example == 1] != [(0, 0)]


def test_an_empty_context_gets_no_answer(pieces):
    example = OpenQuestion("q", "Who?", "", None)
    (feature,) = HEAD.features([example], [], encoding_of(pieces))
    batch = pad([feature], 1)
    outputs = HEAD.outputs(HEAD.module(8, 0, 0.0), torch.randn(*batch.ids.shape, 8), batch)
    assert HEAD.predictions([example], [feature], outputs, []) == [{"text": "", "null": 0.0}]

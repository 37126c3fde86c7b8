"""Ranking: query and candidate in a window each, a softmax over the batch, and no right candidate taken for a wrong one."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tiny_networks import encoding_of

from isthmus.models.feature import Feature, Frame, pad
from isthmus.models.head import Encoding
from isthmus.models.heads.ranking import HEAD, candidate_windows, query_windows, right_too
from isthmus.sources.example import Ranked
from isthmus.study.spec import Recipe
from isthmus.training.batches import labelled_rounds

FRAME = Frame((0,), (2, 2), (2,), (2,), 1)
# A tokenizer of numbers: every sub-word of a test can be told from every other.
NUMBERS = SimpleNamespace(
    backend_tokenizer=SimpleNamespace(
        encode_batch=lambda texts, add_special_tokens: [SimpleNamespace(ids=[int(w) for w in t.split()]) for t in texts]
    )
)
POOL = {
    "a": ("the dog sleeps", "the dog sleeps and the fox jumps"),
    "b": ("the fox jumps", "the dog sleeps and the fox jumps"),
    "c": ("Paris", ""),
    "d": ("sea shells", "She sells sea shells"),
}
EXAMPLES = [
    Ranked("0", "who sleeps", POOL, ("a",)),
    Ranked("1", "who jumps over the dog", POOL, ("b", "a")),
    Ranked("2", "the city", POOL, ("c",)),
    Ranked("3", "which city of 2019", POOL, ("c",)),
]


def numbers(start, size):
    return " ".join(str(i) for i in range(start, start + size))


@given(st.integers(1, 40), st.integers(1, 60), st.integers(0, 80), st.integers(8, 64))
def test_a_window_keeps_the_beginning_of_the_text_and_then_of_what_stands_around_it(asked, said, around, max_length):
    encoding = Encoding(NUMBERS, FRAME, max_length, 2)
    room = max_length - FRAME.size
    (query,) = query_windows([numbers(1000, asked)], encoding)
    assert (query.ids, query.types) == FRAME.one(range(1000, 1000 + min(asked, room)))
    (answer,) = candidate_windows([(numbers(2000, said), numbers(3000, around))], encoding)
    text = list(range(2000, 2000 + min(said, room)))
    context = list(range(3000, 3000 + min(around, room - len(text))))
    assert (answer.ids, answer.types) == (FRAME.two(text, context) if around else FRAME.one(text))
    assert max(answer.length, query.length) <= max_length


def test_a_feature_is_a_query_and_a_candidate_that_is_right_for_it(wordpieces):
    features = HEAD.features(EXAMPLES, [], encoding_of(wordpieces))
    assert [(f.example, f.places[1], {id_ for _, id_ in f.target}) for f in features] == [
        (0, "a", {"a"}),
        (1, "b", {"a", "b"}),
        (1, "a", {"a", "b"}),
        (2, "c", {"c"}),
        (3, "c", {"c"}),
    ]
    said = [(EXAMPLES[f.example].query, *POOL[f.places[1]]) for f in features]
    for feature, (query, text, context) in zip(features, said, strict=True):
        (asked, _), (answer, types) = feature.windows()
        assert asked == wordpieces(query)["input_ids"]
        own = wordpieces(text, context) if context else wordpieces(text)
        assert (answer, types) == (own["input_ids"], own["token_type_ids"])


def test_equal_ids_of_two_pools_are_two_candidates(wordpieces):
    other = Ranked("4", "who sleeps", {"a": ("the fox", "")}, ("a",))
    first, *_, last = HEAD.features([EXAMPLES[0], other], [], encoding_of(wordpieces))
    assert first.places != last.places
    assert list(first.windows())[1] != list(last.windows())[1]


@pytest.mark.parametrize("matches", [None, ()])
def test_a_query_without_a_right_candidate_is_nothing_to_learn(matches, wordpieces):
    assert HEAD.features([Ranked("0", "who", POOL, matches)], [], encoding_of(wordpieces)) == []


def whole(windows, rights, keys):
    """Return a batch of pairs as one feature: candidates' windows, the right keys of each query, and candidates' keys."""
    sizes = [size for window in windows for size in (1, len(window))]
    ids = [token for window in windows for token in (7, *window)]
    return Feature(ids, [0] * len(ids), 0, tuple(map(frozenset, rights)), tuple(keys), tuple(sizes))


KEYS = st.sampled_from("abcde")


@given(st.lists(st.tuples(KEYS, st.sets(KEYS), st.integers(0, 2)), min_size=1, max_size=8))
def test_what_is_right_for_a_query_is_never_wrong_for_it_and_its_own_is_always_kept(pairs):
    # A candidate's window is its key's, but that of key e is the same as that of key a.
    windows = [[ord("a" if key == "e" else key)] * 3 for key, _, _ in pairs]
    rights = [{key, *more} for key, more, _ in pairs]
    left_out = right_too(whole(windows, rights, [key for key, _, _ in pairs])).tolist()
    for i, (own, _, _) in enumerate(pairs):
        for j, (key, _, _) in enumerate(pairs):
            same = key == own or {key, own} == {"a", "e"}
            assert left_out[i][j] == (i != j and (key in rights[i] or same))


def batch_of(pieces, examples=EXAMPLES):
    features = HEAD.features(examples, [], encoding_of(pieces))
    recipe = Recipe(learning_rate=1, epochs=1, batch_examples=len(features), max_length=32, stride=8)
    ((joined,),) = labelled_rounds(features, recipe, 0, whole=True)(0)
    return pad([joined], 1), joined


def test_the_loss_is_the_cross_entropy_over_the_candidates_that_are_not_right_too(pieces):
    torch.manual_seed(0)
    batch, joined = batch_of(pieces)
    module, hidden = HEAD.module(8, 0, 0.1), torch.randn(*batch.ids.shape, 8)
    found = HEAD.loss(module, hidden, batch)
    vectors = torch.tanh(hidden[:, 0] @ module.dense.weight.T + module.dense.bias)
    vectors = (vectors / vectors.norm(dim=1, keepdim=True)).detach()
    by_hand = 0.0
    for i, right in enumerate(joined.target):
        scores = [float(100 * vectors[2 * i] @ vectors[2 * j + 1]) for j in range(len(joined.target))]
        wrong = [score for j, score in enumerate(scores) if joined.places[j] not in right]
        by_hand += math.log(sum(math.exp(score - scores[i]) for score in [scores[i], *wrong]))
    assert found.total.item() == pytest.approx(by_hand, rel=1e-4)
    assert (found.weight.item(), found.classes) == (5, None)


def test_the_scale_is_learnt_from_a_hundred_on_and_every_gradient_is_a_number(pieces):
    batch, _ = batch_of(pieces)
    module = HEAD.module(8, 0, 0.0)
    assert module.scale.item() == 100
    HEAD.loss(module, torch.randn(*batch.ids.shape, 8), batch).total.backward()
    assert all(torch.isfinite(weight.grad).all() and weight.grad.any() for weight in module.parameters())


def test_a_batch_in_which_all_is_right_teaches_nothing(pieces):
    batch, _ = batch_of(pieces, EXAMPLES[2:])  # two queries about Paris
    assert HEAD.loss(HEAD.module(8, 0, 0.0), torch.randn(*batch.ids.shape, 8), batch).total.item() == 0


def test_outputs_are_unit_vectors_a_row_a_window_whatever_stands_in_a_batch_with_them(pieces):
    encoding = encoding_of(pieces)
    features = [*HEAD.features(EXAMPLES, [], encoding), *query_windows(["who"], encoding)]
    batch = pad(features, 1)
    found = HEAD.outputs(HEAD.module(8, 0, 0.0), torch.randn(*batch.ids.shape, 8), batch)
    assert [tuple(rows.shape) for rows in found] == [(2, 8)] * 5 + [(1, 8)]
    assert all(torch.allclose(rows.norm(dim=1), torch.ones(len(rows))) for rows in found)


def test_development_examples_are_ranked_among_their_own_right_candidates(pieces):
    examples = [*EXAMPLES[:3], Ranked("4", "no one knows", POOL, None)]
    features = HEAD.features(examples, [], encoding_of(pieces))
    axis = torch.eye(4)
    place = {"a": axis[0], "b": axis[1], "c": axis[2]}
    asked = [0.9 * axis[0] + 0.4 * axis[2], axis[1] + 0.5 * axis[2], axis[3]]
    outputs = [torch.stack([asked[f.example], place[f.places[1]]]) for f in features]
    assert HEAD.predictions(examples, features, outputs, []) == [["a", "c", "b"], ["b", "c", "a"], ["a", "b", "c"], []]

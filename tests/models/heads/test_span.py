"""Spans: answers found again in their own text, in any script and in any window."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tiny_networks import TEXT, encoding_of
from tokenizers import Regex, Tokenizer, models, normalizers

from isthmus.models.feature import Feature, Frame, pad
from isthmus.models.head import Encoding
from isthmus.models.heads.span import HEAD, LONGEST_ANSWER, Context, _best
from isthmus.sources.example import Answer, Question

CONTEXTS = {language: " ".join(lines) for language, lines in TEXT.items()}
CONTEXTS["odd"] = "ﬁne   \u3000 นํ้า ำ² ½ Ⅳ e\u0301 ｆｕｌｌ"

NO_FRAME = Frame((0,), (0,), (0,), (0,), 0)


def question(context, start, end, asked="Where is the answer?"):
    return Question("q", asked, context, (Answer(context[start:end], start),))


def decoded(examples, features):
    """What is predicted when the head finds exactly the targets."""
    places = []
    for feature in features:
        first = feature.places.first
        here = feature.target != (0, 0)
        places.append((float(here), feature.target[0] - first, feature.target[1] - first) if here else (-1.0, 0, 0))
    return HEAD.predictions(examples, features, places, [])


@pytest.mark.parametrize("name", ["pieces", "wordpieces"])
@pytest.mark.parametrize("language", CONTEXTS)
def test_a_gold_answer_becomes_a_target_and_comes_back_as_text(name, language, request):
    tokenizer, context = request.getfixturevalue(name), CONTEXTS[language]

    @settings(max_examples=40, deadline=None)
    @given(st.integers(0, len(context) - 1), st.integers(1, 6), st.sampled_from([24, 40, 200]))
    def check(start, size, max_length):
        example = question(context, start, min(start + size, len(context)), "Wo?")
        gold = example.answers[0].text.strip()
        assume(gold)
        features = HEAD.features([example], [], encoding_of(tokenizer, max_length, max_length // 2 - 1))
        (text,) = decoded([example], features)
        assert gold in text
        assert text in context
        assert text == text.strip()

    check()


@pytest.mark.parametrize(("language", "gold"), [("zh", "首都"), ("th", "เมืองหลวง"), ("en", "2,148,000 inhabitants")])
def test_an_answer_made_of_whole_sub_words_comes_back_exactly(language, gold, pieces):
    context = CONTEXTS[language]
    start = context.index(gold)
    example = question(context, start, start + len(gold))
    (text,) = decoded([example], HEAD.features([example], [], encoding_of(pieces, 300, 20)))
    assert text == gold if language != "th" else gold in text


@pytest.mark.parametrize(
    ("context", "gold"),
    [
        ("ab ce\u0300 de", "ce\u0300"),  # the mark is merged into its letter, and goes with it
        ("ab క్ల de", "క్ల"),
        ("ab క్లో de", "క్ల"),  # the mark that follows is a sub-word of its own, and no part of the answer
        ("ab cd\u200c de", "cd\u200c"),  # the joiner is in no sub-word
        ("ab cd\u200b de", "cd\u200b"),
    ],
)
def test_an_answer_ends_with_the_marks_and_joiners_that_are_its_own(context, gold):
    vocabulary = {character: i for i, character in enumerate(["<unk>", *"abcde\u00e8కల్ో "])}
    characters = Tokenizer(models.BPE(vocab=vocabulary, merges=[], unk_token="<unk>"))
    characters.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex("[\u200b\u200c]"), "")])
    start = context.index(gold)
    example = question(context, start, start + len(gold))
    features = HEAD.features([example], [], Encoding(SimpleNamespace(backend_tokenizer=characters), NO_FRAME, 40, 8))
    assert decoded([example], features) == [gold]


def test_an_answer_in_a_later_window_is_found_there_and_the_others_point_at_the_first_token(pieces):
    context = "the dog and the fox " * 20 + "Paris " + "the dog and the fox " * 20
    start = context.index("Paris")
    example = question(context, start, start + 5)
    features = HEAD.features([example], [], encoding_of(pieces, 48, 12))
    targets = [f.target for f in features]
    assert len(targets) > 4
    assert targets[0] == targets[-1] == (0, 0)
    assert any(target != (0, 0) for target in targets)
    for feature in features:
        holds = feature.target != (0, 0)
        tokens = "".join(pieces.convert_ids_to_tokens(feature.ids[feature.target[0] : feature.target[1] + 1]))
        assert tokens.strip("▁") == "Paris" if holds else tokens == "<s>"
    assert decoded([example], features) == ["Paris"]


def test_the_windows_cover_the_whole_context(pieces):
    context = CONTEXTS["en"] + CONTEXTS["zh"]
    features = HEAD.features([Question("q", "Who?", context, None)], [], encoding_of(pieces, 40, 10))
    covered = {i for f in features for start, end in f.places.offsets for i in range(start, end)}
    assert covered == {i for i, character in enumerate(context) if not character.isspace()}
    assert all(f.target is None and len(f.ids) <= 40 for f in features)


def test_a_question_that_is_cut_is_counted_in_the_log(wordpieces, caplog):
    asked = [question("Here it is.", 0, 4, words) for words in ("Where?", "Where is it " * 20)]
    HEAD.features(asked, [], encoding_of(wordpieces, 40, 8))
    assert caplog.messages == ["1 of 2 questions are longer than half a window; their ends are left out"]


def test_a_long_question_keeps_half_of_the_window(wordpieces):
    asked = "why do the dog and the fox sleep in the morning " * 8
    context = CONTEXTS["en"]
    encoding = encoding_of(wordpieces, 40, 19)
    features = HEAD.features([question(context, context.index("Paris"), context.index("Paris") + 5, asked)], [], encoding)
    kept = encoding.ids([asked])[0][: 20 - encoding.frame.size]
    for feature in features:
        assert feature.ids[1 : 1 + len(kept)] == kept
        assert feature.ids[1 + len(kept)] == wordpieces.sep_token_id
        assert len(feature.ids) <= 40
        assert feature.places.first == len(kept) + 2
        assert feature.types[feature.places.first] == 1
    assert any(f.target != (0, 0) for f in features)


def test_a_question_without_an_answer_points_at_the_first_token_and_one_stripped_of_answers_at_nothing(pieces):
    questions = [Question("q", "Who?", "the dog", ()), Question("q", "Who?", "the dog", None)]
    assert [f.target for f in HEAD.features(questions, [], encoding_of(pieces))] == [(0, 0), None]


def test_an_empty_context_gets_an_empty_answer(pieces):
    example = Question("q", "Who?", "", None)
    (feature,) = HEAD.features([example], [], encoding_of(pieces))
    batch = pad([feature], 1)
    outputs = HEAD.outputs(HEAD.module(8, 0, 0.0), torch.randn(*batch.ids.shape, 8), batch)
    assert HEAD.predictions([example], [feature], outputs, []) == [""]


@settings(deadline=None)
@given(st.integers(1, 20), st.integers(0, 9), st.randoms(use_true_random=False))
def test_the_best_span_is_the_best_of_all(size, first, random):
    logits = torch.tensor([[random.uniform(-5, 5) for _ in range(2)] for _ in range(first + size + 3)])
    score, start, end = _best(logits, Context(first, [(i, i + 1) for i in range(size)]))
    spans = [(s, e) for s in range(size) for e in range(s, min(size, s + LONGEST_ANSWER))]
    sums = {(s, e): float(logits[first + s, 0] + logits[first + e, 1]) for s, e in spans}
    assert score == pytest.approx(max(sums.values()), abs=1e-6)
    assert sums[start, end] == score


@settings(deadline=None)
@given(st.integers(21, 90), st.randoms(use_true_random=False))
def test_a_span_in_a_long_window_runs_forward_and_is_not_long(size, random):
    logits = torch.tensor([[random.uniform(-5, 5) for _ in range(2)] for _ in range(size)])
    score, start, end = _best(logits, Context(0, [(i, i + 1) for i in range(size)]))
    assert 0 <= end - start < LONGEST_ANSWER
    best = [set(logits[:, i].topk(20).indices.tolist()) for i in (0, 1)]
    spans = [(s, e) for s in best[0] for e in best[1] if 0 <= e - s < LONGEST_ANSWER]
    if spans:
        assert score == pytest.approx(max(float(logits[s, 0] + logits[e, 1]) for s, e in spans), abs=1e-6)


def test_the_answer_of_the_best_window_wins():
    example = Question("q", "Who?", "dog fox hen", None)
    windows = [SimpleNamespace(example=0, places=Context(3, [o])) for o in ((0, 3), (4, 7), (8, 11))]
    assert HEAD.predictions([example], windows, [(0.1, 0, 0), (0.9, 0, 0), (0.3, 0, 0)], []) == ["fox"]


def test_the_loss_is_the_mean_of_both_ends_over_real_sub_words():
    torch.manual_seed(0)
    batch = pad(
        [
            Feature([0, 5, 2, 2, 6, 7, 2], [0] * 7, 0, (4, 5)),
            Feature([0] * 11, [0] * 11, 1, (0, 0)),
        ],
        1,
    )
    module, hidden = HEAD.module(8, 0, 0.0), torch.randn(2, 16, 8)
    logits = module(hidden)
    by_hand = 0.0
    for row, feature in enumerate(batch.features):
        for end in (0, 1):
            own = logits[row, : len(feature.ids), end]
            by_hand += (torch.logsumexp(own, 0) - own[feature.target[end]]).item() / 2
    found = HEAD.loss(module, hidden, batch)
    assert found.total.item() == pytest.approx(by_hand, rel=1e-5)
    assert (found.weight.item(), found.classes) == (2, None)

"""Sentence vectors: the mean over all sub-words, however a text is cut."""

from __future__ import annotations

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tiny_networks import NETWORKS, TEXT, encoding_of

from isthmus.evaluation.predict import sentence_vectors
from isthmus.models import pooling
from isthmus.models.feature import Feature, pad
from isthmus.models.network import load_network

TEXTS = [TEXT["en"][0], "dog", TEXT["zh"][1], " ".join(TEXT["en"]), ""]


def states(network, encoding, text, layer):
    """Hidden states of the windows of one text, each computed alone and without padding."""
    (ids,), room = encoding.ids([text]), encoding.max_length - encoding.frame.size
    for start in range(0, len(ids) or 1, room):
        framed = torch.tensor([encoding.frame.one(ids[start : start + room])[0]])
        with torch.no_grad():
            yield network.body(framed, output_hidden_states=True).hidden_states[layer][0]


@pytest.mark.parametrize("layer", [0, 1, -1])
@pytest.mark.parametrize("max_length", [24, 128])
def test_a_vector_is_the_plain_mean_over_the_sub_words_of_all_windows(layer, max_length, encoders):
    network = load_network(encoders["xlm-roberta"])
    encoding = encoding_of(network.tokenizer, max_length, 5)
    found = sentence_vectors(network, TEXTS, encoding, [layer], "mean", "fp32", lambda *_: None)[0]
    for row, text in zip(found, TEXTS, strict=True):
        mean = torch.cat(list(states(network, encoding, text, layer))).mean(0)
        torch.testing.assert_close(row, mean / mean.norm(), atol=1e-5, rtol=0)


def test_the_first_sub_words_of_the_windows_can_be_the_vector(encoders):
    network = load_network(encoders["xlm-roberta"])
    encoding = encoding_of(network.tokenizer, 128, 5)
    found = sentence_vectors(network, TEXTS, encoding, [-1], "first", "fp32", lambda *_: None)[0]
    for row, text in zip(found, TEXTS, strict=True):
        first = torch.stack([window[0] for window in states(network, encoding, text, -1)]).mean(0)
        torch.testing.assert_close(row, first / first.norm(), atol=1e-5, rtol=0)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_vectors_have_unit_length(precision, encoders):
    network = load_network(encoders["xlm-roberta"])
    found = sentence_vectors(network, TEXTS, encoding_of(network.tokenizer), [-1], "mean", precision, lambda *_: None)[0]
    torch.testing.assert_close(found.norm(dim=-1), torch.ones(len(TEXTS)))


def test_states_in_bf16_are_counted_exactly():
    batch = pad([Feature([5] * 259, [0] * 259, 0, None)], 1)
    sums = pooling.window_sums(torch.ones(1, 264, 2, dtype=torch.bfloat16), batch, "mean")
    assert sums.tolist() == [[259, 259, 259]]


@settings(deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_windows_of_a_text_weigh_by_their_sub_words(sizes, random):
    values = torch.tensor([[random.uniform(-1, 1) for _ in range(3)] for _ in range(sum(sizes))])
    sums = [torch.cat([part.sum(0), torch.tensor([float(len(part))])]) for part in values.split(sizes)]
    mean = values.mean(0)
    assume(mean.norm() > 1e-3)
    torch.testing.assert_close(pooling.unit_vectors(torch.stack(sums).sum(0)), mean / mean.norm(), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("model_type", NETWORKS)
def test_several_layers_at_once_are_what_each_alone_is(model_type, encoders):
    network = load_network(encoders[model_type])
    encoding = encoding_of(network.tokenizer, 24, 5)
    together = sentence_vectors(network, TEXTS, encoding, [0, 1, 2], "mean", "fp32", lambda *_: None)
    for layer, found in enumerate(together):
        alone = sentence_vectors(network, TEXTS, encoding, [layer], "mean", "fp32", lambda *_: None)
        torch.testing.assert_close(found, alone[0], atol=1e-6, rtol=0)
    assert not torch.allclose(together[0], together[1], atol=1e-3)


@pytest.mark.parametrize("model_type", NETWORKS)
def test_the_top_layer_is_the_last_by_either_name(model_type, encoders):
    network = load_network(encoders[model_type])
    top, last = sentence_vectors(
        network, TEXTS, encoding_of(network.tokenizer), [network.depth, -1], "mean", "fp32", lambda *_: None
    )
    assert torch.equal(top, last)

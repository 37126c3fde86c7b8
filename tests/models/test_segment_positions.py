"""Positions that begin anew with the second text of a pair: what they are, and which networks read them."""

from __future__ import annotations

import json

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tiny_networks import TEXT, encoding_of, settings_of, still, write_encoder
from transformers import AutoModel

from isthmus.models.feature import Feature, Frame, pad
from isthmus.models.network import load_network, load_tokenizer, segment_positions
from isthmus.models.task_model import new_language_model

PADDING = 1
ROBERTA = Frame((0,), (2, 2), (2,), (2,), 0)  # <s> A </s> </s> B </s>
BERT = Frame((0,), (2,), (2,), (2,), 1)  # [CLS] A [SEP] B [SEP]
T5 = Frame((), (2,), (2,), (2,), 0)  # A </s> B </s>
TURNS = Frame((0,), (2, 0), (2,), (2,), 1)  # [CLS] A [SEP] [CLS] B [SEP]
BARE = Frame((), (), (), (), 0)
FRAMES = {"roberta": ROBERTA, "bert": BERT, "t5": T5, "turns": TURNS}
LOUD = {"initializer_range": 0.5}  # random weights with which attention tells places apart
WORDS = st.lists(st.integers(5, 50), min_size=1, max_size=12)


def positions(frame, *rows):
    """Return the positions of texts and pairs that are framed and padded together, without those of the padding."""
    framed = [frame.one(row[0])[0] if len(row) == 1 else frame.two(*row)[0] for row in rows]
    found = segment_positions(pad([Feature(ids, [0] * len(ids), 0, None) for ids in framed], PADDING).ids, frame)
    return [own[: len(ids)].tolist() for own, ids in zip(found, framed, strict=True)]


def test_the_second_text_begins_where_the_first_does():
    assert positions(ROBERTA, ([7, 8, 9], [7, 8])) == [[0, 1, 2, 3, 4, 5, 1, 2, 3]]
    assert positions(BERT, ([7, 8, 9], [7, 8])) == [[0, 1, 2, 3, 4, 1, 2, 3]]
    assert positions(T5, ([7, 8, 9], [7, 8])) == [[0, 1, 2, 3, 0, 1, 2]]
    assert positions(TURNS, ([7, 8, 9], [7, 8])) == [[0, 1, 2, 3, 4, 5, 1, 2, 3]]


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@given(rows=st.lists(st.tuples(WORDS) | st.tuples(WORDS, WORDS), min_size=1, max_size=5))
def test_what_stands_beside_a_text_changes_nothing_of_its_positions(frame, rows):
    for row, found in zip(rows, positions(frame, *rows), strict=True):
        first = len(frame.before)
        if len(row) == 1:
            assert found == list(range(len(found)))
        else:
            head = first + len(row[0]) + len(frame.between)
            assert found[:head] == list(range(head))
            assert found[head:] == list(range(first, first + len(row[1]) + len(frame.after)))


def test_padding_that_is_the_separator_too_begins_no_text():
    ids = torch.tensor([[0, 7, 8, 2, 2, 2, 2, 2], [0, 7, 2, 2, 8, 2, 2, 2]])
    single, pair = segment_positions(ids, ROBERTA).tolist()
    assert single[:4] == [0, 1, 2, 3]
    assert pair[:6] == [0, 1, 2, 3, 1, 2]


def test_a_frame_without_anything_between_two_texts_counts_on():
    assert segment_positions(torch.tensor([[7, 8, 9]]), BARE).tolist() == [[0, 1, 2]]


@pytest.mark.parametrize("spelt", ["</s>", "<s>", "<mask>", "<pad>"])
def test_a_text_that_spells_a_special_token_holds_none(spelt, pieces):
    assert len(pieces("the dog")["input_ids"]) > 2  # a call, which sets the backend up anew
    [ids] = encoding_of(pieces).ids([f"the dog {spelt} the fox"])
    assert not set(ids) & set(pieces.all_special_ids) - {pieces.unk_token_id}
    assert pieces.backend_tokenizer.encode("the dog").ids[-1] == pieces.eos_token_id


def test_a_text_of_a_bert_that_spells_its_separator_stays_one_text(wordpiece_folder):
    tokenizer = load_tokenizer(wordpiece_folder)
    encoding = encoding_of(tokenizer)
    [ids] = encoding.ids(["the dog [SEP] the dog"])
    assert positions(encoding.frame, (ids,)) == [list(range(len(ids) + 2))]


def hidden(network, *rows):
    network.body.eval()
    encoding = encoding_of(network.tokenizer)
    framed = [
        encoding.frame.one(*encoding.ids(row)) if len(row) == 1 else encoding.frame.two(*encoding.ids(row)) for row in rows
    ]
    batch = pad([Feature(ids, types, 0, None) for ids, types in framed], network.tokenizer.pad_token_id)
    with torch.no_grad():
        return [own[: len(ids)] for own, (ids, _) in zip(network.hidden(network.body, batch), framed, strict=True)]


@pytest.fixture(params=["xlm-roberta", "bert", "modernbert", "roberta-prelayernorm"])
def twins(request, pieces_folder, wordpiece_folder, tmp_path):
    """The same random encoder with positions that count on, and with positions that begin anew."""
    kind = request.param
    tokenizer = wordpiece_folder if kind == "bert" else pieces_folder
    changes = [LOUD, LOUD | {"segment_positions": True}]
    return [load_network(write_encoder(settings_of(kind, **c), tokenizer, tmp_path / f"{kind}{len(c)}")) for c in changes]


def test_a_network_whose_configuration_says_so_reads_a_pair_otherwise_and_a_single_text_the_same(twins):
    rows = ["the dog sleeps"], ["the dog sleeps", "the fox"], [TEXT["en"][0]]
    (alone, pair, longer), (same, other, also) = (hidden(network, *rows) for network in twins)
    torch.testing.assert_close(alone, same, atol=1e-6, rtol=0)
    torch.testing.assert_close(longer, also, atol=1e-6, rtol=0)
    assert (pair - other).abs().max() > 0.05


def test_a_pair_is_read_the_same_whatever_it_is_padded_to(twins):
    pair = ["the dog sleeps", "the fox"]
    [alone] = hidden(twins[1], pair)
    torch.testing.assert_close(hidden(twins[1], pair, TEXT["en"][:2])[0], alone, atol=1e-5, rtol=0)


@pytest.mark.parametrize("segments", [1, 2])
def test_a_text_and_its_double_look_alike_in_the_embeddings_but_for_their_segments(segments, pieces_folder, tmp_path):
    settings = still(segment_positions=True, type_vocab_size=segments, **LOUD)
    network = load_network(write_encoder(settings, pieces_folder, tmp_path / "encoder"))
    ids, types = network.frame.two([7, 8, 9], [7, 8, 9])
    states = network.layers(pad([Feature(ids, types, 0, None)], network.tokenizer.pad_token_id))[0][0]
    assert torch.equal(states[1:4], states[6:9]) is (segments == 1)


def test_the_key_stays_with_the_network_wherever_it_is_saved(pieces_folder, tmp_path):
    model = new_language_model(settings_of("modernbert", segment_positions=True, **LOUD), pieces_folder, 0)
    model.save(tmp_path / "first")
    load_network(tmp_path / "first").save(tmp_path / "second")
    assert json.loads((tmp_path / "second/config.json").read_text())["segment_positions"] is True
    assert AutoModel.from_pretrained(str(tmp_path / "second")).config.segment_positions is True
    first, second = (hidden(load_network(tmp_path / name), ["the dog", "the fox"])[0] for name in ("first", "second"))
    assert torch.equal(first, second)
    ordinary = load_network(tmp_path / "second")
    ordinary.body.config.segment_positions = False
    assert not torch.allclose(hidden(ordinary, ["the dog", "the fox"])[0], first)


def test_the_longest_pair_that_is_promised_goes_through(pieces_folder, tmp_path):
    network = load_network(write_encoder(still(segment_positions=True), pieces_folder, tmp_path / "encoder"))
    half = [7] * ((network.positions - network.frame.size) // 2)
    for ids, types in (network.frame.two(half, half), network.frame.one([7] * (network.positions - 2))):
        batch = pad([Feature(ids, types, 0, None)], network.tokenizer.pad_token_id)
        assert network.hidden(network.body, batch).shape[1] == network.positions

"""Frames read off tokenizers, windows over long inputs, padding."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tiny_networks import xlmr_like
from tokenizers import Tokenizer, models, pre_tokenizers

from isthmus.models.feature import WIDTH, Feature, frame_of, pad, windows
from isthmus.models.network import load_tokenizer


@st.composite
def rooms(draw):
    room = draw(st.integers(1, 60))
    return draw(st.integers(0, 300)), room, draw(st.integers(0, room - 1))


def test_an_xlmr_like_tokenizer_frames_a_pair_with_two_separators_and_one_type():
    frame = frame_of(SimpleNamespace(backend_tokenizer=xlmr_like()))
    assert (frame.before, frame.between, frame.after, frame.after_one) == ((0,), (2, 2), (2,), (2,))
    assert frame.size == 4
    assert frame.two([7, 8], [9]) == ([0, 7, 8, 2, 2, 9, 2], [0] * 7)
    assert frame.one([7, 8]) == ([0, 7, 8, 2], [0] * 4)


def test_a_bert_like_tokenizer_frames_a_pair_with_one_separator_and_two_types(wordpieces):
    cls, sep = wordpieces.cls_token_id, wordpieces.sep_token_id
    frame = frame_of(wordpieces)
    assert frame.two([7, 8], [9]) == ([cls, 7, 8, sep, 9, sep], [0, 0, 0, 0, 1, 1])
    assert frame.one([7]) == ([cls, 7, sep], [0, 0, 0])


@pytest.mark.parametrize("name", ["pieces", "wordpieces"])
def test_a_framed_text_is_what_the_tokenizer_itself_makes_of_it(name, request):
    tokenizer = request.getfixturevalue(name)
    frame = frame_of(tokenizer)
    first, second = "The quick brown fox", "Die Stadt 2019"
    ids = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in (first, second)]
    pair = tokenizer(first, second, return_token_type_ids=True)
    assert frame.two(*ids) == (pair["input_ids"], pair["token_type_ids"])
    assert frame.one(ids[0])[0] == tokenizer(first)["input_ids"]


def test_a_tokenizer_without_special_tokens_has_an_empty_frame():
    backend = Tokenizer(models.WordLevel({"a": 0, "b": 1}, "a"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    frame = frame_of(SimpleNamespace(backend_tokenizer=backend))
    assert frame.size == 0
    assert frame.two([0], [1])[0] == [0, 1]


def test_a_directory_that_cuts_and_pads_texts_is_not_obeyed(pieces_folder, tmp_path):
    backend = Tokenizer.from_file(str(pieces_folder / "tokenizer.json"))
    backend.enable_truncation(6)
    backend.enable_padding(length=6, pad_id=1, pad_token="<pad>")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (tmp_path / name).write_bytes((pieces_folder / name).read_bytes())
    backend.save(str(tmp_path / "tokenizer.json"))
    whole, cut = load_tokenizer(pieces_folder), load_tokenizer(tmp_path)
    assert frame_of(cut) == frame_of(whole)
    text = "the quick brown fox jumps over the lazy dog"
    assert cut.backend_tokenizer.encode(text).ids == whole.backend_tokenizer.encode(text).ids


@given(rooms())
def test_windows_cover_everything_in_order_and_share_the_stride(given_rooms):
    length, room, stride = given_rooms
    found = list(windows(length, room, stride))
    assert found[0][0] == 0
    assert found[-1][1] == length
    assert all(0 <= start <= end <= start + room for start, end in found)
    assert all(end - begin == stride for (_, end), (begin, _) in pairwise(found))
    assert all(end - start == room for start, end in found[:-1])
    assert all(later > earlier for (_, earlier), (_, later) in pairwise(found))


@given(st.lists(st.lists(st.integers(5, 90), min_size=1, max_size=40), min_size=1, max_size=6))
def test_windows_of_one_feature_are_rows_of_the_batch_as_those_of_many_are(rows):
    alone = pad([Feature(ids, [i] * len(ids), i, None) for i, ids in enumerate(rows)], 1)
    flat, types = (
        [piece for part in parts for piece in part] for parts in (rows, [[i] * len(r) for i, r in enumerate(rows)])
    )
    together = pad([Feature(flat, types, 0, None, sizes=tuple(map(len, rows)))], 1)
    for name in ("ids", "types", "mask"):
        assert torch.equal(getattr(alone, name), getattr(together, name))
    assert (together.features[0].rows, together.features[0].length) == (len(rows), max(map(len, rows)))


@given(st.lists(st.lists(st.integers(5, 90), min_size=1, max_size=40), min_size=1, max_size=6))
def test_padding_keeps_every_feature_and_masks_the_rest(rows):
    batch = pad([Feature(ids, [1] * len(ids), i, None) for i, ids in enumerate(rows)], 1)
    assert batch.ids.shape == batch.types.shape == batch.mask.shape
    assert batch.ids.shape[1] % WIDTH == 0
    assert batch.ids.shape[1] - max(map(len, rows)) < WIDTH
    for row, ids in enumerate(rows):
        assert batch.ids[row][batch.mask[row] == 1].tolist() == ids
        assert set(batch.ids[row][batch.mask[row] == 0].tolist()) <= {1}
        assert torch.equal(batch.mask[row], batch.types[row])

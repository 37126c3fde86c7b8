"""What a head reads in the logits of a whole batch is what it says of hidden states itself."""

from __future__ import annotations

import pytest
import torch
from made_models import TASKS
from tiny_networks import encoding_of

from isthmus.models.feature import pad
from isthmus.models.head import HEADS, load_head


@pytest.mark.parametrize("kind", TASKS)
def test_outputs_are_what_is_read_in_the_logits(kind, wordpieces):
    labels, examples = TASKS[kind]
    head = load_head(kind)
    batch = pad(head.features(examples, labels, encoding_of(wordpieces)), wordpieces.pad_token_id)
    torch.manual_seed(0)
    module, hidden = head.module(16, len(labels), 0.0).eval(), torch.randn(*batch.ids.shape, 16)
    with torch.no_grad():
        logits = head.logits(module, hidden)
        found, expected = head.read(logits, batch), head.outputs(module, hidden, batch)
    assert logits.shape[0] == len(batch.ids)
    assert len(found) == len(batch.features)
    torch.testing.assert_close(found, expected)


def test_every_head_can_be_read():
    assert set(HEADS.names()) == set(TASKS)

"""Heads taken out for good: what is left computes what the whole network does without them, also when loaded again."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
import torch
from tiny_networks import TEXT, encoding_of, settings_of, write_encoder

from isthmus.core.errors import UserError
from isthmus.models.feature import Feature, pad
from isthmus.models.network import load_network
from isthmus.models.pruning import PRUNABLE, head_counts, remove_heads

LOUD = {"initializer_range": 0.3, "num_attention_heads": 4, "num_hidden_layers": 3}
KEPT = [[0, 2], [3], [0, 1, 2, 3]]


def hidden(network, how="eager"):
    network.body.eval()
    network.attend(how)
    framed = [network.frame.one(ids) for ids in encoding_of(network.tokenizer).ids(TEXT["en"])]
    batch = pad([Feature(*own, 0, None) for own in framed], network.tokenizer.pad_token_id)
    with torch.no_grad():
        return network.hidden(network.body, batch)


def silence(network, kept):
    """Set to 0 what the output matrices read of all heads but ``kept``."""
    for layer, heads in zip(network.body.encoder.layer, kept, strict=True):
        weight = layer.attention.output.dense.weight.data.unflatten(1, (4, -1))
        for head in set(range(4)) - set(heads):
            weight[:, head] = 0


@pytest.fixture(params=PRUNABLE)
def encoder(request, pieces_folder, tmp_path):
    return write_encoder(settings_of(request.param, **LOUD), pieces_folder, tmp_path / "encoder")


def test_what_is_left_computes_what_the_whole_does_with_the_other_heads_at_0(encoder):
    pruned, silent = load_network(encoder), load_network(encoder)
    whole = hidden(silent)
    remove_heads(pruned.body, KEPT)
    silence(silent, KEPT)
    for how in ("eager", "sdpa"):
        torch.testing.assert_close(hidden(pruned, how), hidden(silent, how), atol=1e-5, rtol=0)
    assert (hidden(silent) - whole).abs().max() > 0.1


def test_a_pruned_network_is_smaller_and_comes_back_as_it_was(encoder, tmp_path):
    network = load_network(encoder)
    before = sum(weight.numel() for weight in network.body.parameters())
    remove_heads(network.body, KEPT)
    size = network.hidden_size // 4
    gone = 2 + 3
    assert sum(w.numel() for w in network.body.parameters()) == before - gone * size * (4 * network.hidden_size + 3)
    network.save(tmp_path / "pruned")
    again = load_network(tmp_path / "pruned")
    assert head_counts(again.body) == [2, 1, 4]
    assert type(again.body).__name__ == type(network.body).__name__
    assert again.body.state_dict().keys() == network.body.state_dict().keys()
    assert all(torch.equal(weight, network.body.state_dict()[name]) for name, weight in again.body.state_dict().items())
    torch.testing.assert_close(hidden(again), hidden(network), atol=1e-5, rtol=0)
    sizes = [(folder / "model.safetensors").stat().st_size for folder in (encoder, tmp_path / "pruned")]
    assert all(larger > smaller for larger, smaller in pairwise(sizes))


def test_heads_taken_out_twice_are_those_of_the_first_network(pieces_folder, tmp_path):
    encoder = write_encoder(settings_of("roberta-prelayernorm", **LOUD), pieces_folder, tmp_path / "encoder")
    once, twice = load_network(encoder), load_network(encoder)
    remove_heads(once.body, [[2], [3], [1]])
    remove_heads(twice.body, [[0, 2], [3], [1, 3]])
    twice.save(tmp_path / "first")
    twice = load_network(tmp_path / "first")
    remove_heads(twice.body, [[1], [0], [0]])
    twice.save(tmp_path / "second")
    again = load_network(tmp_path / "second")
    assert again.body.config.kept_heads == once.body.config.kept_heads == [[2], [3], [1]]
    torch.testing.assert_close(hidden(again), hidden(once), atol=1e-5, rtol=0)


@pytest.mark.parametrize("model_type", ["modernbert", "mpnet"])
def test_an_architecture_whose_heads_cannot_be_taken_out_says_so(model_type, pieces_folder, tmp_path):
    network = load_network(write_encoder(settings_of(model_type), pieces_folder, tmp_path / "encoder"))
    with pytest.raises(UserError, match=f"model_type '{model_type}'; expected one of bert, camembert"):
        remove_heads(network.body, [[0], [0]])


@pytest.mark.parametrize("kept", [[[0], [1]], [[0], [1], [4]], [[0], [], [1]], [[0], [1], [1, 1]], [[0], [1], "all"], 3])
def test_a_configuration_that_names_other_heads_is_one_clear_error(kept, pieces_folder, tmp_path):
    encoder = write_encoder(settings_of("xlm-roberta", **LOUD), pieces_folder, tmp_path / "encoder")
    config = json.loads((encoder / "config.json").read_text())
    (encoder / "config.json").write_text(json.dumps({**config, "kept_heads": kept}))
    with pytest.raises(UserError, match=r"kept_heads of the configuration: found .*; expected for each of 3 layers a list"):
        load_network(encoder)

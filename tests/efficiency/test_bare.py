"""The quick form of an encoder: the states of the library's own forward pass, whichever architecture it is of."""

from __future__ import annotations

import pytest
import torch
from tiny_networks import TEXT, encoding_of, still, write_encoder

from isthmus.efficiency.bare import SHAPED, bare
from isthmus.models.family import load_family
from isthmus.models.feature import Feature, pad
from isthmus.models.network import load_network, save_encoder
from isthmus.models.pruning import remove_heads
from isthmus.models.trained import headed

KINDS = {"classification": ["a", "b"], "tagging": ["A", "B"], "span": [], "choice": [], "ranking": []}
ROBERTA = ("camembert", "roberta", "xlm-roberta")


def model_of(folder, kind="classification"):
    return headed(load_family("encoder"), load_network(folder), kind, KINDS[kind], 1).eval()


def batch_of(network, rows=4):
    encoding = encoding_of(network.tokenizer)
    texts = [line[: 30 + 20 * i] for i, line in enumerate(TEXT["en"][:rows])]
    framed = [encoding.frame.two(ids[: len(ids) // 2], ids[len(ids) // 2 :]) for ids in encoding.ids(texts)]
    return pad([Feature(*own, i, None) for i, own in enumerate(framed)], network.tokenizer.pad_token_id)


def states(model, batch, quick):
    with torch.inference_mode():
        return model.network.hidden(quick, batch), model.network.hidden(model.body, batch)


@pytest.fixture(scope="module", params=SHAPED)
def shaped(request, pieces_folder, wordpiece_folder, tmp_path_factory):
    """The folder of an encoder of each architecture that has a quick form."""
    tokenizer = pieces_folder if request.param in ROBERTA else wordpiece_folder
    return write_encoder(still(request.param), tokenizer, tmp_path_factory.mktemp(request.param))


@pytest.mark.parametrize("kind", ["tagging", "span"])
@pytest.mark.parametrize("rows", [1, 4])
def test_states_are_those_of_the_library(shaped, kind, rows):
    model = model_of(shaped, kind)
    batch = batch_of(model.network, rows)
    found, expected = states(model, batch, bare(model, "fp32"))
    real = batch.mask.bool()
    assert torch.allclose(found[real], expected[real], atol=1e-5)


@pytest.mark.parametrize("kind", ["classification", "choice", "ranking"])
def test_where_a_head_reads_the_first_state_alone_it_is_the_only_one_and_the_same(shaped, kind):
    model = model_of(shaped, kind)
    found, expected = states(model, batch_of(model.network), bare(model, "fp32"))
    assert found.shape[1] == 1
    assert torch.allclose(found, expected[:, :1], atol=1e-5)


def test_weights_are_in_memory_once_and_the_body_still_answers_as_before(shaped):
    model = model_of(shaped)
    batch = batch_of(model.network)
    with torch.no_grad():
        before = model.network.hidden(model.body, batch)
        quick = bare(model, "fp32")
        after = model.network.hidden(model.body, batch)
    assert torch.equal(before, after)
    own = model.body.encoder.layer[0].attention.self
    assert own.query.weight.untyped_storage().data_ptr() == own.value.weight.untyped_storage().data_ptr()
    assert own.query.weight.untyped_storage().data_ptr() == quick.layers[0].all_three.keywords["weight"].data_ptr()


def test_a_network_without_some_of_its_heads_has_a_quick_form_too(shaped, tmp_path):
    model = model_of(shaped, "tagging")
    remove_heads(model.body, [[1], [0]])
    save_encoder(model.body, shaped, tmp_path)
    pruned = model_of(tmp_path, "tagging")
    batch = batch_of(pruned.network)
    found, expected = states(pruned, batch, bare(pruned, "fp32"))
    assert torch.allclose(found[batch.mask.bool()], expected[batch.mask.bool()], atol=1e-5)


def test_positions_that_begin_anew_are_those_of_the_network(pieces_folder, tmp_path):
    settings = still("xlm-roberta", segment_positions=True, type_vocab_size=2)
    model = model_of(write_encoder(settings, pieces_folder, tmp_path), "tagging")
    batch = batch_of(model.network)
    found, expected = states(model, batch, bare(model, "fp32"))
    assert torch.allclose(found[batch.mask.bool()], expected[batch.mask.bool()], atol=1e-5)


@pytest.mark.parametrize("model_type", ["modernbert", "roberta-prelayernorm"])
def test_another_architecture_has_none(pieces_folder, tmp_path, model_type):
    settings = still(model_type) if model_type != "modernbert" else {"model_type": "modernbert", **SMALL}
    assert bare(model_of(write_encoder(settings, pieces_folder, tmp_path)), "fp32") is None


SMALL = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}


def test_a_decoder_and_products_that_are_not_plain_have_none(shaped):
    model = model_of(shaped)
    model.body.config.is_decoder = True
    assert bare(model, "fp32") is None
    model = model_of(shaped)
    attention = model.body.encoder.layer[1].attention.self

    class Updated(torch.nn.Linear):
        """Stands for a product with low-rank updates."""

    attention.query = Updated(16, 16)
    assert bare(model, "fp32") is None


def test_what_is_compiled_keeps_its_own_body(shaped):
    model = model_of(shaped)
    model.body = torch.nn.Sequential()
    assert bare(model, "fp32") is None

"""An encoder of fewer layers computes what the full one computes up to there."""

from __future__ import annotations

import json

import pytest
import torch
from safetensors.torch import load_file
from tiny_networks import SIZES, TEXT, encoding_of, settings_of, write_encoder
from torch import nn
from transformers import AutoModelForMaskedLM

from isthmus.core.errors import UserError
from isthmus.models.family import load_family
from isthmus.models.feature import Feature, pad
from isthmus.models.network import load_network, load_tokenizer
from isthmus.models.pruning import remove_heads
from isthmus.models.trained import ENCODER, load_task_model, new_task_model, save_task_model
from isthmus.models.variant import EXITS, ONNX, Making, load_change, read_running
from isthmus.models.variants.layers import drop_layers

FAMILY = load_family("encoder")
DEPTH = 4
ENDING_IN_NORM = {"roberta-prelayernorm": "LayerNorm", "xlm-roberta-xl": "encoder.LayerNorm", "modernbert": "final_norm"}
NAMED_OTHERWISE = {
    "distilbert": {"dim": 16, "n_layers": DEPTH, "n_heads": 2, "hidden_dim": 32, "max_position_embeddings": 130},
    "electra": {"embedding_size": 8},
    "deberta-v2": {"relative_attention": True, "pos_att_type": ["p2c", "c2p"], "position_buckets": 8},
}
ARCHITECTURES = (
    "bert", "roberta", "xlm-roberta", "roberta-prelayernorm", "xlm-roberta-xl", "modernbert", "distilbert", "electra",
    "mpnet", "deberta-v2", "camembert",
)  # fmt: skip


def deep(model_type, tokenizer_folder, folder):
    own = NAMED_OTHERWISE.get(model_type, {})
    settings = own | {"model_type": model_type} if "dim" in own else settings_of(model_type, num_hidden_layers=DEPTH, **own)
    return write_encoder(settings, tokenizer_folder, folder)


def batch_of(network):
    encoding = encoding_of(network.tokenizer)
    ids = [encoding.frame.one(own[:40]) for own in encoding.ids(TEXT["en"][:3])]
    return pad([Feature(own, types, 0, None) for own, types in ids], network.tokenizer.pad_token_id)


def making(source, out, layers):
    out.mkdir()
    return Making(source, out, FAMILY, {"layers": layers}, lambda network: None, lambda done, total: None)


@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("model_type", ARCHITECTURES)
@torch.no_grad()
def test_the_loaded_encoder_gives_the_full_ones_states_at_that_layer(pieces_folder, tmp_path, model_type, layers):
    source = deep(model_type, pieces_folder, tmp_path / "full")
    told = drop_layers(source, tmp_path / "out", layers)
    full, cut = load_network(source), load_network(tmp_path / "out")
    full.body.eval(), cut.body.eval()
    states = full.layers(batch_of(full))
    expected = states[layers]
    if model_type in ENDING_IN_NORM:
        norm = full.body.get_submodule(ENDING_IN_NORM[model_type])
        assert isinstance(norm, nn.Module)
        expected = norm(expected)
    torch.testing.assert_close(cut.hidden(cut.body, batch_of(cut)), expected, atol=1e-6, rtol=1e-5)
    assert not torch.allclose(expected, states[-1], atol=1e-3)
    assert cut.depth == layers
    assert told["layers"] == [DEPTH, layers]
    assert told["parameters"] == [sum(own.numel() for own in network.body.parameters()) for network in (full, cut)]


def test_global_and_local_attention_stay_with_their_layers(pieces_folder, tmp_path):
    drop_layers(deep("modernbert", pieces_folder, tmp_path / "full"), tmp_path / "out", 2)
    types = [json.loads((tmp_path / name / "config.json").read_text("utf-8"))["layer_types"] for name in ("full", "out")]
    assert types[1] == types[0][:2]
    assert len(set(types[0])) == 2


def test_heads_that_were_taken_out_stay_out(pieces_folder, tmp_path):
    network = load_network(deep("bert", pieces_folder, tmp_path / "full"))
    remove_heads(network.body, [[1], [0], [0, 1], [1]])
    network.save(tmp_path / "pruned")
    drop_layers(tmp_path / "pruned", tmp_path / "out", 2)
    full, cut = load_network(tmp_path / "pruned"), load_network(tmp_path / "out")
    with torch.no_grad():
        expected = full.layers(batch_of(full))[2]
        torch.testing.assert_close(cut.hidden(cut.body, batch_of(cut)), expected, atol=1e-6, rtol=1e-5)


def test_a_vocabulary_head_stays_and_numbers_are_stored_as_they_were(pieces_folder, tmp_path):
    source = deep("roberta-prelayernorm", pieces_folder, tmp_path / "full")
    AutoModelForMaskedLM.from_pretrained(source).half().save_pretrained(tmp_path / "masked")
    load_tokenizer(source).save_pretrained(tmp_path / "masked")
    drop_layers(tmp_path / "masked", tmp_path / "out", 1)
    before, after = (load_file(tmp_path / name / "model.safetensors") for name in ("masked", "out"))
    assert any(name.startswith("lm_head") for name in after)
    assert after.keys() < before.keys()
    assert all(torch.equal(before[name], own) and own.dtype == torch.float16 for name, own in after.items())


def test_an_encoder_without_a_head_becomes_one_and_it_is_told(encoders, tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / ENCODER).symlink_to(encoders["bert"])
    out = tmp_path / "out"
    load_change("layers").make(making(tmp_path / "model", out, 1))
    assert sorted(path.name for path in out.iterdir()) == [ENCODER, "variant.json"]
    (told,) = read_running(out).changes
    assert told["change"] == "layers"
    assert told["layers"] == [SIZES["num_hidden_layers"], 1]


def test_a_head_is_carried(encoders, tmp_path):
    save_task_model(
        new_task_model(FAMILY, encoders["bert"], "tagging", ["A", "B"], 1), tmp_path / "m", "tagging", ["A", "B"]
    )
    load_change("layers").make(making(tmp_path / "m", tmp_path / "out", 1))
    model, kind, labels = load_task_model(FAMILY, FAMILY.load(tmp_path / "out" / ENCODER), tmp_path / "out")
    assert (model.network.depth, kind, labels) == (1, "tagging", ["A", "B"])


@pytest.mark.parametrize("layers", [0, -1, 3, 12])
def test_a_number_of_layers_that_is_not_there_is_refused_with_those_that_are(encoders, tmp_path, layers):
    with pytest.raises(UserError, match=rf"layers: found {layers}, and .* has 2; expected 1$"):
        drop_layers(encoders["bert"], tmp_path / "out", layers)
    assert not (tmp_path / "out").exists()


def test_as_many_layers_as_there_are_change_nothing_and_are_refused(pieces_folder, tmp_path):
    source = deep("roberta", pieces_folder, tmp_path / "full")
    with pytest.raises(UserError, match=r"found 4, which changes nothing: .* has 4; expected 1 to 3"):
        drop_layers(source, tmp_path / "out", 4)


def test_one_layer_used_again_and_again_is_none_to_drop(pieces_folder, tmp_path):
    source = deep("albert", pieces_folder, tmp_path / "full")
    with pytest.raises(UserError, match=r"'albert'.*list of its 4 layers"):
        drop_layers(source, tmp_path / "out", 2)


@pytest.mark.parametrize("part", [EXITS, ONNX, "adapter"])
def test_layers_that_something_hangs_on_are_not_dropped(encoders, tmp_path, part):
    save_task_model(
        new_task_model(FAMILY, encoders["bert"], "tagging", ["A", "B"], 1), tmp_path / "m", "tagging", ["A", "B"]
    )
    (tmp_path / "m" / part).touch()
    with pytest.raises(UserError, match=f"before anything hangs on them; found {part}"):
        load_change("layers").make(making(tmp_path / "m", tmp_path / "out", 1))

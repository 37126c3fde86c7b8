"""A model with a trimmed vocabulary answers as before in the languages that were kept, and any text at all in the others."""

from __future__ import annotations

import json

import pytest
import torch
from made_models import fine_tuned, world_examples
from safetensors.torch import load_file, save_file
from tiny_networks import NETWORKS, TEXT, encoding_of, settings_of, write_encoder
from tokenizers import Tokenizer, models, pre_tokenizers
from tokenizers.processors import RobertaProcessing
from transformers import AutoModelForMaskedLM, AutoTokenizer, PreTrainedTokenizerFast

from isthmus.core.errors import UserError
from isthmus.models.family import load_family
from isthmus.models.feature import pad
from isthmus.models.network import load_network, load_tokenizer
from isthmus.models.pruning import remove_heads
from isthmus.models.trained import ENCODER, load_task_model, new_task_model, save_task_model
from isthmus.models.variant import ONNX, Making, load_change, read_running
from isthmus.models.variants.vocabulary import held_back, trim_encoder
from isthmus.sources.example import TaggedSentence, TextPair
from isthmus.sources.texts import all_texts
from isthmus.tasks.task import load_task
from isthmus.world.source import ENCODERS

FAMILY = load_family("encoder")
KEPT = {"de": TEXT["de"], "zh": TEXT["zh"]}
LABELS = ["entailment", "neutral", "contradiction"]


def pairs_of(texts):
    lines = [text for own in texts.values() for text in own]
    return [TextPair(str(i), a, b, None) for i, (a, b) in enumerate(zip(lines, [*lines[1:], lines[0]], strict=True))]


def trained(encoder, folder, kind="classification", labels=LABELS):
    save_task_model(new_task_model(FAMILY, encoder, kind, labels, 3), folder, kind, labels)
    return folder


def trimmed(source, out, texts, **settings):
    out.mkdir()
    making = Making(source, out, FAMILY, settings, lambda network: None, lambda done, total: None, texts=texts)
    load_change("vocabulary").make(making)
    return out


def outputs(folder, examples):
    model, _, labels = load_task_model(FAMILY, FAMILY.load(folder / ENCODER), folder)
    made = model.eval().head.features(examples, labels, encoding_of(model.network.tokenizer, 128, 16))
    assert made
    batches = [pad(made[i : i + 64], model.network.tokenizer.pad_token_id) for i in range(0, len(made), 64)]
    return torch.stack([output for batch in batches for output in model.outputs(batch)])


@pytest.mark.parametrize("keep", ["seen", "characters"])
@pytest.mark.parametrize("model_type", NETWORKS)
def test_every_example_of_a_kept_language_is_answered_as_before(encoders, tmp_path, model_type, keep):
    source = trained(encoders[model_type], tmp_path / "full")
    out = trimmed(source, tmp_path / "out", KEPT, keep=keep)
    torch.testing.assert_close(outputs(out, pairs_of(KEPT)), outputs(source, pairs_of(KEPT)), atol=1e-5, rtol=0)
    before, after = read_running(out).changes[0]["pieces"]
    assert after < before
    assert outputs(out, pairs_of(TEXT)).isfinite().all()
    assert outputs(out, pairs_of({"?": ["жЖ∑👩‍👧🏽", "<pad> [MASK]", "\u200b", "x" * 300]})).isfinite().all()


@pytest.mark.parametrize("model_type", NETWORKS)
def test_the_folder_is_one_that_transformers_loads_and_its_numbers_agree(encoders, tmp_path, model_type):
    told = trim_encoder(encoders[model_type], tmp_path / "out", KEPT)
    config = json.loads((tmp_path / "out/config.json").read_text("utf-8"))
    network = load_network(tmp_path / "out")
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "out")
    rows = len(network.body.get_input_embeddings().weight)
    assert len(tokenizer) == config["vocab_size"] == rows == told["pieces"][1] < told["pieces"][0]
    special = tokenizer.special_tokens_map
    assert special == load_tokenizer(encoders[model_type]).special_tokens_map
    for name in ("pad", "bos", "eos", "cls", "sep"):
        if config.get(f"{name}_token_id") is not None:
            assert config[f"{name}_token_id"] == getattr(tokenizer, f"{name}_token_id")
    assert tokenizer("Hund", "Stadt")["input_ids"] == network.tokenizer("Hund", "Stadt")["input_ids"]
    sizes = [
        sum(own.numel() for own in load_network(folder).body.parameters())
        for folder in (encoders[model_type], tmp_path / "out")
    ]
    assert told["parameters"] == sizes
    assert sizes[0] - sizes[1] == (told["pieces"][0] - rows) * 16


def late_tokens(folder):
    """A tokenizer whose special tokens, the padding first, stand behind its pieces, with room for more rows than pieces."""
    words = sorted({word for lines in TEXT.values() for line in lines for word in line.split()})
    special = ["<none>", "<mask>", "<s>", "<pad>", "</s>"]
    ids = {word: i for i, word in enumerate([*words, *special])}
    backend = Tokenizer(models.WordLevel(ids, unk_token="<none>"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    named = {"unk": "<none>", "mask": "<mask>", "cls": "<s>", "sep": "</s>", "pad": "<pad>"}
    wrapped = PreTrainedTokenizerFast(tokenizer_object=backend, **{f"{role}_token": own for role, own in named.items()})
    wrapped.backend_tokenizer.post_processor = RobertaProcessing(("</s>", ids["</s>"]), ("<s>", ids["<s>"]))
    wrapped.save_pretrained(folder)
    return folder, len(ids)


def test_special_tokens_behind_the_pieces_and_rows_without_a_piece_are_minded(tmp_path):
    folder, size = late_tokens(tmp_path / "tokenizer")
    source = trained(
        write_encoder(settings_of("modernbert", vocab_size=size + 7), folder, tmp_path / "encoder"), tmp_path / "full"
    )
    out = trimmed(source, tmp_path / "out", KEPT)
    network = load_network(out / ENCODER)
    assert network.body.config.vocab_size == len(network.tokenizer) < size
    assert network.body.config.pad_token_id == network.tokenizer.pad_token_id < size - 20
    torch.testing.assert_close(outputs(out, pairs_of(KEPT)), outputs(source, pairs_of(KEPT)), atol=1e-5, rtol=0)


def test_where_positions_count_from_the_padding_id_it_stays(tmp_path):
    folder, size = late_tokens(tmp_path / "tokenizer")
    settings = settings_of("xlm-roberta", max_position_embeddings=size + 130)
    source = trained(write_encoder(settings, folder, tmp_path / "encoder"), tmp_path / "full")
    out = trimmed(source, tmp_path / "out", KEPT)
    assert load_network(out / ENCODER).tokenizer.pad_token_id == size - 2
    torch.testing.assert_close(outputs(out, pairs_of(KEPT)), outputs(source, pairs_of(KEPT)), atol=1e-5, rtol=0)


@pytest.mark.parametrize("model_type", ["bert", "roberta-prelayernorm", "modernbert"])
def test_a_vocabulary_head_keeps_the_same_rows_as_the_embeddings(encoders, tmp_path, model_type):
    source = encoders[model_type]
    torch.manual_seed(0)
    full = AutoModelForMaskedLM.from_pretrained(source).eval()
    with torch.no_grad():  # a bias that is not all the same
        for name, own in full.named_parameters():
            if name.endswith("bias"):
                own.normal_()
    whole = tmp_path / "whole"
    full.save_pretrained(whole)
    load_tokenizer(source).save_pretrained(whole)
    told = trim_encoder(whole, tmp_path / "out", KEPT)
    cut = AutoModelForMaskedLM.from_pretrained(tmp_path / "out").eval()
    ids = [AutoTokenizer.from_pretrained(own)(TEXT["de"][0], return_tensors="pt") for own in (whole, tmp_path / "out")]
    with torch.no_grad():
        before, after = full(**ids[0]).logits, cut(**ids[1]).logits
    names = [
        AutoTokenizer.from_pretrained(own).convert_ids_to_tokens(range(n))
        for own, n in zip((whole, tmp_path / "out"), told["pieces"], strict=True)
    ]
    kept = [names[0].index(name) for name in names[1]]
    torch.testing.assert_close(after, before[..., kept], atol=1e-5, rtol=0)


def test_numbers_are_stored_as_they_were(encoders, tmp_path):
    network = load_network(encoders["bert"])
    network.body.half()
    network.save(tmp_path / "half")
    trim_encoder(tmp_path / "half", tmp_path / "out", KEPT)
    assert {own.dtype for own in load_file(tmp_path / "out/model.safetensors").values()} == {torch.float16}


def test_a_model_that_lost_heads_is_trimmed_as_it_is(encoders, tmp_path):
    network = load_network(encoders["bert"])
    remove_heads(network.body, [[1], [0, 1]])
    network.save(tmp_path / "pruned")
    source = trained(tmp_path / "pruned", tmp_path / "full")
    out = trimmed(source, tmp_path / "out", KEPT)
    torch.testing.assert_close(outputs(out, pairs_of(KEPT)), outputs(source, pairs_of(KEPT)), atol=1e-5, rtol=0)


def test_words_are_kept_as_they_stand_alone_where_a_task_cuts_word_by_word(tmp_path, encoders):
    source = trained(encoders["bert"], tmp_path / "full", "tagging", ["A", "B"])
    words = [line.replace(".", " .").split() for line in TEXT["de"]]
    examples = [TaggedSentence(str(i), own, None) for i, own in enumerate(words)]
    out = trimmed(source, tmp_path / "out", {"de": [" ".join(own) for own in words]})
    both = []
    for folder in (source, out):
        model, _, labels = load_task_model(FAMILY, FAMILY.load(folder / ENCODER), folder)
        made = model.eval().head.features(examples, labels, encoding_of(model.network.tokenizer, 128, 16))
        both.append(model.outputs(pad(made, model.network.tokenizer.pad_token_id)))
    for before, after in zip(*both, strict=True):
        assert torch.equal(torch.as_tensor(before), torch.as_tensor(after))


def test_what_was_done_is_told_with_its_figures(encoders, tmp_path):
    out = trimmed(trained(encoders["xlm-roberta"], tmp_path / "full"), tmp_path / "out", KEPT)
    (told,) = read_running(out).changes
    assert told["change"] == "vocabulary"
    assert told["languages"] == ["de", "zh"]
    assert told["pieces"][0] == len(load_tokenizer(encoders["xlm-roberta"]))
    assert set(told["as_before"]) == {"de", "zh"}
    assert (out / "head.safetensors").read_bytes() == (tmp_path / "full/head.safetensors").read_bytes()


def test_what_to_expect_of_new_text_is_measured_on_sentences_that_chose_nothing(pieces_folder):
    state = load_tokenizer(pieces_folder).backend_tokenizer.to_str()
    same = held_back(state, {"en": ["a b", "a", "b", "жЖ ∑", "c", "Paris"] * 2, "de": ["a"]}, "seen")
    assert same == {"en": 2 / 3, "de": None}


def test_a_language_without_text_is_named_with_those_at_hand(encoders, tmp_path):
    source = trained(encoders["bert"], tmp_path / "full")
    with pytest.raises(UserError, match=r"no text in 'th' .*at hand: de\)"):
        trimmed(source, tmp_path / "a", {"de": TEXT["de"], "th": ["", " "]})
    with pytest.raises(UserError, match=r"no text in 'zz'.*at hand: de, zh\)"):
        trimmed(source, tmp_path / "b", KEPT, languages=["de", "zz"])
    with pytest.raises(UserError, match="expected sentences in one language at least"):
        trimmed(source, tmp_path / "c", {})


def test_a_vocabulary_too_small_for_the_labels_is_refused(encoders, tmp_path):
    source = trained(encoders["bert"], tmp_path / "full")
    with pytest.raises(UserError, match=r"in ru leaves 0 pieces.*knows none of its characters"):
        trimmed(source, tmp_path / "a", {"ru": ["жЖ", "Щ"]})
    with pytest.raises(UserError, match=r"in en leaves 2 pieces .*too few to tell the head's 3 labels apart"):
        trimmed(source, tmp_path / "b", {"en": ["a"]})
    assert not (tmp_path / "b" / ENCODER).exists()


def test_an_exported_model_and_updates_of_embeddings_are_refused(encoders, tmp_path):
    source = trained(encoders["bert"], tmp_path / "full")
    (source / "adapter").mkdir()
    save_file({"base_model.lora_embedding_A": torch.zeros(1)}, source / "adapter/adapter_model.safetensors")
    with pytest.raises(UserError, match=r"low-rank updates of the embeddings; merge them"):
        trimmed(source, tmp_path / "a", KEPT)
    (source / ONNX).mkdir()
    with pytest.raises(UserError, match="trim its vocabulary before it is exported"):
        trimmed(source, tmp_path / "b", KEPT)


def test_a_piece_without_a_row_is_refused(encoders, tmp_path, pieces_folder):
    small = write_encoder(settings_of("xlm-roberta", vocab_size=50), pieces_folder, tmp_path / "small")
    with pytest.raises(UserError, match=r"has 50 rows, and the tokenizer a piece numbered \d+"):
        trim_encoder(small, tmp_path / "out", KEPT)


def logits_of(folder, examples):
    """Return what the head says of every sub-word, or window, of examples."""
    model, _, labels = load_task_model(FAMILY, FAMILY.load(folder / ENCODER), folder)
    made = model.eval().head.features(examples, labels, encoding_of(model.network.tokenizer, 96, 16))
    found = []
    for i in range(0, len(made), 64):
        batch = pad(made[i : i + 64], model.network.tokenizer.pad_token_id)
        with torch.no_grad():
            logits = model.head.logits(model.module, model.network.hidden(model.body, batch))
        found.append(logits[batch.mask.bool()] if logits.dim() == 3 else logits)
    return torch.cat(found)


@pytest.mark.parametrize("name", ["pawsx", "udpos"])
def test_a_fine_tuned_model_says_of_every_test_example_of_kept_languages_what_it_said_before(name, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    task = load_task(name)
    examples = {language: world_examples(task, language, "test") for language in ("en", "near", "scr")}
    source = fine_tuned(ENCODERS["world-small"], tmp_path / "full", task, world_examples(task, "en", "dev"))
    kept = {language: list(all_texts(examples[language])) for language in ("en", "near")}
    out = trimmed(source, tmp_path / "out", kept)
    for language in kept:
        assert len(examples[language]) >= 400
        torch.testing.assert_close(
            logits_of(out, examples[language]), logits_of(source, examples[language]), atol=1e-5, rtol=0
        )
    assert logits_of(out, examples["scr"][:50]).isfinite().all()
    (told,) = read_running(out).changes
    assert told["pieces"][1] < 0.5 * told["pieces"][0]
    assert min(told["as_before"].values()) > 0.5

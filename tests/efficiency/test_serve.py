"""A server at work: what it answers is what is predicted elsewhere, one example at a time and many at once."""

from __future__ import annotations

import pytest
import torch
from tiny_networks import TEXT, encoding_of, still, write_encoder

from isthmus.compute.device import micro_tokens
from isthmus.efficiency.serve import Server, served_tokens
from isthmus.evaluation.predict import predict
from isthmus.models.family import load_family
from isthmus.models.feature import pad
from isthmus.models.network import load_network
from isthmus.models.precision import to_bf16, to_int8
from isthmus.models.running import load_running
from isthmus.models.trained import new_task_model, save_task_model
from isthmus.sources.example import Choice, OpenQuestion, Question, TaggedSentence, TextPair

LINES = [line for own in TEXT.values() for line in own]
LONG = " ".join(LINES[:4])  # several windows of the encodings below
LABELS = {"classification": ("a", "b", "c"), "tagging": ("A", "B", "O"), "span": (), "span_or_none": (), "choice": ()}
CPU = torch.device("cpu")


def examples_of(kind):
    """One example a line and a last one that is longer than a window."""
    lines = [*LINES, LONG]
    match kind:
        case "classification":
            return [TextPair(str(i), line, lines[-i] if i % 2 else None, None) for i, line in enumerate(lines)]
        case "tagging":
            return [TaggedSentence(str(i), tuple(line.split()), None) for i, line in enumerate(lines)]
        case "choice":
            return [Choice(str(i), line, None, tuple(LINES[i % 3 : i % 3 + 3]), None) for i, line in enumerate(lines)]
    form = OpenQuestion if kind == "span_or_none" else Question
    return [form(str(i), LINES[i % 5], line, None) for i, line in enumerate(lines)]


@pytest.fixture(scope="module")
def models(still_encoder):
    """{kind: a model of random weights whose answers differ from example to example}."""
    found = {}
    for kind, labels in LABELS.items():
        found[kind] = new_task_model(load_family("encoder"), still_encoder, kind, labels, 1).eval()
        for name, own in found[kind].module.named_parameters():
            if "bias" not in name:
                own.data.mul_(20)
    server = server_of(found["classification"], "classification")
    texts = pad(server.features(examples_of("classification")), server.encoding.tokenizer.pad_token_id)
    with torch.no_grad():  # no class is the favourite of all
        logits = server.model.module(server.model.network.hidden(server.model.body, texts))
        server.model.module.out.bias -= logits.mean(0)
    return found


def server_of(model, kind, precision="fp32"):
    return Server(model, LABELS[kind], encoding_of(model.network.tokenizer), precision)


def predicted(server, examples):
    return predict(server.model, examples, server.labels, server.encoding, server.precision, lambda *_: None)


@pytest.mark.parametrize("kind", LABELS)
def test_many_at_once_and_one_at_a_time_are_answered_as_they_are_predicted(models, kind):
    examples, server = examples_of(kind), server_of(models[kind], kind)
    expected = predicted(server, examples)
    assert server.quick is not None, "this encoder has a quick form"
    if kind == "span_or_none":  # of which one part is a number
        for found in (server.answers(examples), [server.answer(example) for example in examples]):
            assert [own["text"] for own in found] == [own["text"] for own in expected]
            assert [own["null"] for own in found] == pytest.approx([own["null"] for own in expected], abs=1e-4)
        return
    assert server.answers(examples) == expected
    assert [server.answer(example) for example in examples] == expected
    assert len(set(map(str, expected))) > 1, "else any answer would do"


@pytest.mark.parametrize("kind", ["classification", "tagging"])
def test_what_is_asked_for_in_bf16_is_near_what_is_predicted_in_it(models, kind):
    server, examples = server_of(models[kind], kind, "bf16"), examples_of(kind)
    features = server.features(examples)
    before = {name: own.clone() for name, own in models[kind].state_dict().items()}
    for found, expected in zip(server.answers(examples), predicted(server, examples), strict=True):
        agreed = [a == b for a, b in zip(found, expected, strict=True)] if kind == "tagging" else [found == expected]
        assert sum(agreed) >= len(agreed) - 2
    assert server.quick is not None
    assert server.quick.numbers == torch.bfloat16
    assert len(features) > len(examples), "one example has several windows"
    assert all(torch.equal(own, before[name]) for name, own in models[kind].state_dict().items()), "nothing was rounded"


@pytest.mark.parametrize("change", [to_bf16, to_int8])
def test_a_model_made_for_a_precision_answers_in_it(still_encoder, change):
    model = new_task_model(load_family("encoder"), still_encoder, "classification", LABELS["classification"], 1).eval()
    change(model)
    server, examples = server_of(model, "classification"), examples_of("classification")
    assert server.autocast_precision == "fp32"
    expected = predicted(server, examples)
    assert sum(a != b for a, b in zip(server.answers(examples), expected, strict=True)) <= 1
    assert sum(server.answer(a) != b for a, b in zip(examples, expected, strict=True)) <= 1


def test_a_network_without_a_quick_form_is_served_as_it_is(pieces_folder, tmp_path):
    network = load_network(write_encoder(still("roberta-prelayernorm"), pieces_folder, tmp_path))
    model = new_task_model(load_family("encoder"), network.folder, "classification", LABELS["classification"], 1).eval()
    server, examples = server_of(model, "classification"), examples_of("classification")
    assert server.quick is None
    assert server.answers(examples) == predicted(server, examples)


def test_an_answer_is_computed_in_one_mode_and_nothing_is_left_of_it(models, monkeypatch):
    server, modes = server_of(models["classification"], "classification"), []
    hidden = server.model.network.hidden

    def watched(body, batch):
        modes.append((torch.is_inference_mode_enabled(), torch.is_grad_enabled(), torch.is_autocast_enabled("cpu")))
        return hidden(body, batch)

    monkeypatch.setattr(server.model.network, "hidden", watched)
    examples = examples_of("classification")
    assert server.answers(examples) == [server.answer(example) for example in examples]
    assert len(modes) > len(examples)
    assert set(modes) == {(True, False, False)}
    assert not torch.is_inference_mode_enabled()


def test_batches_of_many_are_of_a_size_and_one_example_is_one_batch(models, monkeypatch):
    server = server_of(models["classification"], "classification")
    sizes, hidden = [], server.model.network.hidden
    monkeypatch.setattr(
        server.model.network, "hidden", lambda body, batch: sizes.append(batch.ids.shape) or hidden(body, batch)
    )
    monkeypatch.setattr(Server, "batch_tokens", 256)
    server.answers(examples_of("classification") * 5)
    assert len(sizes) > 1
    assert max(rows * width for rows, width in sizes) <= 256
    sizes.clear()
    long = TextPair("0", " ".join([LONG] * 8), None, None)
    assert len(server.features([long])) * server.encoding.max_length > 256
    server.answer(long)
    assert len(sizes) == 1


def test_the_wider_a_network_the_fewer_sub_words_go_through_it_at_once():
    sizes = [served_tokens(CPU, hidden) for hidden in (16, 128, 384, 768, 1024, 4096)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == micro_tokens(CPU)
    assert sizes[-1] == sizes[-2] > 0
    assert served_tokens(torch.device("cuda"), 128) == served_tokens(torch.device("cuda"), 1024)


def test_a_trained_directory_is_served_as_a_model_in_memory_is(models, tmp_path):
    save_task_model(models["tagging"], tmp_path, "tagging", LABELS["tagging"])
    model, labels = load_running(load_family("encoder"), tmp_path, tmp_path, CPU)
    served = Server(model, labels, encoding_of(model.network.tokenizer), "fp32").answers(examples_of("tagging"))
    assert served == server_of(models["tagging"], "tagging").answers(examples_of("tagging"))

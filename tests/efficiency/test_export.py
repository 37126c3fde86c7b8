"""Exported folders: they answer as the checkpoint does, or they are not written."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from models_to_export import LABELS, TASKS, answered, asked_for, checkpoint, read, reader_of
from safetensors.torch import load_file
from tiny_networks import still, write_encoder
from transformers import AutoModel, AutoTokenizer

from isthmus.core.errors import SetupError, UserError
from isthmus.efficiency import export as module
from isthmus.efficiency.export import export
from isthmus.models.variant import Running, write_running
from isthmus.tasks.task import load_task

SINGLE = pytest.mark.parametrize("batch", [1, 7])


def quiet(*_):
    """Show nothing of how far it is."""


@pytest.fixture(scope="module")
def models(tmp_path_factory, pieces_folder, wordpiece_folder):
    """{kind: checkpoint} of one layer: pairs on BERT, with token types, answers with positions that begin anew."""
    root = tmp_path_factory.mktemp("models")
    plain = write_encoder(still(num_hidden_layers=1), pieces_folder, root / "plain")
    typed = write_encoder(still("bert", num_hidden_layers=1), wordpiece_folder, root / "typed")
    anew = write_encoder(still(num_hidden_layers=1, segment_positions=True), pieces_folder, root / "anew")
    encoders = {"classification": typed, "tagging": plain, "span": anew, "choice": plain}
    return {kind: checkpoint(kind, encoder, root / kind) for kind, encoder in encoders.items()}


@pytest.fixture(scope="module")
def exports(models, tmp_path_factory):
    """A function that exports a model of ``models`` for English and German, once: (what was asked, result, folder)."""
    done = {}

    def exported(name):
        if name not in done:
            asked, out = asked_for(name, models[name]), tmp_path_factory.mktemp("exports") / name
            done[name] = asked, export(asked, out, quiet), out
        return done[name]

    return exported


@SINGLE
@pytest.mark.parametrize("kind", TASKS)
def test_the_folder_answers_every_example_as_isthmus_does(exports, kind, batch):
    asked, result, folder = exports(kind)
    assert result.written == folder
    for examples in asked.examples.values():
        expected = answered(asked.folder, examples)
        assert read(folder, examples, batch=batch) == expected
        assert len({str(one) for one in expected}) > 1  # or anything would be equal
    assert {language: (one.loss, one.same) for language, one in result.languages.items()} == {"en": (0, 1), "de": (0, 1)}


@pytest.mark.parametrize("kind", ["classification", "tagging", "span"])
def test_an_example_longer_than_a_window_is_read_in_several(exports, kind):
    asked, _, folder = exports(kind)
    model = reader_of(folder)
    rows = []
    run = model._logits
    model._logits = lambda windows, batch: rows.append(len(windows)) or run(windows, batch)
    examples = asked.examples["en"]
    read_ = model.predict([module.asked_of(one) for one in examples])
    assert sum(rows) > len(examples)
    assert read_ == answered(asked.folder, examples)


@pytest.mark.parametrize(
    ("kind", "form", "answers"),
    [
        ("classification", lambda text: {"first": text}, LABELS["classification"]),
        ("classification", lambda text: {"first": text, "second": text}, LABELS["classification"]),
        ("choice", lambda text: {"context": text, "endings": [text, text]}, (0, 1)),
    ],
)
@pytest.mark.parametrize("text", ["", " ", "ᚠᚢᚦ", "北京", "🙂" * 200, "</s> <pad>", "\x00\ufeff"])
def test_text_outside_the_vocabulary_gets_an_answer(exports, kind, form, answers, text):
    assert reader_of(exports(kind)[2]).predict([form(text)])[0] in answers


@pytest.mark.parametrize("text", ["", " ", "ᚠᚢᚦ", "北京", "🙂" * 200, "</s> <pad>", "\x00\ufeff"])
def test_every_word_outside_the_vocabulary_gets_a_tag_and_every_question_a_piece_of_the_text(exports, text):
    tags = reader_of(exports("tagging")[2]).predict([{"words": ["Paris", text, text]}, {"words": []}])
    assert [len(own) for own in tags] == [3, 0]
    assert set(tags[0]) <= set(LABELS["tagging"])
    assert reader_of(exports("span")[2]).predict([{"question": text, "context": text}])[0] in text


def test_no_examples_have_no_answers(exports):
    assert [reader_of(exports(kind)[2]).predict([]) for kind in TASKS] == [[], [], [], []]


@pytest.mark.parametrize(
    ("kind", "wrong", "named"),
    [
        ("classification", {"second": "b"}, "first"),
        ("classification", "a text", "first"),
        ("classification", {"first": "a", "second": 5}, "second a text"),
        ("tagging", {"words": "not a list"}, "words"),
        ("tagging", {"words": ["a", None]}, "words a list of texts"),
        ("span", {"question": "Who?"}, "context"),
        ("choice", {"context": "a", "endings": []}, "endings"),
    ],
)
def test_an_example_of_another_form_is_refused_by_its_number(exports, kind, wrong, named):
    model = reader_of(exports(kind)[2])
    with pytest.raises(ValueError, match=f"example 0: expected .*{named}"):
        model.predict([wrong])


def test_with_8_bits_the_folder_is_smaller_and_its_own_answers_are_what_was_scored(models, exports, tmp_path):
    asked = replace(asked_for("classification", models["classification"], count=12), int8=True, max_loss=100.0)
    result = export(asked, tmp_path / "small", quiet)
    assert result.bytes_after < exports("classification")[1].bytes_after
    assert [change["change"] for change in result.changes] == ["vocabulary", "onnx", "int8"]
    for language, examples in asked.examples.items():
        right = [label == one.label for label, one in zip(read(tmp_path / "small", examples), examples, strict=True)]
        assert result.languages[language].after == pytest.approx(100 * sum(right) / len(right))


def test_the_vocabulary_is_that_of_the_languages_alone(exports):
    _, result, folder = exports("classification")
    pieces = json.loads((folder / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    before, after = result.changes[0]["pieces"]
    assert (len(pieces), after < before) == (after, True)
    assert not any("北" in piece for piece in pieces)


def test_a_language_that_loses_too_much_is_told_and_nothing_is_written(models, tmp_path):
    asked = replace(asked_for("span", models["span"]), texts={"en": ["a b c"], "de": ["a"]}, onnx=False)
    result = export(asked, tmp_path / "deep/small", quiet)
    assert (result.written, set(result.too_much)) == (None, {"en", "de"})
    assert all(one.loss > 1 for one in result.languages.values())
    assert list(tmp_path.iterdir()) == []
    assert export(replace(asked, max_loss=100.0), tmp_path / "deep/small", quiet).written == tmp_path / "deep/small"


def test_an_export_that_is_interrupted_leaves_nothing(models, tmp_path):
    def interrupt(what, *_):
        if what == "scoring the folder":
            assert [one.name[:6] for one in tmp_path.iterdir()] == [".small"]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(replace(asked_for("tagging", models["tagging"]), onnx=False), tmp_path / "small", interrupt)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_for_torch_is_loaded_by_transformers_and_has_the_weights_of_the_head(models, tmp_path):
    asked = replace(asked_for("tagging", models["tagging"], count=4), onnx=False)
    assert export(asked, tmp_path / "small", quiet).written
    pieces = AutoTokenizer.from_pretrained(tmp_path / "small")
    assert AutoModel.from_pretrained(tmp_path / "small").get_input_embeddings().num_embeddings == len(pieces)
    head = load_file(tmp_path / "small/head.safetensors")
    assert {name: tuple(own.shape) for name, own in head.items()} == {"out.weight": (3, 16), "out.bias": (3,)}
    assert not (tmp_path / "small/predict.py").exists()


def test_of_a_mix_the_head_that_was_asked_for_is_exported(models, tmp_path):
    folder = models["choice"]
    other = checkpoint("classification", folder / "encoder", tmp_path / "other", seed=5)
    asked = asked_for("classification", folder, head=other, count=12, onnx=False)
    result = export(asked, tmp_path / "small", quiet)
    assert {one.same for one in result.languages.values()} == {1}
    assert json.loads((tmp_path / "small/head.json").read_text("utf-8"))["kind"] == "classification"


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"task": load_task("mewslix")}, UserError, "mewslix is a task of kind ranking"),
        ({"task": load_task("tatoeba")}, UserError, "expected one of classification, tagging, span, choice"),
        ({"examples": {"en": []}}, UserError, "xnli has no sentences in 'en'"),
        ({"max_loss": -1.0}, SetupError, "--max-loss: found -1"),
        ({"max_loss": float("nan")}, SetupError, "--max-loss: found nan"),
        ({"onnx": False, "int8": True}, SetupError, "--int8 goes with --onnx"),
    ],
)
def test_what_cannot_be_exported_is_refused_before_any_work(models, tmp_path, changes, error, message):
    asked = asked_for("classification", models["classification"], count=1)
    with pytest.raises(error, match=message):
        export(replace(asked, **changes), tmp_path / "small", None)
    assert list(tmp_path.iterdir()) == []


def test_examples_without_labels_show_no_loss_and_are_refused(models, tmp_path):
    asked = asked_for("classification", models["classification"], count=3)
    stripped = [replace(asked.examples["de"][0], label=None), *asked.examples["de"][1:]]
    with pytest.raises(UserError, match="1 of 3 test examples of xnli in 'de' have no labels"):
        export(replace(asked, examples={**asked.examples, "de": stripped}), tmp_path / "small", None)


@pytest.mark.parametrize("name", ["onnx", "onnxruntime", "onnxscript"])
def test_a_missing_package_is_named_with_its_extra(models, tmp_path, monkeypatch, name):
    found = module.find_spec
    monkeypatch.setattr(module, "find_spec", lambda asked: None if asked == name else found(asked))
    asked = asked_for("classification", models["classification"], count=1)
    with pytest.raises(SetupError, match=rf"pip install 'isthmus\[onnx\]' \(no module named '{name}'\)"):
        export(asked, tmp_path / "small", None)
    assert export(replace(asked, onnx=False), tmp_path / "small", quiet).written


@pytest.mark.parametrize("running", [Running("onnx"), Running(precision="int8"), Running(exit=0.9)])
def test_a_variant_that_is_run_otherwise_is_refused(models, tmp_path, running):
    (tmp_path / "made").mkdir()
    write_running(tmp_path / "made", running)
    asked = asked_for("classification", models["classification"], count=1)
    with pytest.raises(UserError, match="tiny is a variant already"):
        export(replace(asked, folder=tmp_path / "made"), tmp_path / "small", None)


def test_languages_that_the_vocabulary_was_trimmed_without_are_refused(models, tmp_path):
    asked = asked_for("classification", models["classification"], count=1)
    (tmp_path / "made").mkdir()
    write_running(tmp_path / "made", Running(changes=({"change": "vocabulary", "languages": ["en", "fr"]},)))
    with pytest.raises(UserError, match="vocabulary trimmed to en, fr, so none for de; export the model it was made of"):
        export(replace(asked, folder=tmp_path / "made"), tmp_path / "small", None)


def test_windows_are_no_longer_than_the_network_has_positions_for(models, tmp_path):
    asked = replace(asked_for("classification", models["classification"], count=2), max_length=4096, onnx=False)
    export(asked, tmp_path / "small", quiet)
    assert json.loads((tmp_path / "small/labels.json").read_text("utf-8"))["max_length"] == 128


def test_the_number_of_threads_is_as_before(models, tmp_path):
    import torch

    before = torch.get_num_threads()
    export(
        replace(asked_for("choice", models["choice"], count=2), threads=before + 1, onnx=False), tmp_path / "small", quiet
    )
    assert torch.get_num_threads() == before

"""Where the encoder comes from: a model's directory, a configuration, text to pretrain on; what they lack is named."""

from __future__ import annotations

import json

import pytest
from sketches import NETWORK, PRETRAINING, plan, with_text

from isthmus.core.errors import StudyError


@pytest.fixture
def model_folder(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(NETWORK | {"vocab_size": 30}))
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "tokenizer.json").write_text(json.dumps({"model": {"vocab": [["a", -1.0], ["b", -2.0], ["c", -3.0]]}}))
    (folder / "README.md").write_text("no part of the model")
    return folder


def origin(**model):
    return next(iter(plan(model=model)))


def test_a_directory_is_known_by_the_content_of_what_is_loaded_from_it_not_by_its_path(model_folder):
    here = origin(path=str(model_folder))
    (model_folder / "README.md").write_text("other words")
    moved = model_folder.rename(model_folder.with_name("moved"))
    assert origin(path=str(moved)).id == here.id
    (moved / "model.safetensors").write_bytes(b"other weights")
    assert origin(path=str(moved)).id != here.id


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[]"])
def test_a_directory_whose_configuration_is_no_json_object_is_refused(content, model_folder):
    (model_folder / "config.json").write_bytes(content)
    with pytest.raises(StudyError, match=r"config\.json") as caught:
        origin(path=str(model_folder))
    assert caught.value.key == "model.path"


def test_a_directory_without_a_configuration_is_refused(model_folder):
    (model_folder / "config.json").unlink()
    with pytest.raises(StudyError, match=r"has no config\.json; expected a Hugging Face model directory") as caught:
        origin(path=str(model_folder))
    assert caught.value.key == "model.path"


def test_random_weights_are_known_by_the_network_and_the_content_of_the_tokenizer(model_folder):
    def asked(**network):
        return origin(config=NETWORK | network, tokenizer=str(model_folder))

    first = asked()
    assert asked(hidden_size=20).id != first.id
    (model_folder / "tokenizer.json").write_text(json.dumps({"model": {"vocab": {"a": 0}}}))
    assert asked().id != first.id


def test_a_directory_without_a_fast_tokenizer_is_refused(model_folder):
    (model_folder / "tokenizer.json").unlink()
    with pytest.raises(StudyError, match=r"has no tokenizer\.json; expected a fast tokenizer's directory") as caught:
        origin(config=NETWORK, tokenizer=str(model_folder))
    assert caught.value.key == "model.tokenizer"


def test_a_tokenizer_that_is_no_json_is_refused(model_folder):
    (model_folder / "tokenizer.json").write_bytes(b"\0\1")
    with pytest.raises(StudyError, match=r"tokenizer\.json") as caught:
        origin(config=NETWORK, tokenizer=str(model_folder))
    assert caught.value.key == "model.tokenizer"


def test_text_that_is_not_there_is_named_with_the_nearest_file(tmp_path):
    with pytest.raises(StudyError, match=r"holds no 'sv.txt', did you mean 'sw.txt'") as caught:
        with_text(tmp_path, text=PRETRAINING["text"] | {"sv": ["text/sv.txt"]})
    assert caught.value.key == "model.pretrain.text.sv"


def test_the_pretraining_comes_after_its_tokenizer_and_both_name_the_text_by_digest(tmp_path):
    steps = list(with_text(tmp_path))
    tokenizer, pretraining = steps[:2]
    assert (tokenizer.kind, pretraining.kind, pretraining.inputs) == ("tokenizer", "pretrain", {"tokenizer": tokenizer.id})
    assert tokenizer.settings["text"] == pretraining.settings["text"]
    assert all(len(digest) == 64 for digest in tokenizer.settings["text"].values())
    assert pretraining.places["text"] == PRETRAINING["text"]


def test_a_folder_of_text_is_the_same_pretraining_as_its_files_named_one_by_one(tmp_path):
    named = with_text(tmp_path)
    keys = {key: value for key, value in PRETRAINING.items() if key != "text"}
    folder = plan(
        model={"pretrain": keys | {"folder": "text"}}, data=str(tmp_path), arms={"none": []}, baselines=["untrained"]
    )
    kinds = ("tokenizer", "pretrain")
    assert [s.id for s in folder if s.kind in kinds] == [s.id for s in named if s.kind in kinds]


def test_keys_younger_than_the_first_stored_encoders_change_no_id_until_they_are_used(tmp_path):
    made = [step.id for step in with_text(tmp_path)][:2]
    # Written down when none of these keys was known.
    assert [id_[:16] for id_ in made] == ["9d26339c8a9df1ae", "a61813bc24cfba7a"]
    unused = {"shares": {}, "pairs": 0.0, "pairs_from": 0.0, "contrast": 0.0, "weights": "fp32"}
    assert [step.id for step in with_text(tmp_path, **unused)][:2] == made
    later = {"pairs": 0.5, "pairs_from": 0.5}
    for changes in ({"shares": {"de": 0.5}}, {"pairs": 0.5}, later, {"contrast": 0.5}, {"weights": "fp16"}):
        other = [step.id for step in with_text(tmp_path, **changes)][:2]
        assert other[0] == made[0]
        assert other[1] not in made
        made.append(other[1])


def test_the_first_algorithm_of_tokenizers_has_the_ids_it_had_before_there_was_a_second(tmp_path):
    def of(**keys):
        return [step.id for step in with_text(tmp_path, tokenizer={"vocab_size": 100, **keys})][:2]

    assert of() == of(algorithm="unigram") == [step.id for step in with_text(tmp_path)][:2]
    assert not set(of()) & set(of(algorithm="bpe"))


def test_a_share_of_a_language_that_the_folder_lacks_is_refused(tmp_path):
    with_text(tmp_path)
    keys = {key: value for key, value in PRETRAINING.items() if key != "text"} | {"folder": "text", "shares": {"dee": 0.2}}
    with pytest.raises(StudyError, match="no text in 'dee'; did you mean 'de'") as caught:
        plan(model={"pretrain": keys}, data=str(tmp_path), arms={"none": []})
    assert caught.value.key == "model.pretrain.shares"


@pytest.mark.parametrize(("folder", "what"), [("texts", "did you mean 'text'"), ("other", "no file of the pivot 'en'")])
def test_a_folder_of_text_that_will_not_do_is_refused(folder, what, tmp_path):
    with_text(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "de.txt").write_text("eine Zeile\n")
    keys = {key: value for key, value in PRETRAINING.items() if key != "text"}
    for changes in ({"tlm": 0.3}, {"tlm": 0.0, "contrast": 0.3}):
        with pytest.raises(StudyError, match=what) as caught:
            plan(model={"pretrain": keys | changes | {"folder": folder}}, data=str(tmp_path), arms={"none": []})
        assert caught.value.key == "model.pretrain.folder"

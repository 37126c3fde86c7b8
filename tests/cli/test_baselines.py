"""`isthmus baselines` from end to end, on the data of the demonstration and on a small study."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from random import Random

import pytest
import yaml

sys.path.append(str(Path(__file__).parents[1] / "end_to_end"))

from small_world import small_spec, write_world

DEMO = Path(__file__).parents[2] / "studies" / "demo-data"


@pytest.fixture
def demo(tmp_path, monkeypatch) -> list[str]:
    """The options that name the data of the demonstration; the current directory, the store and the cache are new."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("ISTHMUS_STORE", raising=False)
    monkeypatch.delenv("ISTHMUS_DATA", raising=False)
    return ["--data", str(DEMO)]


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> str:
    """A directory with an encoder, never trained, and a tokenizer of some letters."""
    from transformers import AutoModel, BertConfig

    from isthmus.models.tokenizer import save_tokenizer, train_tokenizer

    folder = tmp_path_factory.mktemp("model")
    text = {"en": (DEMO / "text" / "en.txt").read_text("utf-8").splitlines()}
    tokenizer = train_tokenizer(text, 120, 0.5, False, Random(0))
    save_tokenizer(tokenizer, folder)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=140,
    )
    AutoModel.from_config(config).save_pretrained(folder)
    return str(folder)


def test_a_task_is_a_table_of_its_baselines_in_every_language(isthmus, demo):
    told = isthmus("baselines", "udpos", *demo)
    assert told.exit_code == 0
    lines = {line.split()[0]: line for line in told.stdout.splitlines() if line.strip()}
    assert lines["udpos:"].startswith("udpos: f1 of the baselines")
    assert {"en", "de", "es", "zero-shot"} <= lines.keys()
    assert "◆" in lines["en"]
    assert "12 done" in told.stderr


def test_what_was_computed_is_kept_and_a_smaller_question_is_asked_of_new_steps(isthmus, demo):
    first = json.loads(isthmus("baselines", "udpos", *demo, "--json").stdout)
    again = json.loads(isthmus("baselines", "udpos", *demo, "--json").stdout)
    assert (first["counts"], again["counts"]) == ({"done": 12}, {"cached": 12})
    assert first["results"]["rows"] == again["results"]["rows"]
    fewer = json.loads(isthmus("baselines", "udpos", *demo, "--json", "--languages", "de", "--max-examples", "7").stdout)
    assert {(row["language"], row["n"]) for row in fewer["results"]["rows"]} == {("de", 7)}


def test_fewer_training_examples_are_learnt_from(isthmus, demo):
    def f1(*options):
        found = json.loads(isthmus("baselines", "udpos", *demo, "--json", *options).stdout)["results"]["rows"]
        return next(
            row["value"] for row in found if (row["arm"], row["language"], row["main"]) == ("baseline:lexicon", "en", True)
        )

    assert f1("--train-examples", "1") < f1("--train-examples", "10") <= f1()


def test_every_form_of_output_has_the_same_scores(isthmus, demo):
    rows = list(csv.DictReader(isthmus("baselines", "udpos", *demo, "--csv").stdout.splitlines()))
    lexicon = next(row for row in rows if (row["arm"], row["language"], row["metric"]) == ("baseline:lexicon", "de", "f1"))
    assert f"{float(lexicon['value']):.1f}◆" in isthmus("baselines", "udpos", *demo, "--markdown").stdout


def test_a_model_gives_its_sub_words_and_on_demand_its_network_with_random_weights(isthmus, demo, model):
    told = isthmus("baselines", "tatoeba", *demo, "--model", model, "--untrained", "--languages", "de")
    assert told.exit_code == 0, told.stderr
    assert "bag" in told.stdout
    assert "untrained" in told.stdout


def test_rules_that_need_sub_words_are_left_out_aloud_or_asked_for(isthmus, demo, tmp_path):
    data = write_world(tmp_path / "world")
    told = isthmus("baselines", "xnli", "--data", str(data))
    assert told.exit_code == 0
    assert "left out for want of sub-words: one_side, order, overlap; --model DIR" in told.stderr
    assert "majority" in told.stdout
    assert "overlap" not in told.stdout
    refused = isthmus("baselines", "tatoeba", *demo)
    assert refused.exit_code == 2
    assert "the baseline of tatoeba (bag) compares sub-words: --model DIR" in refused.stderr


def test_every_kind_of_task_has_its_baselines(isthmus, demo, model, tmp_path):
    data = write_world(tmp_path / "world")
    for task, names in (
        ("xnli", "majority one_side order overlap"),
        ("xquad", "one_side window"),
        ("panx", "lexicon majority"),
    ):
        found = json.loads(isthmus("baselines", task, "--data", str(data), "--model", model, "--json").stdout)
        assert {row["arm"].removeprefix("baseline:") for row in found["results"]["rows"]} == set(names.split())
        assert found["fine"]


def test_the_baselines_of_a_study_are_done_and_its_arms_are_not(isthmus, study):
    found = json.loads(isthmus("baselines", "study.yaml", "--json").stdout)
    assert {row["arm"] for row in found["results"]["rows"]} == {"baseline:majority"}
    assert found["counts"] == {"done": 4}
    shown = json.loads(isthmus("show", "study.yaml", "--json").stdout)
    assert [row for row in shown["rows"] if row["arm"] == "baseline:majority"] == found["results"]["rows"]


def test_a_study_that_names_none_has_its_rules_and_the_untrained_network_is_added_on_demand(isthmus, demo, tmp_path):
    spec = small_spec(write_world(tmp_path / "world"), targets=[{"task": "panx"}], seeds=[1])
    file = tmp_path / "mine.yaml"
    file.write_text(yaml.safe_dump({**spec, "languages": ["en"], "baselines": None}), "utf-8")
    arms = {row["arm"] for row in json.loads(isthmus("baselines", str(file), "--json").stdout)["results"]["rows"]}
    assert arms == {"baseline:lexicon", "baseline:majority"}
    found = json.loads(isthmus("baselines", str(file), "--json", "--untrained").stdout)
    assert {row["arm"] for row in found["results"]["rows"]} == arms | {"baseline:untrained"}
    file.write_text(yaml.safe_dump({**spec, "baselines": []}), "utf-8")
    told = isthmus("baselines", str(file))
    assert (told.exit_code, "has no baseline that serves one of its targets" in told.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("xnlo", "unknown task 'xnlo'; did you mean 'xnli'?"),
        ("mlm", "no baseline serves mlm, which is of kind mlm"),
        ("xnli", "the data hold no test or dev split of xnli in any language asked for"),
        ("udpos --languages en,dr", "no target has data in 'dr'; known: de, en, es"),
        ("udpos --languages en,,de", "--languages: found 'en,,de', expected codes with commas between"),
        ("udpos --untrained", "--untrained trains the network of a model: --model DIR names one"),
        ("udpos --model nowhere", "--model: found 'nowhere', expected a directory"),
        ("udpos --csv --json", "exclude each other"),
    ],
)
def test_what_cannot_be_done_is_said_in_the_words_of_the_command_line(isthmus, demo, arguments, message):
    told = isthmus("baselines", *arguments.split(), *demo)
    assert told.exit_code == 2
    assert message in told.stderr + told.stdout
    assert not Path(".isthmus").exists()


def test_data_must_be_named_by_an_option_or_the_environment(isthmus, demo, monkeypatch):
    told = isthmus("baselines", "udpos")
    assert (told.exit_code, "--data DIR" in told.stderr) == (2, True)
    monkeypatch.setenv("ISTHMUS_DATA", str(DEMO))
    assert isthmus("baselines", "udpos", "--languages", "en").exit_code == 0


@pytest.mark.parametrize("option", ["--data x", "--model x", "--languages en", "--train-examples 3", "--max-examples 3"])
def test_what_a_study_says_itself_cannot_be_said_again(isthmus, study, option):
    told = isthmus("baselines", "study.yaml", *option.split())
    assert told.exit_code == 2
    assert f"a study says this itself; leave {option.split()[0]} out" in told.stderr


def test_a_faulty_row_is_told_before_anything_is_computed(isthmus, study, tmp_path):
    (tmp_path / "data/udpos/test-de.tsv").write_text("Ana\tNOUN\textra\n", "utf-8")
    told = isthmus("baselines", "study.yaml")
    assert told.exit_code == 2
    assert "test-de.tsv:1:" in told.stderr

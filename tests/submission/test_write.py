"""From the store of a study to the official folder: every kind of prediction, read back, checked and scored."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from isthmus.core.errors import CorruptArtifact, SetupError
from isthmus.evaluation.predictions import write_predictions
from isthmus.plan.graph import Cell, Plan, in_order
from isthmus.plan.step import Step
from isthmus.sources.example import (
    Answer,
    Choice,
    MinedSentence,
    Question,
    Ranked,
    SentencePair,
    TaggedSentence,
    TextPair,
)
from isthmus.store.store import Store
from isthmus.submission.layout import VERSIONS
from isthmus.submission.score import score_submission
from isthmus.submission.validate import check_submission
from isthmus.submission.write import held_by, write_submission
from isthmus.tasks.task import load_kind, load_task

ENGLISH = {"en-1": "Stand.", "en-2": "Two banks.", "en-3": "A bridge."}
POOL = {f"Q{n}": (f"bank {n}", "") for n in range(1, 9)}
SENTENCES = {  # by task whose kind has labels of its own, or by kind
    "xnli": [TextPair(str(row), "a", "b", label) for row, label in enumerate(["neutral", "entailment"])],
    "pawsx": [TextPair(str(row), "a", "b", label) for row, label in enumerate("01")],
    "panx": [TaggedSentence("0", ("Ana", "stands"), ("B-PER", "O")), TaggedSentence("1", ("Oslo",), ("B-LOC",))],
    "udpos": [TaggedSentence("0", ("Ana", "stands"), ("PROPN", "VERB")), TaggedSentence("1", ("two",), ("NUM",))],
    "span": [Question(f"5ab{n}", "How many?", f"the “{n}” banks", (Answer(f"“{n}”", 4), Answer(str(n), 5))) for n in (1, 2)],
    "retrieval": [SentencePair(str(row), "q", "c", 2 - row) for row in range(3)],
    "choice": [Choice(str(row), "It rained.", "Why?", ("a", "b"), label) for row, label in enumerate([1, 0, 1])],
    "mining": [MinedSentence(f"de-{n}", "x", ENGLISH, match) for n, match in enumerate(["en-2", "", "en-3"])],
    "ranking": [Ranked(f"m{n}", "q", POOL, (f"Q{n}",)) for n in (3, 4)],
}
EVERY = sorted({task for version in VERSIONS.values() for task in version.languages})


def examples_of(task: str):
    return SENTENCES.get(task) or SENTENCES[load_task(task).kind]


@dataclass
class Held:
    """A source that has the examples above, and a store of predictions for some tasks in German and others."""

    store: Store
    examples: dict[str, list]
    plan: Plan = field(default_factory=lambda: Plan({}, ()))

    def read(self, files, language, split, labels=()):
        assert split == "test"
        return next(self.examples[task] for task in self.examples if load_task(task).files == files)

    def predict(self, task, language="de", predictions=None, limit=None, split="test", seed=1, kept=True):
        """Put predictions of a task into the store, right ones by default, and a cell into the plan."""
        examples = self.examples.setdefault(task, examples_of(task))[:limit]
        kind = load_kind(load_task(task).kind)
        right = [kind.perfect(kind.gold(example)) for example in examples]
        settings = {"max_examples": limit, "task": task, "language": language}
        step = Step("predict", settings, {}, f"{task}/{language}", places={})
        score = Step("score", settings, {"predictions": step.id}, f"{task}/{language}", places={})
        if kept:
            scratch = self.store.begin(step.id)
            ids = [example.id for example in examples]
            write_predictions(scratch.output / "predictions.jsonl", ids, right if predictions is None else predictions)
            self.store.commit(step.id, scratch, step.payload, step.name, {})
        cell = Cell("arm", seed, task, language, split, "f1", True, score.id)
        self.plan = Plan(in_order([*self.plan, step, score]), (*self.plan.cells, cell))

    def submit(self, folder: Path, version="xtreme", labels=True):
        """Write the submission and its labels."""
        held = held_by(self.plan, self.store, VERSIONS[version], "arm", None)
        gold = folder / "labels" if labels else None
        return write_submission(held, self.store, self, "data", folder / "predictions", gold)


@pytest.fixture
def study(tmp_path):
    store = Store(tmp_path / "store")
    store.prepare()
    return Held(store, {})


@pytest.mark.parametrize("task", EVERY)
def test_right_predictions_of_every_task_are_submitted_whole_and_score_100(task, study, tmp_path):
    version = next(version for version in VERSIONS if task in VERSIONS[version].languages)
    language = "de" if "de" in VERSIONS[version].languages[task] else VERSIONS[version].languages[task][0]
    study.predict(task, language)
    written = study.submit(tmp_path, version)
    assert (written.faults, written.unlabelled) == ([], [])
    assert written.files[0].parts[-3:-1] == ("predictions", task)
    checked = check_submission(tmp_path / "predictions", tmp_path / "labels", VERSIONS[version], partial=True)
    assert [str(fault) for fault in checked.faults] == []
    score = score_submission(checked).tasks[task]
    assert score.official.by_language == score.truest.by_language == {language: 100.0}


def test_where_a_score_chose_the_layer_its_predictions_are_handed_in(study, tmp_path):
    study.predict("tatoeba", predictions=[0, 0, 0])
    [cell] = study.plan.cells
    score = study.plan.steps[cell.step]
    chose = Step("score", {**score.settings, "chosen_on": "fr"}, score.inputs, score.name, places={})
    study.plan = Plan(in_order([*study.plan, chose]), (replace(cell, step=chose.id),))
    held = held_by(study.plan, study.store, VERSIONS["xtreme"], "arm", None)
    assert held.lacking["tatoeba", "de"] == "not computed yet"
    scratch = study.store.begin(chose.id)
    write_predictions(scratch.output / "predictions.jsonl", ["0", "1", "2"], [2, 1, 0])
    study.store.commit(chose.id, scratch, chose.payload, chose.name, {})
    study.submit(tmp_path)
    assert (tmp_path / "predictions/tatoeba/test-de.tsv").read_text("utf-8") == "2\n1\n0\n"


def test_files_have_the_official_forms(study, tmp_path):
    for task in ("xnli", "panx", "tatoeba", "bucc2018", "xquad"):
        study.predict(task)
    study.submit(tmp_path)

    def text(folder, task, suffix="tsv"):
        return (tmp_path / folder / task / f"test-de.{suffix}").read_text("utf-8")

    assert text("predictions", "xnli") == "neutral\nentailment\n"
    assert text("predictions", "panx") == text("labels", "panx") == "B-PER\nO\n\nB-LOC\n\n"
    assert text("predictions", "tatoeba") == "2\n1\n0\n"
    assert text("predictions", "bucc2018") == "de-0\ten-2\nde-2\ten-3\n"
    assert json.loads(text("predictions", "xquad", "json")) == {"5ab1": "“1”", "5ab2": "“2”"}
    [article] = json.loads(text("labels", "xquad", "json"))["data"]
    assert article["paragraphs"][1]["qas"][0]["answers"][1] == {"text": "2", "answer_start": 5}


def test_files_of_xtreme_r_have_their_forms(study, tmp_path):
    study.predict("xcopa", "sw")
    study.predict("lareqa", "de")
    study.submit(tmp_path, "xtreme-r")
    folder = tmp_path / "predictions"
    assert (folder / "xcopa/test-sw.jsonl").read_text("utf-8") == '{"label": 1}\n{"label": 0}\n{"label": 1}\n'
    assert json.loads((folder / "lareqa/test-de.json").read_text("utf-8")) == {"m3": ["Q3"], "m4": ["Q4"]}


def test_what_is_missing_is_said_with_its_reason(study):
    study.predict("xnli", "de")
    study.predict("xnli", "fr", kept=False)
    study.predict("xnli", "sw", split="dev")
    held = held_by(study.plan, study.store, VERSIONS["xtreme"], "arm", 1)
    assert list(held.steps) == [("xnli", "de")]
    reasons = held.missing["xnli"]
    assert (reasons["not computed yet"], reasons["judged on dev"]) == (["fr"], ["sw"])
    assert len(reasons["not in the study"]) == 12
    assert held.missing["pawsx"] == {"not in the study": ["de", "en", "es", "fr", "ja", "ko", "zh"]}


def test_lareqa_may_be_missing_since_the_official_script_cannot_read_it(study):
    study.predict("xnli")
    held = held_by(study.plan, study.store, VERSIONS["xtreme-r"], "arm", 1)
    assert "lareqa" not in held.missing
    assert "mewslix" in held.missing


def test_languages_that_a_version_does_not_have_are_left_out(study, tmp_path):
    study.predict("xquad", "ro")
    study.predict("xquad", "de")
    assert [file.name for file in study.submit(tmp_path).files] == ["test-de.json"]


@pytest.mark.parametrize(
    ("arm", "said"), [("amr", "no arm 'amr'; did you mean 'arm'"), ("arm", "one of those of 'arm': 1, 2")]
)
def test_an_arm_or_a_seed_that_is_not_there_is_an_error(arm, said, study):
    study.predict("xnli")
    study.predict("xnli", "fr", seed=2)
    with pytest.raises(SetupError, match=said):
        held_by(study.plan, study.store, VERSIONS["xtreme"], arm, None)


@pytest.mark.parametrize(("asked", "found"), [(None, "none was given"), (3, "found 3")])
def test_seeds_are_named_in_order_with_what_was_asked_for(asked, found, study):
    for language, seed in (("de", 1), ("fr", 10), ("en", 2)):
        study.predict("xnli", language, seed=seed)
    with pytest.raises(SetupError, match=f": 1, 2, 10; {found}$"):
        held_by(study.plan, study.store, VERSIONS["xtreme"], "arm", asked)


def test_an_arm_without_seeds_says_so(study):
    study.predict("xnli", seed=None)
    assert len(held_by(study.plan, study.store, VERSIONS["xtreme"], "arm", None).steps) == 1
    with pytest.raises(SetupError, match="'arm' has no seeds; found 1"):
        held_by(study.plan, study.store, VERSIONS["xtreme"], "arm", 1)


def test_predictions_for_the_first_examples_alone_are_a_fault_that_says_so(study, tmp_path):
    study.predict("xnli", limit=1)
    study.predict("xquad", limit=1)
    faults = study.submit(tmp_path, labels=False).faults
    assert [fault.sort for fault in faults] == ["cut-short", "cut-short"]
    assert "the first 1 of 2 examples alone (max_examples)" in str(faults[0])


def test_a_limit_that_cuts_nothing_is_no_fault(study, tmp_path):
    study.predict("xnli", limit=2)
    assert study.submit(tmp_path).faults == []


@pytest.mark.parametrize(
    ("task", "predictions", "said"),
    [
        ("panx", [["B-PER"], ["O"]], "sentence 1 has 1 tags, expected 2 as in data/panx"),
        ("panx", [["B-PER", "O"], ["B-DATE"]], "unknown tag 'B-DATE'; known: B-LOC, B-ORG"),
        ("xnli", ["neutral", "yes"], "unknown label 'yes'; known: contradiction, entailment, neutral"),
        ("tatoeba", [0, 1, 3], "there is no row 3, expected 0 to 2 as in data/tatoeba"),
        ("bucc2018", ["en-2", "en-4", ""], "data/bucc2018 has no id 'en-4'; did you mean 'en-"),
    ],
)
def test_predictions_that_do_not_fit_the_data_are_named(task, predictions, said, study, tmp_path):
    study.predict(task, predictions=predictions)
    [fault] = study.submit(tmp_path).faults
    assert said in fault.what


def test_gold_that_was_stripped_gives_no_labels_but_a_submission(study, tmp_path):
    study.predict("xnli")
    study.examples["xnli"] = [TextPair(e.id, e.first, e.second, None) for e in examples_of("xnli")]
    written = study.submit(tmp_path)
    assert (written.unlabelled, written.labels, written.faults) == ([("xnli", "de")], [], [])
    assert not (tmp_path / "labels").exists()


def test_nothing_is_written_into_a_folder_that_holds_something(study, tmp_path):
    study.predict("xnli")
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "old").touch()
    with pytest.raises(SetupError, match="labels is not empty, it holds old; name a new one"):
        study.submit(tmp_path)
    assert not (tmp_path / "predictions").exists()


def test_a_folder_that_is_a_file_is_an_error(study, tmp_path):
    study.predict("xnli")
    (tmp_path / "predictions").touch()
    with pytest.raises(SetupError, match="predictions cannot be written to"):
        study.submit(tmp_path)


def test_predictions_of_other_examples_are_never_handed_in(study, tmp_path):
    study.predict("xnli")
    study.examples["xnli"] = [TextPair(f"other-{e.id}", e.first, e.second, e.label) for e in examples_of("xnli")]
    with pytest.raises(CorruptArtifact, match="expected the id 'other-0'"):
        study.submit(tmp_path)

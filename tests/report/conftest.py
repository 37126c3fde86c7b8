"""A small study with known answers, its plan, and a store that its scores can be put into."""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parent))

from chromium import CHROMIUM, Browser
from timings import invented_measurements

from isthmus.cli.opened import Opened, open_study
from isthmus.evaluation.score import count_predictions, score_predictions
from isthmus.plan.graph import Cell, Plan, in_order
from isthmus.plan.step import Step
from isthmus.results.counts import write_counts
from isthmus.results.measured import FILE, write_measurements
from isthmus.results.row import Row
from isthmus.results.table import Summary, summarise
from isthmus.sources.directory import Directory
from isthmus.store.store import Store
from isthmus.tasks.task import load_kind, load_task

BASES = {"none": 30.0, "panx": 33.0, "baseline:majority": 27.0}
BONUS = {"en": 50.0, "de": 10.0, "sw": 0.0, "yo": -24.5}


def row(arm: str, seed: int | None, language: str, metric: str = "f1") -> Row:
    value = BASES[arm] + (seed or 0) + BONUS[language] + (5 if metric == "accuracy" else 0)
    if arm.startswith("baseline:"):
        value = BASES[arm]
    split = "dev" if language == "yo" else "test"
    return Row("s", arm, seed, "udpos", language, split, language != "en", metric, metric == "f1", value, 10, "x")


@pytest.fixture
def rows() -> list[Row]:
    """Two arms of two seeds and a baseline, in four languages, by two metrics."""
    runs = [("none", 1), ("none", 2), ("panx", 1), ("panx", 2), ("baseline:majority", None)]
    return [row(arm, seed, language, metric) for arm, seed in runs for language in BONUS for metric in ("f1", "accuracy")]


@pytest.fixture
def summary() -> Callable[..., Summary]:
    def build(rows: list[Row], planned: list[Row] | None = None) -> Summary:
        return summarise(rows, planned or rows, source="en", groups={"low": ["sw", "yo"]}, against="none")

    return build


@pytest.fixture
def store(tmp_path) -> Store:
    store = Store(tmp_path / "store")
    store.prepare()
    return store


@pytest.fixture
def plan_of() -> Callable[..., Plan]:
    def build(*places: tuple[str, int | None, str]) -> Plan:
        """Return a plan with one score step for each (arm, seed, language)."""
        steps = [Step("score", {"place": list(place)}, name=str(place)) for place in places]
        cells = (
            Cell(arm, seed, "udpos", language, "test", "f1", language != "en", step.id)
            for (arm, seed, language), step in zip(places, steps, strict=True)
        )
        return Plan(in_order(steps), tuple(cells))

    return build


@pytest.fixture
def put(store) -> Callable[..., None]:
    def commit(step: Step, **values: float) -> None:
        """Commit the scores of a step; without values its data had no labels."""
        scratch = store.begin(step.id)
        content = {"values": values, "main": "f1", "n": 10, "labelled": bool(values)}
        (scratch.output / "scores.json").write_text(json.dumps(content))
        store.commit(step.id, scratch, step.payload, step.name, {})

    return commit


INVENTED = """\
study: invented
question: Does English NLI or QA first lift zero-shot transfer?
data: data
model:
  pretrain:
    text: {en: [text/en.txt]}
    tokenizer: {vocab_size: 100}
    network: {model_type: bert, hidden_size: 16, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 32}
    seed: 1
    tokens: 1000
    batch_tokens: 100
    learning_rate: 0.001
seeds: SEEDS
arms: {none: [], nli: [{task: mnli, recipe: {steps: 3}}], qa: [{task: squad, recipe: {steps: 3}}]}
targets: [xnli, xquad, udpos, {task: tatoeba, layer: 1}]
source: en
languages: all
groups: {near: [de, nl]}
recipe: {learning_rate: 0.001, steps: 2, batch_tokens: 100}
baselines: [majority, untrained]
claims:
  - {text: NLI first helps NLI, source: a paper, arm: nli, target: xnli, expect: higher}
"""
VOCABULARY = [
    "river",
    "bridge",
    "old",
    "stone",
    "crosses",
    "finds",
    "letter",
    "market",
    "sailor",
    "red",
    "quiet",
    "garden",
    "wind",
]
LABELS, TAGS = ("contradiction", "entailment", "neutral"), ("NOUN", "VERB", "ADJ")
NASTY = "<script>document.title = 'hacked'</script>"
SKILL = {"xnli": 0.45, "xquad": 0.4, "udpos": 0.8, "tatoeba": 0.8, "mnli": 0.2, "squad": 0.2}
HELP = {("nli", "xnli"): 0.35, ("qa", "xquad"): 0.3, ("nli", "tatoeba"): -0.3, ("qa", "tatoeba"): -0.2}
HELP |= {("qa", "squad"): 0.5}  # whose dev set chooses the best arm on xquad
HELP |= {("nli@large", "xnli"): 0.35, ("qa@small", "xquad"): 0.3, ("qa@large", "xquad"): 0.3}
HELP |= {("mnli", "mnli"): 0.7, ("squad.mnli", "mnli"): 0.7, ("squad", "squad"): 0.6, ("mnli.squad", "squad"): 0.6}
DROP = {"shallow": 0.2, "int8": 0.05}  # of the skill, by variant
PROVENANCE = {
    "host": "workbench",
    "device": "cpu",
    "threads": 1,
    "versions": {"python": "3.12", "torch": "2.13"},
    "seconds": 1.5,
    "cpu_seconds": 1.0,
    "started": "2026-11-20T10:00:00+00:00",
    "finished": "2026-11-20T10:30:00+00:00",
}


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Opened]:
    """A function that plans a study on made data and fills its store: predictions are drawn with the skill of their arm."""

    def build(
        seeds: Sequence[int] = (1, 2, 3),
        languages: str = "en de nl fi ja",
        share: float = 1.0,
        study: str = INVENTED,
        added: str = "",
    ) -> Opened:
        folder = tmp_path_factory.mktemp("invented")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
            patch.setattr(os, "fsync", lambda _: None)  # what a crash would leave behind is no matter here
            _lay_out(folder / "data", languages.split(), random.Random(1))
            (folder / "study.yaml").write_text(study.replace("SEEDS", str(list(seeds))) + added, "utf-8")
            opened = open_study(folder / "study.yaml", folder / "store")
            opened.store.prepare()
            known: dict[str, Any] = {}
            for step in list(opened.plan)[: int(len(opened.plan) * share)]:
                scratch = opened.store.begin(step.id)
                _invent(step, scratch.output, known, Directory(folder / "data"))
                opened.store.commit(step.id, scratch, step.payload, step.name, PROVENANCE)
            return open_study(folder / "study.yaml", folder / "store")

    return build


def _lay_out(folder: Path, languages: Sequence[str], lot: random.Random) -> None:
    def words(number: int = 6) -> list[str]:
        return [lot.choice(VOCABULARY) for _ in range(number)]

    def pairs() -> str:
        rows = [f"{' '.join(words())}\t{' '.join(words())}\t{lot.choice(LABELS)}" for _ in range(30)]
        return "\n".join(f"{NASTY} {row}" for row in rows) + "\n"

    def tagged() -> str:
        return "".join("".join(f"{word}\t{lot.choice(TAGS)}\n" for word in words()) + "\n" for _ in range(30))

    def questions() -> str:
        def paragraph(i: int) -> dict[str, Any]:
            context = words(12)
            start = len(" ".join(context[:5])) + 1
            answer = {"text": context[5], "answer_start": start}
            return {
                "context": " ".join(context),
                "qas": [{"id": f"q{i}", "question": f"{context[0]}?", "answers": [answer]}],
            }

        return json.dumps({"version": "1.1", "data": [{"title": "", "paragraphs": [paragraph(i) for i in range(30)]}]})

    files = {"text/en.txt": "A bridge stands on two banks.\n", "squad/train-v1.1.json": questions()}
    files |= {"xnli/train-en.tsv": pairs(), "udpos/train-en.tsv": tagged()}
    for language in languages:
        files[f"xnli/test-{language}.tsv"] = pairs()
        files[f"xquad/xquad.{language}.json"] = questions()
        files[f"udpos/test-{language}.tsv"] = tagged()
        if language != "en":
            rows = [f"{' '.join(words())} {i}" for i in range(30)]
            files[f"tatoeba/{language}-en.{language}"] = "\n".join(rows) + "\n"
            files[f"tatoeba/{language}-en.en"] = "\n".join(row.upper() for row in rows) + "\n"
    files |= {"xnli/dev-en.tsv": pairs(), "squad/dev-v1.1.json": questions()}
    files |= {"udpos/train-de.tsv": tagged(), "text/news/en.txt": "The bridge is old.\n"}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def _invent(step: Step, output: Path, known: dict[str, Any], source: Directory) -> None:
    if step.kind in ("pretrain", "train"):
        collapses = ["the loss stayed at 1.10"] if step.name == "qa/seed 1/udpos" else []
        losses = [[i, 3.0 / i + 0.4] for i in range(1, 200)]
        record = {"steps": 200, "tokens": 5000, "losses": losses, "collapses": collapses, "heads": {}}
        (output / "training.json").write_text(json.dumps(record))
    elif step.kind in ("predict", "baseline"):
        data, arm = step.settings["data"], step.name.partition("/")[0]
        task = load_task(data["task"])
        examples = source.read(task.files, data["language"], data["split"], task.labels)
        gold = [load_kind(task.kind).gold(example) for example in examples]
        skill = 0.2 if arm.startswith("baseline") else SKILL[task.name] + HELP.get((arm, task.name), 0.0)
        skill -= DROP.get(step.name.split("/")[-3], 0.0)  # ARM/seed/task/variant/language/predict
        lot = random.Random(step.name)
        found = [_guess(task.kind, answer, lot, skill) for answer in gold]
        rows = [
            json.dumps({"id": example.id, "prediction": answer}) for example, answer in zip(examples, found, strict=True)
        ]
        (output / "predictions.jsonl").write_text("\n".join(rows) + "\n", "utf-8")
        known[step.id] = gold, found
    elif step.kind == "bench":
        write_measurements(output / FILE, invented_measurements(step))
    elif step.kind == "score":
        settings, (gold, found) = step.settings, known[step.inputs["predictions"]]
        layers = {str(layer): found for layer in range(3)} if settings["kind"] == "retrieval" else None
        scores = score_predictions(settings["metrics"], settings["main"], gold, found, layers)
        (output / "scores.json").write_text(json.dumps(scores))
        write_counts(output, count_predictions(settings["metrics"], gold, found))


def _guess(kind: str, gold: Any, lot: random.Random, skill: float) -> Any:
    if kind == "tagging":
        return [tag if lot.random() < skill else lot.choice(TAGS) for tag in gold]
    if lot.random() < skill:
        return gold[0] if kind == "span" else gold
    return lot.randrange(30) if kind == "retrieval" else lot.choice(VOCABULARY if kind == "span" else LABELS)


@pytest.fixture(scope="session")
def finished(invented: Callable[..., Opened]) -> Opened:
    """An invented study with an artifact for every step."""
    return invented()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium is installed: the page was not opened in a browser")
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()

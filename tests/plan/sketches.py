"""A source that holds names and digests only, and studies to plan on it."""

from __future__ import annotations

from isthmus.core.errors import DataError
from isthmus.plan.planner import make_plan
from isthmus.sources.source import Fingerprint
from isthmus.study.spec import Study

SIZE = 1000  # bytes of every split
HELD = {
    "udpos/train-{language}.tsv": "en",
    "udpos/dev-{language}.tsv": "en",
    "udpos/test-{language}.tsv": "de en sw",
    "panx/train-{language}.tsv": "en",
    "panx/dev-{language}.tsv": "de en",
    "panx/test-{language}.tsv": "en",
    "xnli/train-en.tsv": "en",
    "xnli/dev-en.tsv": "en",
    "xnli/test-{language}.tsv": "de en",
    "squad/train-v1.1.json": "en",
    "xquad/xquad.{language}.json": "de en",
    "tatoeba/{language}-en.{language}": "de sw",
    "bucc2018/{language}-en.dev.{language}": "de",
    "bucc2018/{language}-en.test.{language}": "de fr",
    "text/{language}.txt": "de en",
    "text/news/{language}.txt": "de en",
}
RECIPE = {"learning_rate": 1e-4, "epochs": 2, "batch_examples": 8}
NETWORK = {"model_type": "bert", "hidden_size": 10, "num_hidden_layers": 2, "intermediate_size": 20}
PRETRAINING = {
    "text": {"en": ["text/en.txt"], "de": ["text/de.txt"], "sw": ["text/sw.txt"]},
    "tokenizer": {"vocab_size": 100},
    "network": NETWORK,
    "seed": 1,
    "tokens": 2000,
    "batch_tokens": 200,
    "learning_rate": 1e-3,
    "tlm": 0.3,
}


class FakeSource:
    """Holds the splits of HELD; ``changed`` maps (pattern, language) to a digest other than the usual."""

    def __init__(self, changed=None):
        self.changed = changed or {}

    def languages(self, files, split):
        return tuple(HELD.get(files.pattern(split), "").split())

    def fingerprint(self, files, language, split):
        if language not in self.languages(files, split):
            raise DataError("data", f"no {language}")
        place = files.pattern(split), language
        return Fingerprint(self.changed.get(place, f"digest of {place}"), SIZE)

    def read(self, files, language, split, labels=()):
        raise AssertionError("the planner reads no example")


def study(**changes) -> Study:
    """Return a study of two arms, three targets and two seeds, with other keys where given."""
    keys = {
        "study": "sketch",
        "question": "what?",
        "model": {"name": "org/encoder", "revision": "r1"},
        "data": "data",
        "seeds": [1, 2],
        "arms": {"none": [], "panx-first": [{"task": "panx"}]},
        "targets": [{"task": "udpos"}, {"task": "panx", "splits": ["test", "dev"]}, {"task": "tatoeba", "layer": 1}],
        "source": "en",
        "languages": "all",
        "recipe": RECIPE,
        "baselines": [],
    }
    return Study.model_validate(keys | changes)


def plan(data_source=None, places=None, **changes):
    """Return the plan of ``study(**changes)``."""
    asked = study(**changes)
    return make_plan(asked, data_source or FakeSource(), {"data": asked.data, **(places or {})})


def with_text(folder, **changes):
    """Return the plan of a study that pretrains on a line of text a language."""
    for language, (name,) in PRETRAINING["text"].items():
        (folder / "text").mkdir(exist_ok=True)
        (folder / name).write_text(f"1\tone line in {language}\n", encoding="utf-8")
    pretraining = PRETRAINING | changes
    arms = {"none": [], "text-first": [{"task": "mlm", "languages": ["en", "de"]}]}
    return plan(model={"pretrain": pretraining}, data=str(folder), arms=arms, baselines=["untrained", "majority"])


def ids(plan, *kinds):
    """Return the ids of a plan's steps, of some kinds only where given."""
    return {step.id for step in plan if not kinds or step.kind in kinds}


def below(plan, start):
    """Return ``start`` and every step that hangs on it."""
    found = {start}
    for step in plan:
        if found & set(step.inputs.values()):
            found.add(step.id)
    return found


def names(plan, chosen):
    """Return the names of some steps."""
    return {plan.steps[id_].name for id_ in chosen}

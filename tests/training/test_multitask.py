"""Several tasks and raw text trained at once: what is learnt, what it leaves, and that stops change nothing."""

from __future__ import annotations

import pytest
import torch
from test_fine_tune import TASKS
from tiny_networks import TEXT, still, write_encoder
from toy_task import LABELS, RECIPE, StopAt

from isthmus.core.errors import Stopped, UserError
from isthmus.models.family import load_family
from isthmus.models.network import load_network
from isthmus.models.task_model import load_language_model
from isthmus.sources.corpora import Corpus
from isthmus.sources.example import TaggedSentence
from isthmus.study.rates import Leg, Schedule, Scheme
from isthmus.study.spec import Recipe
from isthmus.training.languages import Spoken
from isthmus.training.loop import Session, Watch
from isthmus.training.multitask import Labelled, train_together
from isthmus.training.raw import Raw

RAW = Raw({language: Corpus(tuple(lines), {}) for language, lines in TEXT.items()}, 0.15, 0.5)
TAGS, PAIRS, SPANS = (Labelled(kind, *TASKS[kind]) for kind in ("tagging", "classification", "span"))
ALL = {"names": TAGS, "pairs": PAIRS, "qa": SPANS, "mlm": RAW}
EVEN = dict.fromkeys(ALL, 0.25)


def together(encoder, work, members=ALL, rates=EVEN, stopping=lambda: False, **changes):
    recipe = Recipe(**{**RECIPE.model_dump(), "steps": 30, **changes})
    session = Session(work, 1e9, Watch(lambda *_: None, stopping))
    return train_together(load_family("encoder"), encoder, members, rates, recipe, 3, session)


def weights(mixed):
    return (mixed.language_model or mixed.network.body).state_dict()


@pytest.mark.parametrize("stops", [(0,), (4, 5, 17)])
def test_a_stopped_mix_ends_with_the_very_weights_of_an_unbroken_one(stops, encoders, tmp_path):
    whole = together(encoders["modernbert"], tmp_path / "whole")
    stopping = StopAt(*stops)
    for _ in stops:
        with pytest.raises(Stopped):
            together(encoders["modernbert"], tmp_path / "cut", stopping=stopping)
    again = together(encoders["modernbert"], tmp_path / "cut", stopping=stopping)
    assert all(torch.equal(weight, weights(again)[name]) for name, weight in weights(whole).items())
    assert {name: list(map(tuple, points)) for name, points in again.place.by_stream.items()} == whole.place.by_stream
    assert again.place.tokens == whole.place.tokens


def test_every_member_is_learnt(pieces_folder, tmp_path):
    encoder = write_encoder(still(hidden_size=32, num_hidden_layers=1), pieces_folder, tmp_path / "encoder")
    mixed = together(encoder, tmp_path / "work", steps=500, batch_tokens=300)
    for name, points in mixed.place.by_stream.items():
        losses = [loss for _, loss in points]
        assert sum(losses[-5:]) < (0.9 if name == "mlm" else 0.5) * sum(losses[:5]), name
    assert sum(mixed.steps.values()) == 500
    assert {name for name, steps in mixed.steps.items() if 85 < steps < 165} == set(ALL)


def test_the_order_in_which_members_are_named_changes_nothing(still_encoder, tmp_path):
    one = together(still_encoder, tmp_path / "one")
    turned = {name: ALL[name] for name in reversed(ALL)}
    other = together(still_encoder, tmp_path / "other", turned, {name: EVEN[name] for name in turned})
    assert [loss for _, loss in one.place.losses] == [loss for _, loss in other.place.losses]


def test_with_text_the_vocabulary_head_is_kept_and_without_it_the_encoder_alone(still_encoder, tmp_path):
    mixed = together(still_encoder, tmp_path / "a", steps=4)
    assert mixed.fate == "new"
    mixed.save(tmp_path / "mixed")
    assert load_language_model(tmp_path / "mixed/encoder", 0)[1] == "carried"
    again = together(tmp_path / "mixed/encoder", tmp_path / "b", steps=4)
    assert again.fate == "carried"
    alone = together(
        tmp_path / "mixed/encoder", tmp_path / "c", {"names": TAGS, "pairs": PAIRS}, {"names": 0.5, "pairs": 0.5}, steps=4
    )
    assert (alone.fate, alone.language_model) == (None, None)
    alone.save(tmp_path / "plain")
    found = load_network(tmp_path / "plain/encoder").body.state_dict()
    assert all(torch.equal(weight, found[name]) for name, weight in alone.network.body.state_dict().items())


def test_a_scheme_counts_labelled_examples_not_windows(still_encoder, tmp_path):
    stripped = [TaggedSentence("s", ("the", "dog"), None)] * 5
    long = [TaggedSentence("l", ("the", "dog") * 30, ("O", "DOG") * 30)]
    members = {"names": Labelled("tagging", LABELS, [*TAGS.examples, *stripped, *long]), "pairs": PAIRS, "mlm": RAW}
    mixed = together(still_encoder, tmp_path, members, Scheme(scheme="proportional", mlm=0.5), steps=2)
    count, pairs = len(TAGS.examples) + 1, len(PAIRS.examples)
    assert mixed.course.mean() == pytest.approx(
        {"names": count / (count + pairs) / 2, "pairs": pairs / (count + pairs) / 2, "mlm": 0.5}
    )


PIVOTED = Raw(
    {language: Corpus((), {str(i): line for i, line in enumerate(lines)}) for language, lines in TEXT.items()},
    0.15,
    0.5,
    pivot=next(iter(TEXT)),
)
LEGS = Schedule(
    schedule=(
        Leg(at=0.0, rates={"mlm": 1}),
        Leg(at=0.5, rates={"scheme": "uniform", "mlm": 0.2, "tlm": 0.3}),
        Leg(at=1.0, rates={"names": 1, "tlm": 1}),
    )
)


@pytest.mark.parametrize("stops", [(4, 5, 17)])
def test_a_stopped_schedule_with_translation_and_languages_ends_with_the_very_weights_too(stops, still_encoder, tmp_path):
    size = len(TAGS.examples) // 2
    spoken = Spoken({"en": size, "de": len(TAGS.examples) - size}, {"en": 1, "de": 3})
    members = {"names": Labelled(TAGS.kind, TAGS.labels, TAGS.examples, spoken), "mlm": RAW, "tlm": PIVOTED}
    whole = together(still_encoder, tmp_path / "whole", members, LEGS, max_length=128)
    stopping = StopAt(*stops)
    for _ in stops:
        with pytest.raises(Stopped):
            together(still_encoder, tmp_path / "cut", members, LEGS, stopping=stopping, max_length=128)
    again = together(still_encoder, tmp_path / "cut", members, LEGS, stopping=stopping, max_length=128)
    assert all(torch.equal(weight, weights(again)[name]) for name, weight in weights(whole).items())
    assert again.steps == whole.steps
    assert sum(whole.course.mean().values()) == pytest.approx(1)
    assert [leg["at"] for leg in whole.course.changes] == [0.0, 0.5, 1.0]
    assert whole.languages == {"names": {"en": 0.25, "de": 0.75}}
    whole.save(tmp_path / "saved")
    assert load_language_model(tmp_path / "saved/encoder", 0)[1] == "carried"


def test_a_member_without_a_label_or_a_sub_word_is_the_users_mistake(still_encoder, tmp_path):
    nothing = Labelled("tagging", LABELS, [TaggedSentence("s", ("the",), None)])
    with pytest.raises(UserError, match="the training set of names has no labelled example"):
        together(still_encoder, tmp_path / "a", {**ALL, "names": nothing})
    with pytest.raises(UserError, match="the text of mlm has no sub-word"):
        together(still_encoder, tmp_path / "b", {**ALL, "mlm": Raw({"en": Corpus((), {})}, 0.15, 0.5)})

"""Pretraining: what text becomes, that it is learnt, stopped and continued."""

from __future__ import annotations

import pytest
import torch
from tiny_networks import TEXT, encoding_of, settings_of
from toy_task import StopAt

from isthmus.core.errors import Stopped, UserError
from isthmus.models.network import load_network, load_tokenizer
from isthmus.models.task_model import load_language_model
from isthmus.sources.corpora import Corpus
from isthmus.study.pretraining import Pretraining
from isthmus.study.spec import Recipe
from isthmus.training.loop import Session, Watch
from isthmus.training.pretrain import continue_pretraining, encoded, pretrain, text_mixture
from isthmus.training.raw import Raw

PARALLEL = {"en": {"1": "the dog sleeps", "2": "the fox", "9": "the"}, "de": {"1": "der Hund", "2": "der Fuchs", "3": "die"}}
CORPORA = {language: Corpus(tuple(lines), PARALLEL.get(language, {})) for language, lines in TEXT.items()}


def spec(**changes):
    return Pretraining(
        **{
            "text": {language: ["file.txt"] for language in TEXT},
            "tokenizer": {"vocab_size": 200},
            "network": settings_of("modernbert"),
            "seed": 0,
            "tokens": 256 * 10,
            "batch_tokens": 256,
            "learning_rate": 5e-3,
            "max_length": 32,
            "tlm": 0.3,
            **changes,
        }
    )


def session(work, stopping=lambda: False):
    return Session(work, 1e9, Watch(lambda *_: None, stopping))


def test_lines_are_cut_into_windows_and_pairs_stay_whole(pieces_folder):
    encoding = encoding_of(load_tokenizer(pieces_folder), 24, 0)
    mixture = text_mixture(CORPORA, spec(), encoding)
    whole = [ids for line in TEXT["en"] for ids in encoding.ids([line])]
    assert [i for piece, _ in mixture.lines["en"] for i in piece] == [i for ids in whole for i in ids]
    assert max(len(piece) for piece, _ in mixture.lines["en"]) == 24 - encoding.frame.size
    pairs = [tuple(encoding.tokenizer.decode(side) for side in pair) for pair in mixture.pairs["de"]]
    assert pairs == [("the dog sleeps", "der Hund"), ("the fox", "der Fuchs")]
    assert not any(mixture.pairs[language] for language in TEXT if language != "de")


def test_a_pair_that_does_not_fit_is_no_pair(pieces_folder):
    encoding = encoding_of(load_tokenizer(pieces_folder), 12, 0)
    kept = text_mixture(CORPORA, spec(), encoding).pairs["de"]
    assert all(len(a) + len(b) <= 12 - encoding.frame.size for a, b in kept)
    assert len(kept) < 2


def test_without_a_share_of_pairs_none_is_made(pieces_folder):
    mixture = text_mixture(CORPORA, spec(tlm=0.0), encoding_of(load_tokenizer(pieces_folder)))
    assert not any(mixture.pairs.values())


def test_two_segments_are_one_sequence_where_they_fit_and_lines_of_their_own_where_not(pieces_folder):
    encoding = encoding_of(load_tokenizer(pieces_folder), 24, 0)
    corpus = Corpus((), {}, (("the dog", "the fox"), ("the quick brown fox " * 3, "the dog")))
    whole, *apart = sorted(encoded(corpus, encoding), key=lambda line: line[1] is None)
    assert tuple(map(encoding.tokenizer.decode, whole)) == ("the dog", "the fox")
    assert all(second is None for _, second in apart)
    assert encoding.tokenizer.decode([i for ids, _ in apart for i in ids]) == "the quick brown fox " * 3 + "the dog"


def test_a_pretraining_with_pairs_ends_the_same_though_it_was_stopped_and_drops_the_head_of_pairs(pieces_folder, tmp_path):
    chosen = spec(pairs=0.4, shares={"zh": 0.2}, tokens=256 * 30)
    whole, place = pretrain(chosen, pieces_folder, CORPORA, session(tmp_path / "whole"))
    with pytest.raises(Stopped):
        pretrain(chosen, pieces_folder, CORPORA, session(tmp_path / "cut", StopAt(7)))
    with pytest.raises(Stopped):
        pretrain(chosen, pieces_folder, CORPORA, session(tmp_path / "cut", StopAt(9)))
    again, other = pretrain(chosen, pieces_folder, CORPORA, session(tmp_path / "cut"))
    assert all(torch.equal(weight, again.state_dict()[name]) for name, weight in whole.state_dict().items())
    assert {name: list(map(tuple, points)) for name, points in other.by_stream.items()} == place.by_stream
    steps = {name: [step for step, _ in points] for name, points in place.by_stream.items()}
    assert sorted(steps["mlm"] + steps["pairs"]) == list(range(1, 31))
    assert 5 <= len(steps["pairs"]) <= 20
    alone, _ = pretrain(spec(shares={"zh": 0.2}, tokens=256 * 30), pieces_folder, CORPORA, session(tmp_path / "alone"))
    assert alone.state_dict().keys() == whole.state_dict().keys()
    assert any(not torch.equal(weight, alone.state_dict()[name]) for name, weight in whole.state_dict().items())


def test_pairs_are_told_apart_from_their_corrupted_doubles(pieces_folder, tmp_path):
    corpora = {"en": Corpus(tuple(TEXT["en"]), {}, (("the dog", "the quick brown fox"), ("Paris", "Berlin had more")))}
    chosen = spec(
        text={"en": ["f"]}, pairs=0.9, tlm=0.0, tokens=512 * 200, batch_tokens=512, learning_rate=3e-3,
        network=settings_of("modernbert", hidden_size=32),
    )  # fmt: skip
    _, place = pretrain(chosen, pieces_folder, corpora, session(tmp_path))
    losses = [loss for _, loss in place.by_stream["pairs"]]
    assert sum(losses[:5]) / 5 > 0.6
    assert sum(losses[-10:]) / 10 < 0.3


@pytest.mark.parametrize("text", [{"en": Corpus(("the dog",), {})}, {"en": Corpus((), {}, (("the dog", "the the"),))}])
def test_pairs_without_any_pair_of_two_words_are_the_users_mistake(text, pieces_folder, tmp_path):
    with pytest.raises(UserError, match=r"pairs 0\.5 needs lines with the same id in 'en' and another language, or"):
        pretrain(spec(pairs=0.5, tlm=0.0), pieces_folder, text, session(tmp_path))


def test_text_is_learnt_and_the_encoder_can_be_loaded(pieces_folder, tmp_path):
    chosen = spec(tokens=512 * 100, batch_tokens=512, learning_rate=1e-2, network=settings_of("modernbert", hidden_size=32))
    model, place = pretrain(chosen, pieces_folder, CORPORA, session(tmp_path / "work"))
    losses = [loss for _, loss in place.losses]
    assert place.step == 100
    assert sum(losses[-20:]) / 20 < sum(losses[:20]) / 20 - 0.5
    model.save(tmp_path / "encoder")
    network = load_network(tmp_path / "encoder")
    for name, weight in network.body.state_dict().items():
        assert torch.equal(weight, model.model.base_model.state_dict()[name])


def test_a_stopped_pretraining_ends_as_an_unbroken_one(pieces_folder, tmp_path):
    whole, place = pretrain(spec(), pieces_folder, CORPORA, session(tmp_path / "whole"))
    with pytest.raises(Stopped):
        pretrain(spec(), pieces_folder, CORPORA, session(tmp_path / "cut", StopAt(4)))
    again, other = pretrain(spec(), pieces_folder, CORPORA, session(tmp_path / "cut"))
    assert all(torch.equal(weight, again.state_dict()[name]) for name, weight in whole.state_dict().items())
    assert [tuple(point) for point in other.losses] == place.losses


def test_fewer_tokens_than_a_batch_are_one_step(pieces_folder, tmp_path):
    assert pretrain(spec(tokens=10), pieces_folder, CORPORA, session(tmp_path))[1].step == 1


def test_pretraining_goes_on_from_an_encoder_and_from_a_language_model(encoders, tmp_path):
    recipe = Recipe(learning_rate=1e-3, epochs=2, batch_tokens=200, max_length=32, stride=8)
    source = encoders["modernbert"]
    first, place, fate = continue_pretraining(source, Raw(CORPORA, 0.15, 0.5), recipe, 3, session(tmp_path / "a"))
    assert fate == "new"
    tokenizer = load_tokenizer(source)
    size = sum(len(ids) for lines in TEXT.values() for ids in encoding_of(tokenizer).ids(lines))
    assert place.step == round(2 * size / 200)
    torch.manual_seed(5)
    second, *_ = continue_pretraining(source, Raw(CORPORA, 0.15, 0.5), recipe, 3, session(tmp_path / "b"))
    assert all(torch.equal(weight, second.state_dict()[name]) for name, weight in first.state_dict().items())
    first.save(tmp_path / "model")
    assert load_language_model(tmp_path / "model", 0)[1] == "carried"
    *_, fate = continue_pretraining(tmp_path / "model", Raw(CORPORA, 0.15, 0.5), recipe, 3, session(tmp_path / "c"))
    assert fate == "carried"

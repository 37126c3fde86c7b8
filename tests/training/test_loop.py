"""The training loop: it learns, it can be stopped at any step, and its result depends on nothing but the seed."""

from __future__ import annotations

import math

import pytest
import torch
from toy_task import StopAt, features_of, fill, model_of, rounds_of, run, sentences, weights

from isthmus.compute.device import accelerator
from isthmus.core.errors import Stopped, TrainingCollapse
from isthmus.models.feature import Feature, pad
from isthmus.training import loop
from isthmus.training.checkpoint import Checkpoints
from isthmus.training.loop import Schedule, Selection, Watch, train, with_restarts
from isthmus.training.streams import Turn, alone

# XLM-R of two layers, 16 wide, weights by name, no dropout, 12 steps: the mean loss of each step.
GOLDEN = [1.14932, 1.19156, 1.10159, 0.94807, 0.90336, 0.79089, 0.87709, 0.80154, 0.69715, 0.77347, 0.68498, 0.57964]


def dev_loss(model):
    batch = pad(features_of(model, sentences(12, seed=1)), 1)
    with torch.no_grad():
        found = model.eval()(batch)
    return float(found.total / found.weight)


def by_dev_loss(model):
    return Selection(3, 9, lambda: -dev_loss(model))


def unbroken(encoder, work, **changes):
    """Train to the end through every stop that is asked for; return (model, place, number of stops)."""
    for stops in range(20):
        try:
            return *run(encoder, work, **changes), stops
        except Stopped:
            continue
    raise AssertionError("the run never ended")


def same(one, other):
    return all(torch.equal(weight, other[name]) for name, weight in one.items())


def test_the_loss_goes_down_on_a_task_that_can_be_learnt(still_encoder, tmp_path):
    model = model_of(still_encoder)
    before = dev_loss(model)
    _, place = run(still_encoder, tmp_path, model=model, steps=60, batch_tokens=200)
    assert before > 1
    assert dev_loss(model) < 0.1
    assert [step for step, _ in place.losses] == list(range(1, 61))
    assert place.losses[-1][1] < 0.2 < 0.9 < place.losses[0][1]


def test_the_loss_curve_is_the_one_that_was_written_down(still_encoder, tmp_path):
    model = model_of(still_encoder)
    fill(model)
    _, place = run(still_encoder, tmp_path, model=model)
    assert [loss for _, loss in place.losses] == pytest.approx(GOLDEN, abs=1e-4)


@pytest.mark.parametrize("stops", [(0,), (1,), (7,), (11,), (2, 3, 9), tuple(range(12))])
def test_a_stopped_run_ends_with_the_very_weights_of_an_unbroken_one(stops, encoders, tmp_path):
    whole, place = run(encoders["xlm-roberta"], tmp_path / "whole")
    model, found, count = unbroken(encoders["xlm-roberta"], tmp_path / "cut", stopping=StopAt(*stops))
    assert count == len(stops)
    assert same(weights(whole), weights(model))
    assert [tuple(point) for point in found.losses] == place.losses
    assert (found.step, found.tokens, found.classes) == (place.step, place.tokens, place.classes)


@pytest.mark.parametrize("changes", [{"precision": "bf16"}, {"batch_tokens": None, "batch_examples": 3}, {"steps": 250}])
def test_stops_change_nothing_in_bf16_by_examples_or_between_points_of_the_curve(changes, encoders, tmp_path):
    whole, place = run(encoders["modernbert"], tmp_path / "whole", **changes)
    model, found, _ = unbroken(encoders["modernbert"], tmp_path / "cut", stopping=StopAt(5, 8), **changes)
    assert same(weights(whole), weights(model))
    assert [tuple(point) for point in found.losses] == place.losses


@pytest.mark.parametrize("stops", [(4,), (3, 6, 10), (11,)])
def test_stops_change_nothing_with_early_stopping(stops, encoders, tmp_path):
    whole, place = run(encoders["xlm-roberta"], tmp_path / "whole", selection=by_dev_loss)
    model, found, count = unbroken(
        encoders["xlm-roberta"], tmp_path / "cut", stopping=StopAt(*stops), selection=by_dev_loss
    )  # fmt: skip
    assert count == len(stops)
    assert same(weights(whole), weights(model))
    assert [tuple(score) for score in found.scores] == place.scores


def test_a_checkpoint_is_written_when_it_is_due_and_changes_nothing(encoders, tmp_path):
    whole, _ = run(encoders["xlm-roberta"], tmp_path / "whole")
    model, _ = run(encoders["xlm-roberta"], tmp_path / "often", seconds=0)
    assert same(weights(whole), weights(model))
    assert [p.name.split("-")[1] for p in (tmp_path / "often").glob("step-*")] == ["11"]
    assert list((tmp_path / "whole").glob("step-*")) == []


def test_the_seed_decides(encoders, tmp_path):
    first, same_seed, other = (run(encoders["xlm-roberta"], tmp_path / str(i), seed=s)[0] for i, s in enumerate((0, 0, 1)))
    assert same(weights(first), weights(same_seed))
    assert not same(weights(first), weights(other))


def test_how_much_goes_through_at_once_changes_no_more_than_rounding(still_encoder, tmp_path, monkeypatch):
    whole = weights(run(still_encoder, tmp_path / "whole")[0])
    for tokens in (1, 50):
        monkeypatch.setattr(loop, "micro_tokens", lambda _, tokens=tokens: tokens)
        parts = weights(run(still_encoder, tmp_path / str(tokens))[0])
        assert max(float((whole[name] - parts[name]).abs().max()) for name in whole) < 1e-5


def test_the_gradient_is_that_of_the_mean_loss_of_the_whole_batch(still_encoder, monkeypatch):
    monkeypatch.setattr(loop, "micro_tokens", lambda _: 40)
    model = model_of(still_encoder)
    batch = features_of(model, sentences(9))
    mean, classes = loop._gradients(model, Turn("", 0, 0, False, batch), "fp32", 1, accelerator())
    found = {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}
    model.zero_grad()
    whole = model(pad(batch, 1))
    (whole.total / whole.weight).backward()
    assert mean.item() == pytest.approx((whole.total / whole.weight).item(), abs=1e-6)
    assert classes == set(whole.classes.tolist())
    assert {name for name, p in model.named_parameters() if p.grad is not None} == set(found)
    for name, gradient in found.items():
        torch.testing.assert_close(gradient, model.get_parameter(name).grad, atol=1e-6, rtol=1e-4)


def test_a_run_tells_how_far_it_is(still_encoder, tmp_path):
    told = []
    model, place = run(still_encoder, tmp_path, report=lambda *values: told.append(values))
    assert [step for step, *_ in told] == list(range(1, 13))
    assert {total for _, total, *_ in told} == {12}
    assert all(speed > 0 and math.isfinite(loss) for *_, speed, loss in told)
    batches = [*rounds_of(model)(0), *rounds_of(model)(1)][:12]
    assert place.tokens == sum(len(feature.ids) for batch in batches for feature in batch)
    assert place.seconds > 0


@pytest.mark.parametrize(("scores", "asked", "best"), [([1, 3, 2, 2, 9], 4, 1), ([3, 2, 1], 3, 0), ([1, 2, 3, 4], 4, 3)])
def test_early_stopping_keeps_the_best_weights_and_stops_by_patience(scores, asked, best, still_encoder, tmp_path):
    seen = []

    def selection(model):
        def score():
            seen.append(weights(model))
            return scores[len(seen) - 1]

        return Selection(3, 2, score)

    model, place = run(still_encoder, tmp_path, selection=selection)
    assert [tuple(s) for s in place.scores] == [(3 * (i + 1), s) for i, s in enumerate(scores[:asked])]
    assert place.step == 3 * asked
    assert same(seen[best], weights(model))
    assert not same(seen[best], seen[best - 1])


def test_the_last_step_is_judged_too(still_encoder, tmp_path):
    scores = iter(range(9))
    _, place = run(still_encoder, tmp_path, steps=8, selection=lambda _: Selection(5, 3, lambda: next(scores)))
    assert [step for step, _ in place.scores] == [5, 8]


def test_a_loss_that_is_no_number_is_a_collapse(still_encoder, tmp_path):
    model = model_of(still_encoder)
    model.module.out.weight.data.fill_(math.nan)
    with pytest.raises(TrainingCollapse, match="nan at step 1"):
        run(still_encoder, tmp_path, model=model)


def constant(model):
    """Let a model predict one class for ever."""
    model.module.out.bias.data[0] = 1e4
    for weight in model.parameters():
        weight.requires_grad = weight is model.module.out.weight
    return model


def test_a_long_round_of_one_class_is_a_collapse_and_a_short_one_is_not(still_encoder, tmp_path):
    changes = {"steps": 40, "batch_tokens": None}
    with pytest.raises(TrainingCollapse, match=r"round 1 \(2\d batches\)"):
        run(still_encoder, tmp_path / "long", model=constant(model_of(still_encoder)), batch_examples=2, **changes)
    run(still_encoder, tmp_path / "short", model=constant(model_of(still_encoder)), batch_examples=3, **changes)


class Scripted(torch.nn.Module):
    """Predicts the classes of a list, one a batch."""

    def __init__(self, classes):
        super().__init__()
        self.weight, self.classes = torch.nn.Parameter(torch.ones(2, 2)), iter(classes)

    def forward(self, batch):
        return loop.Loss(self.weight.pow(2).sum(), torch.tensor(1.0), torch.tensor([next(self.classes)]))


def test_a_round_is_judged_by_all_of_its_own_classes_though_the_run_was_stopped_in_it(tmp_path):
    def rounds(_):
        return [[Feature([5], [0], i, 0)] for i in range(20)]

    def go(model, stopping=lambda: False):
        watch, schedule = Watch(lambda *_: None, stopping), Schedule(1e-3, 60, 0.1, 0.0, 1.0, "fp32")
        return train(model, alone(rounds), schedule, 0, 1, Checkpoints(tmp_path), watch, accelerator())

    with pytest.raises(Stopped):
        go(Scripted([1] + [0] * 59), StopAt(5))
    with pytest.raises(TrainingCollapse, match="round 2"):
        go(Scripted([0] * 55))


def test_a_collapsed_attempt_gives_way_to_the_next_and_is_noted(tmp_path):
    tried = []

    def attempt(number, folder):
        tried.append(number)
        assert folder.is_dir()
        if number < 2:
            raise TrainingCollapse(f"fell at {number}")
        return "done"

    assert with_restarts(attempt, tmp_path, 2) == ("done", ["fell at 0", "fell at 1"])
    assert with_restarts(attempt, tmp_path, 2) == ("done", ["fell at 0", "fell at 1"])
    assert tried == [0, 1, 2, 2]


def test_a_run_killed_in_its_second_attempt_does_not_repeat_the_first(tmp_path):
    tried = []

    def attempt(number, folder):
        tried.append(number)
        if number == 0:
            raise TrainingCollapse("fell")
        raise Stopped("killed")

    for _ in range(2):
        with pytest.raises(Stopped):
            with_restarts(attempt, tmp_path, 1)
    assert tried == [0, 1, 1]


def test_the_last_collapse_is_the_end(tmp_path):
    def attempt(number, folder):
        raise TrainingCollapse(f"fell at {number}")

    with pytest.raises(TrainingCollapse, match="collapsed 2 times: fell at 0; fell at 1"):
        with_restarts(attempt, tmp_path, 1)


def test_a_pretraining_step_has_no_classes_and_is_no_collapse(still_encoder, tmp_path):
    model = model_of(still_encoder)
    model.head = type(model.head)(**{**vars(model.head), "loss": lambda *a: _without_classes(*a)})
    run(still_encoder, tmp_path, model=model, steps=25, batch_tokens=None, batch_examples=2)


def _without_classes(module, hidden, batch):
    total = module(hidden).float().pow(2).mean()
    return loop.Loss(total, torch.tensor(1.0), None)

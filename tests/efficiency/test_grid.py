"""Batch by length: windows of exactly so many sub-words, for every kind of task."""

from __future__ import annotations

from random import Random

import pytest
import torch
from pretended import FakeClock
from tiny_networks import TEXT

from isthmus.efficiency import grid as module
from isthmus.efficiency.fleet import Checkpoint, Fleet, Serving
from isthmus.efficiency.grid import grid, shapes, stretched
from isthmus.efficiency.rounds import Track
from isthmus.results.measured import GridPoint, Protocol
from isthmus.sources.example import Choice, Question, TaggedSentence, TextPair

LINES = TEXT["en"]
EXAMPLES = {
    "classification": [TextPair("c", line, "a dog", None) for line in LINES],
    "tagging": [TaggedSentence("t", tuple(line.split()), None) for line in LINES],
    "span": [Question("q", "Who?", line, None) for line in LINES],
    "choice": [Choice("c", line, None, ("dog", "the fox"), None) for line in LINES],
}


def server_of(folder):
    return Serving(torch.device("cpu"), 1, 64, 8, "fp32").server(Checkpoint("x", "", "", "", 1, folder, folder))


def test_shapes_are_powers_of_two_that_fit():
    found = shapes(256, 64)
    assert set(found) >= {(1, 8), (32, 8), (4, 64)}
    assert all(batch * length <= 256 and length <= 64 for batch, length in found)
    assert all(number & (number - 1) == 0 for shape in found for number in shape)
    assert len(found) == len(set(found))


@pytest.mark.parametrize("kind", EXAMPLES)
@pytest.mark.parametrize("length", [8, 64])
def test_a_window_is_as_long_as_it_is_asked_to_be_and_the_network_answers_it(kind, length, trained, monkeypatch):
    server, seen = server_of(trained[kind]), []
    feature = max(server.features(EXAMPLES[kind]), key=lambda one: one.length)
    window = stretched(feature, length, server.encoding)
    assert len(window.ids) == len(window.types) == window.length == length
    assert window.rows == 1
    hidden = server.model.network.hidden
    monkeypatch.setattr(
        server.model.network, "hidden", lambda body, batch: seen.append(batch.ids.shape) or hidden(body, batch)
    )
    track = Track(
        Fleet(1, lambda _: server, together=True), {"en": EXAMPLES[kind]}, Protocol(), lambda: None, lambda *_: None
    )
    [[point]] = grid(track, [(3, length)])
    assert set(seen) == {(3, length)}
    assert point.seconds > 0


def test_the_figure_is_the_median_and_the_first_pass_is_not_counted(trained, monkeypatch):
    clock, lot, spent = FakeClock(), Random(1), []

    def spend(_, batch):
        spent.append(1000.0 if not spent else lot.random())
        clock.spend(spent[-1])

    monkeypatch.setattr(module, "_pass", spend)
    fleet = Fleet(1, lambda _: server_of(trained["tagging"]), together=True)
    track = Track(fleet, {"en": EXAMPLES["tagging"]}, Protocol(), lambda: None, lambda *_: None, clock)
    [points] = grid(track, [(2, 16)])
    assert len(spent) == 1 + module.REPEATS
    assert points == (GridPoint(2, 16, pytest.approx(sorted(spent[1:])[1])),)

"""The first call: what a fresh process is asked, what it tells, and how it fails."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace

import pytest
import torch
from tiny_networks import TEXT

from isthmus.core.errors import SetupError
from isthmus.efficiency import fresh as module
from isthmus.efficiency.fleet import Checkpoint, Serving
from isthmus.efficiency.fresh import FirstCall, call, first_calls
from isthmus.efficiency.serve import Server
from isthmus.sources.example import TextPair
from isthmus.translation.written import write_examples

EXAMPLES = [TextPair(str(i), line, None, None) for i, line in enumerate(TEXT["en"])]
SERVING = Serving(torch.device("cpu"), 1, 64, 8, "fp32")


@pytest.fixture
def checkpoint(trained):
    return Checkpoint("full", "none", "", "", 1, trained["classification"], trained["classification"])


def test_the_seconds_are_those_of_loading_and_the_first_answer_alone(checkpoint, tmp_path, monkeypatch):
    write_examples(tmp_path / "examples", EXAMPLES)
    clock = SimpleNamespace(now=0.0)

    def answered(_server, example):
        assert example in EXAMPLES
        clock.now += 1.0

    def loaded(_self, one):
        assert one.folder == checkpoint.folder.resolve()
        clock.now += 10.0
        return SimpleNamespace(answer=lambda example: answered(None, example), device=torch.device("cpu"))

    monkeypatch.setattr(Serving, "server", loaded)
    monkeypatch.setattr(module, "_resident", lambda which: {"VmRSS": 700, "VmHWM": 1000}[which])
    told = call(module._request(checkpoint, SERVING, tmp_path / "examples"), lambda: clock.now)
    assert told == {"seconds": 11.0, "peak_bytes": 300}
    assert clock.now == 10.0 + len(EXAMPLES)


def test_it_loads_what_a_request_names_and_answers_every_example(checkpoint, tmp_path, monkeypatch):
    write_examples(tmp_path / "examples", EXAMPLES)
    answered, answer = [], Server.answer
    monkeypatch.setattr(Server, "answer", lambda self, example: answered.append(example) or answer(self, example))
    told = call(module._request(checkpoint, SERVING, tmp_path / "examples"))
    assert answered == EXAMPLES
    assert told["seconds"] > 0


def program(*answers):
    """A process that says these lines and keeps what it was asked."""
    return SimpleNamespace(stdin=io.StringIO(), stdout=io.StringIO("".join(f"{line}\n" for line in answers)))


REQUEST = {"name": "int8"}


def test_the_median_of_some_calls_is_told():
    told = [json.dumps({"seconds": seconds, "peak_bytes": size}) for seconds, size in ((1.0, 5), (0.2, 7), (0.3, 6))]
    asked = program(*told)
    assert module._called(asked, REQUEST) == FirstCall(0.3, 6)
    assert len(asked.stdin.getvalue().splitlines()) == 3


def test_a_call_that_takes_long_is_made_once():
    asked = program(json.dumps({"seconds": 30.0, "peak_bytes": 5}))
    assert module._called(asked, REQUEST) == FirstCall(30.0, 5)


@pytest.mark.parametrize(
    ("line", "told"),
    [(json.dumps({"error": "SetupError: no graph"}), "no graph"), ("", "ended"), ("Segmentation fault", "ended")],
)
def test_a_process_that_fails_is_one_clear_error_that_names_the_checkpoint(line, told):
    with pytest.raises(SetupError, match=f"int8: .*{told}"):
        module._called(program(line) if line else program(), REQUEST)


@pytest.mark.slow
def test_fresh_processes_meet_the_same_idle_process_whatever_was_loaded_before(checkpoint, tmp_path):
    gone = Checkpoint("gone", "", "", "", 1, tmp_path, checkpoint.head)
    ticks = []
    first, second = first_calls([checkpoint, checkpoint], SERVING, EXAMPLES, lambda *tick: ticks.append(tick))
    assert ticks == [(1, 2), (2, 2)]
    assert first.seconds > 0
    assert second.peak_bytes == pytest.approx(first.peak_bytes, rel=0.5)
    with pytest.raises(SetupError, match=r"gone: its first call cannot be measured \(SetupError"):
        first_calls([gone], SERVING, EXAMPLES, lambda *_: None)

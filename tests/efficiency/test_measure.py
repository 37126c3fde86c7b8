"""Checkpoints measured side by side, from the text of real examples to a file."""

from __future__ import annotations

import pytest
import torch
from pretended import FakeClock
from tiny_networks import TEXT

from isthmus.core.errors import SetupError, Stopped, UserError
from isthmus.efficiency import measure as module
from isthmus.efficiency.fleet import Checkpoint, Serving
from isthmus.efficiency.fresh import FirstCall
from isthmus.efficiency.measure import measure
from isthmus.efficiency.noise import Listener
from isthmus.efficiency.serve import Server
from isthmus.evaluation.predict import predict
from isthmus.models.exiting import new_exits, save_exits
from isthmus.models.variant import EXITS, Running, copy_model, write_running
from isthmus.results.measured import Protocol, read_measurements, write_measurements
from isthmus.sources.example import Choice, Question, Ranked, TaggedSentence, TextPair

LEAST = Protocol(warmup=1, seconds=0.0, queries=6, rounds=3, passes=2, loads=1)
SERVING = Serving(torch.device("cpu"), 1, 64, 8, "fp32")
EXAMPLES = {
    language: [TextPair(f"{i}", line, None, None) for i, line in enumerate(TEXT[language])] for language in ("en", "zh")
}
FEW = {language: own[:1] for language, own in EXAMPLES.items()}
KINDS = {
    "classification": [TextPair("c", line, "a dog", None) for line in TEXT["en"]],
    "tagging": [TaggedSentence("t", tuple(line.split()), None) for line in TEXT["en"]],
    "span": [Question("q", "Who?", " ".join(TEXT["en"] * 3), None)],
    "choice": [Choice("c", line, None, ("dog", "the fox"), None) for line in TEXT["en"]],
}


def fresh(checkpoints, serving, examples, tick):
    tick(1, 1)
    return [FirstCall(0.5 + number, 1000 + number) for number, _ in enumerate(checkpoints)]


def measured(trained, *names, examples=EXAMPLES, protocol=LEAST, **more):
    folder = trained["classification"]
    checkpoints = [Checkpoint(name, name, "small", "", 1, folder, folder) for name in names]
    return measure(checkpoints, examples, protocol, SERVING, task="xnli", model="small", fresh=fresh, **more)


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_answers_what_predictions_are_one_by_one_and_all_at_once(kind, trained):
    server = SERVING.server(Checkpoint("x", "", "", "", 1, trained[kind], trained[kind]))
    predicted = predict(server.model, KINDS[kind], server.labels, server.encoding, "fp32", lambda *_: None)
    assert [server.answer(example) for example in KINDS[kind]] == predicted
    assert server.answers(KINDS[kind]) == predicted


def test_what_is_measured_is_written_and_read_and_holds_every_variant_and_language(trained, tmp_path):
    found = measured(trained, "none", "mnli", with_grid=True)
    write_measurements(tmp_path / "measurements.json", found)
    assert read_measurements(tmp_path / "measurements.json") == found
    assert [timed.name for timed in found.timed] == ["none", "mnli"]
    assert (found.task, found.model, found.machine.threads, found.machine.device) == ("xnli", "small", 1, "cpu")
    assert [(timed.first_call_seconds, timed.peak_bytes) for timed in found.timed] == [(0.5, 1000), (1.5, 1001)]
    for timed in found.timed:
        assert list(timed.languages) == ["en", "zh"]
        assert {(point.batch, point.length) for point in timed.grid} >= {(1, 8), (64, 64)}
        for language, spoken in timed.languages.items():
            assert spoken.examples == len(EXAMPLES[language])
            assert (spoken.latency.n, len(spoken.latency.rounds)) == (6, 3)
            assert len(spoken.throughput.rounds) == 2
    assert found.protocol.lengths == (8, 16, 32, 64)


def test_words_are_those_parted_by_spaces_and_sub_words_those_of_the_text(trained):
    found = measured(trained, "none").timed[0]
    server = SERVING.server(Checkpoint("x", "", "", "", 1, trained["classification"], trained["classification"]))
    for language, spoken in found.languages.items():
        assert spoken.words == sum(len(line.split()) for line in TEXT[language])
        assert spoken.sub_words == sum(map(len, server.encoding.ids(TEXT[language])))
    tokens, examples = (getattr(spoken.throughput, f"{what}_per_second").value for what in ("tokens", "examples"))
    read = sum(len(feature.ids) for feature in server.features(EXAMPLES["zh"]))
    assert tokens / examples == pytest.approx(read / len(EXAMPLES["zh"]))


def test_how_many_layers_an_early_exit_needs_is_told_by_language_and_of_no_other_model(trained, tmp_path):
    full = trained["classification"]
    server = SERVING.server(Checkpoint("full", "", "", "", 1, full, full))
    copy_model(full, tmp_path)
    save_exits(new_exits(server.model), tmp_path / EXITS)
    write_running(tmp_path, Running(exit=0.5))  # of two labels one always has so much
    checkpoints = [Checkpoint(folder.name, "", "", "", 1, folder, folder) for folder in (full, tmp_path)]
    whole, early = measure(checkpoints, FEW, LEAST, SERVING, task="xnli", fresh=fresh).timed
    assert {language: spoken.depth for language, spoken in whole.languages.items()} == {"en": None, "zh": None}
    assert {language: spoken.depth for language, spoken in early.languages.items()} == {"en": 1.0, "zh": 1.0}


def test_a_pause_of_15_percent_that_was_planted_in_one_variant_shows_in_every_round(trained, monkeypatch):
    clock = FakeClock()
    slow, answer = [], Server.answer

    def planted(server, example):
        slow[:] = slow or [server.model]  # the first that is asked in the warm-up
        clock.spend(0.0115 if server.model is slow[0] else 0.010)
        return answer(server, example)

    monkeypatch.setattr(Server, "answer", planted)
    monkeypatch.setattr(Server, "answers", lambda *_: clock.spend(1.0))
    listener = Listener(clock, work=lambda: clock.spend(0.01))
    found = measured(trained, "slow", "quick", clock=clock, listener=listener)
    for language in EXAMPLES:
        slow_rounds, quick_rounds = (timed.languages[language].latency.rounds for timed in found.timed)
        ratios = [slow / quick for slow, quick in zip(slow_rounds, quick_rounds, strict=True)]
        assert ratios == pytest.approx([1.15] * len(ratios))
    assert found.noise.spread == pytest.approx(0.0, abs=1e-9)


def test_checkpoints_that_do_not_fit_together_are_loaded_anew_and_measured_all_the_same(trained, monkeypatch):
    loaded, server = [], Serving.server
    monkeypatch.setattr(Serving, "server", lambda self, one: loaded.append(one.name) or server(self, one))
    little = Protocol(warmup=1, seconds=0.0, queries=1, rounds=1, passes=1, loads=1)
    found = measured(trained, "none", "mnli", examples=FEW, protocol=little, memory_limit=1)
    assert len(found.timed) == 2
    assert len(loaded) > 4
    loaded.clear()
    measured(trained, "none", "mnli", examples=FEW, protocol=little, memory_limit=10**9)
    assert loaded == ["none", "mnli"]


def test_a_stop_is_honoured_and_progress_is_told_phase_by_phase(trained):
    phases = []
    measured(trained, "none", examples=FEW, tick=lambda done, total, phase: phases.append(phase))
    assert list(dict.fromkeys(phases)) == ["first calls", "weights", "warm-up", "latency", "throughput"]
    for phase in dict.fromkeys(phases):
        seen = []

        def hear(_done, _total, now, seen=seen):
            seen.append(now)

        def stopping(seen=seen, phase=phase):
            return seen[-1] == phase

        with pytest.raises(Stopped):
            measured(trained, "none", examples=FEW, tick=hear, stopping=stopping)
        assert seen[-1] == phase


def test_threads_are_those_asked_for_while_it_is_measured_and_as_before_after_it(trained, monkeypatch):
    seen = []
    folder = trained["classification"]
    monkeypatch.setattr(module, "single_stream", lambda track: seen.append(torch.get_num_threads()) or stop())

    def stop():
        raise Stopped("enough")

    before = torch.get_num_threads()
    serving = Serving(torch.device("cpu"), 2, 64, 8, "fp32")
    with pytest.raises(Stopped):
        measure([Checkpoint("x", "", "", "", 1, folder, folder)], EXAMPLES, LEAST, serving, task="xnli", fresh=fresh)
    assert seen == [2]
    assert torch.get_num_threads() == before


@pytest.mark.parametrize(
    ("names", "examples", "told"),
    [
        ((), EXAMPLES, "no checkpoint to measure"),
        (("a", "a"), EXAMPLES, "two checkpoints are called 'a'"),
        (("a",), {}, "no language to measure in"),
        (("a",), {"en": EXAMPLES["en"], "sw": []}, "no sentences in 'sw'"),
        (("a",), {"en": [Ranked("r", "q", {}, None)]}, "ranking"),
    ],
)
def test_what_cannot_be_measured_is_one_clear_error_before_anything_is_loaded(names, examples, told, trained, monkeypatch):
    monkeypatch.setattr(Serving, "server", lambda *_: pytest.fail("something was loaded"))
    with pytest.raises((SetupError, UserError), match=told):
        measured(trained, *names, examples=examples)

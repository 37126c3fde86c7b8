"""Compiled encoders: the same answers for every size of batch."""

from __future__ import annotations

import pytest
import torch
from made_models import PAIRS, answers, change, running, trained

from isthmus.core.errors import SetupError
from isthmus.models.variant import read_running


def test_the_artifact_is_the_model_as_it_was(encoders, tmp_path):
    source = trained(encoders["bert"], tmp_path / "source")
    out = change("compile", source, tmp_path / "compiled")
    for file in (file for file in source.rglob("*") if file.is_file()):
        assert (out / file.relative_to(source)).read_bytes() == file.read_bytes()
    assert (read_running(out).runtime, read_running(out).precision) == ("compile", None)


def test_without_a_compiler_nothing_is_made(encoders, tmp_path, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setenv("CXX", "no-such-compiler")
    with pytest.raises(SetupError, match="no-such-compiler"):
        change("compile", trained(encoders["bert"], tmp_path / "source"), tmp_path / "compiled")


@pytest.mark.slow
@pytest.mark.parametrize("then", [None, "bf16"])
def test_a_compiled_model_answers_as_the_full_one_does_for_batches_of_every_size(then, encoders, tmp_path):
    source = trained(encoders["bert"], tmp_path / "source")
    compiled = change("compile", source, tmp_path / "compiled")
    if then:
        compiled, source = (change(then, before, tmp_path / f"{before.name}-{then}") for before in (compiled, source))
    model, full = running(compiled), running(source)
    for examples in (PAIRS, PAIRS[:1], PAIRS[:3]):
        found, expected = (torch.stack(answers(m, examples=examples)) for m in (model, full))
        torch.testing.assert_close(found, expected, atol=0.02 if then else 1e-5, rtol=0)

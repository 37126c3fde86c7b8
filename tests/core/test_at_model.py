"""Names of arms and baselines carry the model that they belong to, or none."""

from __future__ import annotations

import pytest

from isthmus.core.at_model import at_model, model_in, without_model


@pytest.mark.parametrize(("name", "model"), [("nli", "small"), ("baseline:bag", "xl-2.0"), ("nli+mlm", "")])
def test_a_name_and_its_model_are_put_together_and_taken_apart(name, model):
    whole = at_model(name, model)
    assert (without_model(whole), model_in(whole)) == (name, model)


def test_a_name_without_a_model_is_left_as_it_is():
    assert at_model("nli", "") == "nli"

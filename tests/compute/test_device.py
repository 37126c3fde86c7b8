"""The device: precision, how much goes through at once, names."""

from __future__ import annotations

import pytest
import torch

from isthmus.compute.device import accelerator, autocast, device_name, device_named, micro_tokens
from isthmus.core.errors import SetupError

CPU = torch.device("cpu")


@pytest.mark.parametrize(("precision", "expected"), [("bf16", torch.bfloat16), ("fp32", torch.float32)])
def test_precision_is_that_of_matrix_products_while_weights_stay_in_fp32(precision, expected):
    layer = torch.nn.Linear(4, 4)
    with autocast(CPU, precision):
        product = layer(torch.ones(2, 4))
    product.float().sum().backward()
    assert product.dtype == expected
    assert layer.weight.dtype == layer.weight.grad.dtype == torch.float32


def test_an_accelerator_can_be_asked_for_again_and_mixes_nothing_by_itself():
    first, second = accelerator(), accelerator()
    assert first.mixed_precision == second.mixed_precision == "no"
    assert first.device == second.device
    assert (first.num_processes, first.is_main_process) == (1, True)


def test_a_gpu_takes_more_at_once_and_an_unknown_device_as_much_as_one():
    assert 0 < micro_tokens(CPU) < micro_tokens(torch.device("cuda")) == micro_tokens(torch.device("meta"))


def test_the_processor_has_a_name():
    assert device_name(CPU) == "cpu"


def test_a_device_is_found_by_name_and_without_one_it_is_that_of_training():
    assert device_named("cpu") == CPU
    assert device_named(None) == accelerator().device


@pytest.mark.parametrize(
    ("name", "there", "message"),
    [
        ("cuda", 0, "found 'cuda', and this machine has no device of kind cuda; expected cpu"),
        ("cuda:2", 1, "found 'cuda:2', and this machine has 1 of kind cuda; expected cpu or cuda:0"),
        ("cpu:1", 0, "found 'cpu:1'"),
        ("gpu", 1, "found 'gpu', no name of a device; expected cpu, cuda or cuda:1"),
        ("meta", 1, "found 'meta'; expected cpu or cuda"),
    ],
)
def test_a_device_that_is_not_there_is_one_clear_error(name, there, message, monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: there)
    with pytest.raises(SetupError) as error:
        device_named(name)
    assert message in str(error.value)


def test_one_of_several_gpus_can_be_named(monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert device_named("cuda:1") == torch.device("cuda", 1)

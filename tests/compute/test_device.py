"""The device: precision, how much goes through at once, names."""

from __future__ import annotations

import pytest
import torch

from isthmus.compute.device import accelerator, autocast, device_name, micro_tokens

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

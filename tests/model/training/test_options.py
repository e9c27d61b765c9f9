from __future__ import annotations

from typing import Any

import pytest
import torch

from model.training.options import BadOption, TrainingOptions, choose_device, has_fast_bfloat16


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"epochs": 0}, "--epochs must be 1 or more, not 0"),
        ({"batch_size": -3}, "--batch-size must be 1 or more, not -3"),
        ({"patience": 0}, "--patience must be 1 or more, not 0"),
        ({"learning_rate": 0.0}, "--learning-rate must be above 0"),
        ({"learning_rate": float("nan")}, "--learning-rate must be above 0"),
        ({"seed": -1}, "--seed must be from 0"),
        ({"network": "resnet"}, "--network must be one of two-block"),
        ({"device": "tpu"}, "--device must be auto, cpu, cuda or mps"),
    ],
)
def test_an_impossible_option_is_refused_by_name(options: dict[str, Any], words: str) -> None:
    with pytest.raises(BadOption, match=words):
        TrainingOptions(**options)


def test_the_device_is_a_gpu_where_there_is_one() -> None:
    has_gpu = torch.cuda.is_available() or torch.backends.mps.is_available()

    assert (choose_device("auto").type == "cpu") is not has_gpu
    assert choose_device("cpu").type == "cpu"


def test_a_gpu_that_is_not_there_is_refused() -> None:
    for name, is_present in [
        ("cuda", torch.cuda.is_available()),
        ("mps", torch.backends.mps.is_available()),
    ]:
        if is_present:
            assert choose_device(name).type == name
        else:
            with pytest.raises(BadOption, match=f"--device {name}: this machine"):
                choose_device(name)


@pytest.mark.parametrize(
    ("capabilities", "is_fast"),
    [
        ({"avx512_bf16": True}, True),
        ({"avx512_bf16": False, "amx_bf16": True}, True),
        ({"avx512_bf16": False, "avx2": True}, False),
        ({}, False),  # what some processors say of themselves
    ],
)
def test_bfloat16_is_fast_where_the_processor_says_that_it_computes_in_it(
    monkeypatch: pytest.MonkeyPatch, capabilities: dict[str, bool], is_fast: bool
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)

    assert has_fast_bfloat16(torch.device("cpu")) is is_fast
    assert not has_fast_bfloat16(torch.device("mps"))

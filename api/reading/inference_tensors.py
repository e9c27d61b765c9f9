"""Tensors of the Open Inference Protocol: images in, what they show out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.reading.micro_batches import Answer
from api.rules.problems import Problem
from model import Prediction
from model.ink.preprocess import SIDE_PX

NAME = "digits"
PLATFORM = "onnx_onnxruntime"
MOST_IMAGES = 256
OUTPUTS = ("label", "probabilities", "is_digit", "sure")
PLACE = SIDE_PX * SIDE_PX
FORM = (
    "expected one input: a name, datatype UINT8, shape [N, 28, 28] with N from 1 to "
    f"{MOST_IMAGES}, and as many numbers from 0 to 255, flat or nested"
)


def inks_of(asked: dict[str, Any]) -> NDArray[np.uint8]:
    """Return the images of a request, uint8 (N, 28, 28); raise `Problem` 422 for anything else."""
    inputs = asked.get("inputs")
    if not isinstance(inputs, list) or len(inputs) != 1 or not isinstance(inputs[0], dict):
        raise Problem(422, FORM)
    if "id" in asked and not isinstance(asked["id"], str):
        raise Problem(422, "id is a text")
    tensor: dict[str, Any] = inputs[0]
    shape: Any = tensor.get("shape")
    if tensor.get("datatype") != "UINT8" or not _is_shape(shape):
        raise Problem(422, FORM)
    if not isinstance(tensor.get("name"), str) or not isinstance(tensor.get("data"), list):
        raise Problem(422, FORM)
    try:
        numbers = np.asarray(tensor["data"])
    except (ValueError, OverflowError) as error:  # rows of different length
        raise Problem(422, FORM) from error
    if numbers.dtype.kind not in "iu" or numbers.size != shape[0] * PLACE:
        raise Problem(422, FORM)
    if numbers.ndim > 1 and list(numbers.shape) != shape:
        raise Problem(422, FORM)
    if numbers.min() < 0 or numbers.max() > 255:
        raise Problem(422, "UINT8 is a number from 0 to 255")
    return numbers.astype(np.uint8).reshape(-1, SIDE_PX, SIDE_PX)


def without_blank(answers: Sequence[Answer], inks: NDArray[np.uint8]) -> list[Answer]:
    """Return readings, of which those of images without ink are refused: there is nothing there."""
    return [
        replace(answer, is_digit=False, sure=False)
        if isinstance(answer, Prediction) and not ink.any()
        else answer
        for answer, ink in zip(answers, inks, strict=True)
    ]


def wanted_outputs(asked: dict[str, Any]) -> Sequence[str]:
    """Return the outputs that a request asks for, each once; all where it names none."""
    wanted = asked.get("outputs")
    if wanted is None:
        return OUTPUTS
    names: list[Any] = [one.get("name") if isinstance(one, dict) else None for one in _list(wanted)]
    if any(name not in OUTPUTS for name in names):
        raise Problem(422, f"outputs are {', '.join(OUTPUTS)}")
    return list(dict.fromkeys(names)) or OUTPUTS  # each once: no answer outgrows its request


def outputs_of(answers: Sequence[Answer], names: Sequence[str]) -> list[dict[str, Any]]:
    """Return what images were read as, a tensor for each name."""
    read = [answer for answer in answers if isinstance(answer, Prediction)]
    count = len(read)
    tensors: dict[str, tuple[str, list[int], list[Any]]] = {
        "label": ("INT64", [count], [int(one.label) for one in read]),
        "probabilities": (
            "FP32",
            [count, 10],
            [round(share, 6) for one in read for share in one.probabilities.values()],
        ),
        "is_digit": ("BOOL", [count], [one.is_digit for one in read]),
        "sure": ("BOOL", [count], [one.sure for one in read]),
    }
    return [
        {"name": name, "datatype": tensors[name][0], "shape": tensors[name][1],
         "data": tensors[name][2]}
        for name in names
    ]  # fmt: skip


def _is_shape(shape: Any) -> bool:
    return (
        isinstance(shape, list)
        and len(shape) == 3
        and all(type(side) is int for side in shape)
        and 1 <= shape[0] <= MOST_IMAGES
        and shape[1:] == [SIDE_PX, SIDE_PX]
    )


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise Problem(422, "outputs is a list")
    return value

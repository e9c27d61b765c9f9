"""Importing torchvision also where its wheel does not match torch's.

pip installs torchvision's CUDA wheel beside a CPU-only torch whenever the latter was there first.
Its compiled operators cannot be loaded then, and its import fails at a line that describes two of
them in Python: "operator torchvision::nms does not exist". Data sets and transforms, all that is
used here, need none of these operators.
"""

from __future__ import annotations

import importlib
from functools import cache
from types import ModuleType

import torch

# The operators that torchvision describes without asking whether they were loaded, with the
# signatures of its own C++ sources.
DESCRIBED_OPERATORS = {
    "nms": "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
}


@cache
def import_torchvision() -> ModuleType:
    """Return torchvision; with a torch that it was not built for, without its compiled operators.

    In a matched pairing this is a plain import. In the other, calling one of the operators (they
    suppress overlapping boxes) still fails, and says that it has no kernel.
    Raises ImportError where torchvision is not installed.
    """
    try:
        return importlib.import_module("torchvision")
    except RuntimeError as error:
        if "operator torchvision::" not in str(error):
            raise
    _declare_operators()
    return importlib.import_module("torchvision")


def _declare_operators() -> None:
    """Declare the operators by signature, without any kernel, for the life of the process."""
    library = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
    for signature in DESCRIBED_OPERATORS.values():
        library.define(signature)  # type: ignore[no-untyped-call]
    _kept.append(library)  # the declarations end with the object


_kept: list[torch.library.Library] = []

"""MNIST's four files as they are known to be, and what lies in their place when it is not they."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.datasets.idx import DatasetError


@dataclass(frozen=True)
class KnownFile:
    """One of MNIST's files, unpacked."""

    holds: str
    count: int
    md5: str


KNOWN = {
    "train-images-idx3-ubyte": KnownFile(
        "the training images", 60_000, "6bbc9ace898e44ae57da46a324031adb"
    ),
    "train-labels-idx1-ubyte": KnownFile(
        "the training labels", 60_000, "a25bea736e30d166cdddb491f175f624"
    ),
    "t10k-images-idx3-ubyte": KnownFile(
        "the test images", 10_000, "2646ac647ad5339dbf082846283269ea"
    ),
    "t10k-labels-idx1-ubyte": KnownFile(
        "the test labels", 10_000, "27ae3e4e09519cfbb04c329615203637"
    ),
}


def check_known(path: Path, values: NDArray[np.uint8]) -> None:
    """Raise DatasetError where a file of MNIST's holds another one of the four, or is altered.

    path: named as one of MNIST's files, with or without `.gz`. values: what is in it. Files of
    another number than MNIST's are somebody's own set in its layout, and pass.
    """
    name = path.name.removesuffix(".gz")
    expected = KNOWN[name]
    by_count = {known.count for known in KNOWN.values()}
    if len(values) not in by_count:
        return
    # The header and the numbers: what the file is when it is unpacked.
    md5 = _md5(values)
    if md5 == expected.md5:
        return
    other = next((known for known in KNOWN.values() if known.md5 == md5), None)
    if other is None and len(values) != expected.count and values.ndim == int(name[-7]):
        # By the number alone: training and test swapped, of a set that has been worked on.
        kind = expected.holds.split()[-1]
        other = next(k for k in KNOWN.values() if k.count == len(values) and kind in k.holds)
    if other is not None:
        raise DatasetError(
            f"{path} should hold {expected.holds} of MNIST ({expected.count:,}), but holds "
            f"{other.holds} ({len(values):,}): give the files their own names again, or delete "
            f"all four of {path.parent}, and they will be downloaded again"
        )
    raise DatasetError(
        f"{path} has as many entries as MNIST's ({len(values):,}), but is not MNIST's (MD5 {md5}, "
        f"not {expected.md5}): delete it, and it will be downloaded again, or name another folder "
        "with --data-dir"
    )


def _md5(values: NDArray[np.uint8]) -> str:
    axes = np.array(values.shape, ">u4").tobytes()
    digest = hashlib.md5(bytes((0, 0, 0x08, values.ndim)) + axes, usedforsecurity=False)
    digest.update(np.ascontiguousarray(values).data)
    return digest.hexdigest()

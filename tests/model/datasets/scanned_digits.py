"""Real handwriting that needs no download: scikit-learn's 1,797 scanned digits, as MNIST's form."""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from model.datasets.mnist import Digits
from model.ink.preprocess import prepare


@cache
def scanned_digits() -> Digits:
    scans = load_digits()
    levels = np.round(scans.images * (255 / 16)).astype(np.uint8).clip(0, 255)
    # A margin says what is paper: in these 8 x 8 scans the ink touches the border.
    inks = np.stack([prepare(np.pad(scan, 2)) for scan in levels])
    return Digits(torch.from_numpy(inks), torch.from_numpy(scans.target.astype(np.int64)))


def write_idx(path: Path, values: NDArray[np.uint8]) -> None:
    header = struct.pack(f">HBB{values.ndim}I", 0, 0x08, values.ndim, *values.shape)
    path.write_bytes(header + np.ascontiguousarray(values).tobytes())


def write_as_mnist(data_dir: Path, digits: Digits, test_size: int = 300) -> Path:
    """Lay digits out as torchvision does MNIST, the last `test_size` of them as the test set."""
    raw = data_dir / "MNIST" / "raw"
    raw.mkdir(parents=True)
    images, labels = digits.images.numpy(), digits.labels.numpy().astype(np.uint8)
    for name, part in [("train", slice(None, -test_size)), ("t10k", slice(-test_size, None))]:
        write_idx(raw / f"{name}-images-idx3-ubyte", images[part])
        write_idx(raw / f"{name}-labels-idx1-ubyte", labels[part])
    return data_dir

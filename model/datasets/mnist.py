"""MNIST as tensors, and the split that training and validation use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from model.datasets.download import MNIST_FILES, download_mnist
from model.datasets.idx import DatasetError, read_idx
from model.datasets.known_files import check_known
from model.ink.preprocess import MNIST_MEAN, MNIST_STD, SIDE_PX

CLASSES = tuple("0123456789")
VALIDATION_SHARE = 0.2


@dataclass(frozen=True)
class Digits:
    """Handwritten digits with their labels."""

    images: Tensor  # uint8 (N, 28, 28), 0 = paper, 255 = full ink
    labels: Tensor  # int64 (N,), 0..9

    def __len__(self) -> int:
        """Return the number of digits."""
        return len(self.labels)

    def take(self, indices: Tensor) -> Digits:
        """Return the digits at some places, in that order; indices: int64 (M,)."""
        return Digits(self.images[indices], self.labels[indices])

    def to(self, device: torch.device) -> Digits:
        """Return the same digits in the memory of a device."""
        return Digits(self.images.to(device), self.labels.to(device))


def load_mnist(data_dir: Path, *, train: bool) -> Digits:
    """Return MNIST's training set (60,000 digits) or its test set (10,000).

    data_dir: has `MNIST/raw`, with the files as they are or as .gz; absent, they are downloaded
    there. Raises DatasetError, which says what to do, where that fails, a file is damaged, or it is
    not the one that its name says (`known_files`).
    """
    paths = _find_files(data_dir)
    if paths is None:
        download_mnist(data_dir)
        paths = _find_files(data_dir)
        assert paths is not None, "the download has put every file in its place"
    images_path, labels_path = paths[:2] if train else paths[2:]
    images, labels = read_idx(images_path), read_idx(labels_path)
    check_known(images_path, images)
    check_known(labels_path, labels)
    if images.shape != (len(labels), SIDE_PX, SIDE_PX) or labels.ndim != 1 or not len(labels):
        raise DatasetError(f"{images_path} and {labels_path} do not belong together")
    if labels.max() >= len(CLASSES):
        raise DatasetError(f"{labels_path} has labels above 9: this is not MNIST")
    # The copies make the bytes writable, as torch wants them.
    return Digits(torch.from_numpy(images.copy()), torch.from_numpy(labels.astype("int64")))


def _find_files(data_dir: Path) -> list[Path] | None:
    """Return the paths of MNIST's files, in the order of MNIST_FILES, if all of them are there."""
    raw = data_dir / "MNIST" / "raw"
    try:
        found = [
            next(path for path in (raw / name, raw / f"{name}.gz") if path.is_file())
            for name in MNIST_FILES
        ]
    except StopIteration:
        return None
    except OSError as error:
        raise DatasetError(f"could not look into {raw}: {error.strerror or error}") from error
    return found


def split(
    digits: Digits, seed: int, validation_share: float = VALIDATION_SHARE
) -> tuple[Digits, Digits]:
    """Return the training part and the validation part, drawn at random."""
    order = torch.randperm(len(digits), generator=torch.Generator().manual_seed(seed))
    validation_size = round(len(digits) * validation_share)
    return digits.take(order[validation_size:]), digits.take(order[:validation_size])


def to_ink(images: Tensor) -> Tensor:
    """Return images as float32 (N, 1, 28, 28) ink, 0 = paper, 1 = full; images: uint8 (N, 28, 28).

    Works where the tensor lies, GPU included; paper stays 0, so that augmentation can move paper in
    from outside.
    """
    return images[:, None].float().div_(255)


def normalise(ink: Tensor) -> Tensor:
    """Return ink standardised as `preprocess.to_input` does it; ink: float32, any shape, 0..1."""
    return (ink - MNIST_MEAN).div_(MNIST_STD)

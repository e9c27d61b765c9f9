"""EMNIST: scanned digits and letters, upright, with what each label may mean.

Cohen, Afshar, Tapson and van Schaik, "EMNIST: an extension of MNIST to handwritten letters", 2017;
of NIST Special Database 19, public domain. In the files each image lies transposed.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from model.datasets.alphabet import CHARACTERS, MERGED, both_cases, meanings
from model.datasets.download import download_emnist
from model.datasets.idx import DatasetError, read_idx
from model.ink.preprocess import SIDE_PX

# Of each split its labels, in order: what each may mean. Letters count from 1, so that 0 is none.
SPLITS: dict[str, tuple[str, ...]] = {
    "byclass": tuple(CHARACTERS),
    "bymerge": tuple(map(both_cases, MERGED)),
    "letters": tuple(capital + capital.lower() for capital in string.ascii_uppercase),
}
FIRST_LABEL = {"byclass": 0, "bymerge": 0, "letters": 1}


@dataclass(frozen=True)
class Scans:
    """Scanned characters with their labels."""

    images: Tensor  # uint8 (N, 28, 28), 0 = paper, 255 = full ink
    labels: Tensor  # int64 (N,), rows of `meanings`
    meanings: Tensor  # bool (labels, 62), which of the CHARACTERS each label may mean

    def __len__(self) -> int:
        """Return the number of scans."""
        return len(self.labels)

    @property
    def allowed(self) -> Tensor:
        """Return which characters each scan may show: bool (N, 62)."""
        return self.meanings[self.labels]


def load_emnist(data_dir: Path, split: str, *, train: bool) -> Scans:
    """Return the training or the test part of a split, `byclass`, `bymerge` or `letters`.

    data_dir: has `EMNIST/raw`, with the files as they are or as .gz; where the two files of this
    part are absent, all of EMNIST (half a gigabyte) is downloaded, and what of these splits is not
    there is put there. They may hold fewer scans than the official ones.
    Raises DatasetError, which says what to do, where that fails or a file is damaged.
    """
    raw = data_dir / "EMNIST" / "raw"
    names = emnist_files(split, train=train)
    paths = [_find(raw, name) for name in names]
    if None in paths:
        download_emnist(data_dir, split, train=train)
        paths = [_find(raw, name) for name in names]
    images_path, labels_path = paths
    assert images_path is not None, "the download has put every file in its place"
    assert labels_path is not None, "likewise"
    images, labels = read_idx(images_path), read_idx(labels_path)
    if images.shape != (len(labels), SIDE_PX, SIDE_PX) or labels.ndim != 1 or not len(labels):
        raise DatasetError(f"{images_path} and {labels_path} do not belong together")
    first, classes = FIRST_LABEL[split], SPLITS[split]
    if labels.min() < first or labels.max() >= first + len(classes):
        raise DatasetError(
            f"{labels_path} has labels beside {first} to {first + len(classes) - 1}: "
            f"this is not EMNIST {split}"
        )
    return Scans(
        torch.from_numpy(images.transpose(0, 2, 1).copy()),
        torch.from_numpy(labels.astype("int64") - first),
        torch.from_numpy(meanings(classes)),
    )


def emnist_files(split: str, *, train: bool) -> tuple[str, str]:
    """Return the names of a part's files of images and of labels."""
    start = f"emnist-{split}-{'train' if train else 'test'}"
    return f"{start}-images-idx3-ubyte", f"{start}-labels-idx1-ubyte"


def _find(raw: Path, name: str) -> Path | None:
    try:
        return next((path for path in (raw / name, raw / f"{name}.gz") if path.is_file()), None)
    except OSError as error:
        raise DatasetError(f"could not look into {raw}: {error.strerror or error}") from error

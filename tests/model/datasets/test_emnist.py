from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from model.datasets.emnist import emnist_files, load_emnist
from model.datasets.idx import DatasetError
from tests.model.datasets.scanned_digits import scanned_digits, write_idx

SPLITS = ("byclass", "bymerge", "letters")


def write(data_dir: Path, split: str, labels: list[int], *, train: bool = True) -> torch.Tensor:
    """Write scans as EMNIST has them, transposed; return them upright."""
    raw = data_dir / "EMNIST" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    images = scanned_digits().images[: len(labels)]
    names = emnist_files(split, train=train)
    write_idx(raw / names[0], images.numpy().transpose(0, 2, 1))
    write_idx(raw / names[1], np.array(labels, np.uint8))
    return images


def test_scans_are_upright(tmp_path: Path) -> None:
    upright = write(tmp_path, "byclass", [0, 1, 61])

    assert torch.equal(load_emnist(tmp_path, "byclass", train=True).images, upright)


@pytest.mark.parametrize(
    ("split", "labels", "meant"),
    [
        ("byclass", [0, 10, 38, 61], ["0", "A", "c", "z"]),
        ("bymerge", [0, 10, 12, 36, 46], ["0", "A", "Cc", "a", "t"]),
        ("letters", [1, 3, 26], ["Aa", "Cc", "Zz"]),
    ],
)
def test_a_label_means_the_characters_that_its_split_gives_it(
    tmp_path: Path, split: str, labels: list[int], meant: list[str]
) -> None:
    from model.datasets.alphabet import CHARACTERS

    write(tmp_path, split, labels, train=False)

    scans = load_emnist(tmp_path, split, train=False)

    assert len(scans) == len(labels)
    for row, characters in zip(scans.allowed, meant, strict=True):
        assert "".join(np.array(list(CHARACTERS))[row.numpy()]) == characters


@pytest.mark.parametrize(("split", "label"), [("byclass", 62), ("bymerge", 47), ("letters", 0)])
def test_labels_of_another_split_are_refused(tmp_path: Path, split: str, label: int) -> None:
    write(tmp_path, split, [1, label])

    with pytest.raises(DatasetError, match=f"not EMNIST {split}"):
        load_emnist(tmp_path, split, train=True)


def test_images_and_labels_of_different_parts_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "letters", [1, 2, 3])
    write_idx(
        tmp_path / "EMNIST/raw" / emnist_files("letters", train=True)[1], np.array([1], np.uint8)
    )

    with pytest.raises(DatasetError, match="do not belong together"):
        load_emnist(tmp_path, "letters", train=True)


@pytest.mark.data
def test_the_scans_that_training_and_test_have_are_read(datasets: Path) -> None:
    if not (datasets / "EMNIST").is_dir():
        pytest.skip(f"there is no EMNIST in {datasets}")

    letters = load_emnist(datasets, "letters", train=False)

    assert (letters.labels.bincount() >= 400).all()
    upright = letters.images[letters.labels == 8].float().mean(dim=0)  # I, from top to bottom
    assert upright[4:10, 12:16].sum() > 2 * upright[12:16, 4:10].sum()

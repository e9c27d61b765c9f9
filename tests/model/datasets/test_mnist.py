from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
import torch

from model.datasets.idx import DatasetError
from model.datasets.mnist import Digits, load_mnist, normalise, split, to_ink
from model.ink.preprocess import to_input
from tests.model.datasets.scanned_digits import scanned_digits, write_as_mnist, write_idx


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return write_as_mnist(tmp_path, scanned_digits())


def test_files_in_torchvisions_layout_are_read(data_dir: Path) -> None:
    digits = scanned_digits()

    training, test = load_mnist(data_dir, train=True), load_mnist(data_dir, train=False)

    assert torch.equal(torch.cat([training.images, test.images]), digits.images)
    assert torch.equal(torch.cat([training.labels, test.labels]), digits.labels)
    assert len(test) == 300


def test_compressed_files_are_read_where_they_lie(data_dir: Path) -> None:
    expected = load_mnist(data_dir, train=False)
    for path in (data_dir / "MNIST" / "raw").iterdir():
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()

    assert torch.equal(load_mnist(data_dir, train=False).images, expected.images)


def test_labels_of_another_number_of_images_are_refused(data_dir: Path) -> None:
    write_idx(data_dir / "MNIST/raw/t10k-labels-idx1-ubyte", np.zeros(299, np.uint8))

    with pytest.raises(DatasetError, match="do not belong together"):
        load_mnist(data_dir, train=False)


def test_labels_above_nine_are_refused(data_dir: Path) -> None:
    write_idx(data_dir / "MNIST/raw/t10k-labels-idx1-ubyte", np.full(300, 10, np.uint8))

    with pytest.raises(DatasetError, match="this is not MNIST"):
        load_mnist(data_dir, train=False)


def test_a_fifth_validates_and_no_digit_is_on_both_sides() -> None:
    count = 1000
    numbered = Digits(torch.zeros(count, 28, 28, dtype=torch.uint8), torch.arange(count))

    training, validation = split(numbered, seed=3)

    assert (len(training), len(validation)) == (800, 200)
    assert sorted([*training.labels.tolist(), *validation.labels.tolist()]) == list(range(count))


def test_the_split_depends_on_the_seed_alone() -> None:
    digits = scanned_digits()

    assert torch.equal(split(digits, 1)[1].images, split(digits, 1)[1].images)
    assert not torch.equal(split(digits, 1)[1].images, split(digits, 2)[1].images)


def test_training_sees_the_very_numbers_that_prediction_sees() -> None:
    images = scanned_digits().images[:50]

    assert np.array_equal(normalise(to_ink(images)), to_input(images.numpy()))


@pytest.mark.data
def test_the_real_mnist_is_complete(datasets: Path) -> None:
    training, test = load_mnist(datasets, train=True), load_mnist(datasets, train=False)

    assert (len(training), len(test)) == (60_000, 10_000)
    assert torch.bincount(test.labels).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
import torch

from model.datasets.download import MNIST_FILES
from model.datasets.idx import DatasetError
from model.datasets.known_files import check_known
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


def real_files(datasets: Path, folder: Path) -> Path:
    """Return the folder of links to MNIST's real files, to be mixed up."""
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in MNIST_FILES:
        (raw / name).symlink_to(datasets / "MNIST" / "raw" / name)
    return raw


@pytest.mark.data
@pytest.mark.parametrize("kind", ["images-idx3-ubyte", "labels-idx1-ubyte"])
@pytest.mark.parametrize("train", [True, False])
def test_training_and_test_swapped_are_named(
    kind: str, train: bool, datasets: Path, tmp_path: Path
) -> None:
    raw = real_files(datasets, tmp_path)
    (raw / f"train-{kind}").rename(raw / "aside")
    (raw / f"t10k-{kind}").rename(raw / f"train-{kind}")
    (raw / "aside").rename(raw / f"t10k-{kind}")
    words = kind.split("-")[0]
    here, there = ("training", "test") if train else ("test", "training")

    with pytest.raises(
        DatasetError, match=f"should hold the {here} {words} .* holds the {there} {words} .*: give"
    ):
        load_mnist(tmp_path, train=train)


@pytest.mark.data
def test_images_and_labels_swapped_are_named(datasets: Path, tmp_path: Path) -> None:
    raw = real_files(datasets, tmp_path)
    images, labels = raw / "t10k-images-idx3-ubyte", raw / "t10k-labels-idx1-ubyte"
    images.rename(raw / "aside")
    labels.rename(images)
    (raw / "aside").rename(labels)

    with pytest.raises(DatasetError, match=r"should hold the test images .* holds the test labels"):
        load_mnist(tmp_path, train=False)


@pytest.mark.data
def test_a_flipped_bit_is_named_by_its_sum(datasets: Path, tmp_path: Path) -> None:
    labels = real_files(datasets, tmp_path) / "t10k-labels-idx1-ubyte"
    content = bytearray(labels.read_bytes())
    labels.unlink()
    content[5_000] ^= 1
    labels.write_bytes(content)

    with pytest.raises(DatasetError, match=r"as many entries as MNIST's .* is not MNIST's .MD5"):
        load_mnist(tmp_path, train=False)


def test_swapped_files_are_known_by_their_number_alone(tmp_path: Path) -> None:
    path = tmp_path / "train-labels-idx1-ubyte"

    with pytest.raises(DatasetError, match=r"holds the test labels \(10,000\)"):
        check_known(path, np.zeros(10_000, np.uint8))


def test_a_file_cut_off_is_named(data_dir: Path) -> None:
    labels = data_dir / "MNIST/raw/t10k-labels-idx1-ubyte"
    packed = gzip.compress(labels.read_bytes())
    labels.unlink()
    labels.with_name(f"{labels.name}.gz").write_bytes(packed[:-20])

    with pytest.raises(DatasetError, match=r"ubyte\.gz: it is cut off after .* delete it"):
        load_mnist(data_dir, train=False)


def test_an_unpacked_file_cut_off_is_named(data_dir: Path) -> None:
    labels = data_dir / "MNIST/raw/t10k-labels-idx1-ubyte"
    labels.write_bytes(labels.read_bytes()[:-20])

    with pytest.raises(DatasetError, match="header promises 300 bytes of data, and it has 280"):
        load_mnist(data_dir, train=False)


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize(
    "page", [b"<!DOCTYPE html><title>404", b"\n<HTML>", b"<?xml version='1'?>"]
)
def test_a_web_page_in_place_of_a_file_is_named(data_dir: Path, page: bytes, ending: str) -> None:
    labels = data_dir / "MNIST/raw/t10k-labels-idx1-ubyte"
    labels.unlink()
    labels.with_name(f"{labels.name}{ending}").write_bytes(page)

    with pytest.raises(DatasetError, match=r"no IDX file but a web page: .* delete it"):
        load_mnist(data_dir, train=False)


def test_a_packed_file_without_the_ending_is_read(data_dir: Path) -> None:
    expected = load_mnist(data_dir, train=False)
    labels = data_dir / "MNIST/raw/t10k-labels-idx1-ubyte"
    labels.write_bytes(gzip.compress(labels.read_bytes()))

    assert torch.equal(load_mnist(data_dir, train=False).labels, expected.labels)


@pytest.mark.data
def test_the_real_mnist_is_complete(datasets: Path) -> None:
    training, test = load_mnist(datasets, train=True), load_mnist(datasets, train=False)

    assert (len(training), len(test)) == (60_000, 10_000)
    assert torch.bincount(test.labels).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip

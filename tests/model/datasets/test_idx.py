from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from model.datasets.idx import DatasetError, read_idx
from tests.model.datasets.scanned_digits import write_idx

NUMBERS = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)


def test_a_file_is_read_in_the_shape_of_its_header(tmp_path: Path) -> None:
    write_idx(tmp_path / "images", NUMBERS)

    assert np.array_equal(read_idx(tmp_path / "images"), NUMBERS)


def test_a_compressed_file_is_read_as_well(tmp_path: Path) -> None:
    write_idx(tmp_path / "images", NUMBERS)
    (tmp_path / "images.gz").write_bytes(gzip.compress((tmp_path / "images").read_bytes()))

    assert np.array_equal(read_idx(tmp_path / "images.gz"), NUMBERS)


@pytest.mark.parametrize("length", [0, 3, 7, 16, 39])
def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path, length: int) -> None:
    write_idx(tmp_path / "images", NUMBERS)
    content = (tmp_path / "images").read_bytes()
    assert length < len(content)
    (tmp_path / "images").write_bytes(content[:length])

    with pytest.raises(DatasetError, match=r"images is damaged.*delete it"):
        read_idx(tmp_path / "images")


@pytest.mark.parametrize("content", [b"<html>not found</html>", b"\0\0\x0d\x01\0\0\0\x01\0\0\0\0"])
def test_a_foreign_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "images").write_bytes(content)

    with pytest.raises(DatasetError, match="is no IDX file"):
        read_idx(tmp_path / "images")


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    write_idx(tmp_path / "images", NUMBERS)
    packed = gzip.compress((tmp_path / "images").read_bytes())
    (tmp_path / "images.gz").write_bytes(packed[:-9])

    with pytest.raises(DatasetError, match=r"could not read .*images\.gz"):
        read_idx(tmp_path / "images.gz")

"""Files in the IDX format, in which MNIST and EMNIST come: a header, then plain numbers."""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

UNSIGNED_BYTE = 0x08


class DatasetError(Exception):
    """A dataset is absent or damaged; the message says where, and the way out."""


def read_idx(path: Path) -> NDArray[np.uint8]:
    """Return the numbers of an IDX file of unsigned bytes, in the shape that its header gives.

    path: the file, or its `.gz` form. Raises DatasetError for a damaged or foreign file.
    """
    try:
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(f"could not read {path}: {error}") from error
    # Two zero bytes, the type of the numbers, how many axes; then each axis as a big-endian int32.
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] != UNSIGNED_BYTE:
        raise _damaged(path)
    start = 4 + 4 * content[3]
    if len(content) < start:
        raise _damaged(path)
    shape = tuple(int(side) for side in np.frombuffer(content[4:start], ">u4"))
    if len(content) - start != math.prod(shape):
        raise _damaged(path)
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def _damaged(path: Path) -> DatasetError:
    return DatasetError(
        f"{path} is damaged, or is no IDX file: delete it, and it will be downloaded again"
    )

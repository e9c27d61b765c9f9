"""Files in the IDX format, in which MNIST and EMNIST come: a header, then plain numbers."""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

UNSIGNED_BYTE = 0x08
GZIP = b"\x1f\x8b"
AGAIN = "delete it, and it will be downloaded again"


class DatasetError(Exception):
    """A dataset is absent or damaged; the message says where, and the way out."""


def read_idx(path: Path) -> NDArray[np.uint8]:
    """Return the numbers of an IDX file of unsigned bytes, in the shape that its header gives.

    path: the file, packed by gzip or not, whatever it is called. Raises DatasetError for a damaged
    or foreign file, which says what lies there instead where that can be told.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DatasetError(f"could not read {path}: {error.strerror or error}") from error
    if content[:2] == GZIP:
        content = _unpacked(path, content)
    if _is_web_page(content):
        raise DatasetError(
            f"{path} is no IDX file but a web page: a server sent a message in its place; "
            f"{AGAIN}, or put the real file there"
        )
    # Two zero bytes, the type of the numbers, how many axes; then each axis as a big-endian int32.
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] != UNSIGNED_BYTE:
        raise _damaged(path)
    start = 4 + 4 * content[3]
    if len(content) < start:
        raise _damaged(path)
    shape = tuple(int(side) for side in np.frombuffer(content[4:start], ">u4"))
    if len(content) - start != math.prod(shape):
        raise DatasetError(
            f"{path} is damaged, or is no IDX file: its header promises {math.prod(shape):,} bytes "
            f"of data, and it has {len(content) - start:,}; {AGAIN}"
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def _unpacked(path: Path, content: bytes) -> bytes:
    try:
        return gzip.decompress(content)
    except EOFError as error:
        raise DatasetError(
            f"could not read {path}: it is cut off after {len(content):,} bytes, perhaps by a copy "
            f"that was not finished; {AGAIN}"
        ) from error
    except (OSError, zlib.error) as error:
        raise DatasetError(f"could not read {path}: it is damaged ({error}); {AGAIN}") from error


def _is_web_page(content: bytes) -> bool:
    start = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<?xml"))


def _damaged(path: Path) -> DatasetError:
    return DatasetError(
        f"{path} is damaged, or is no IDX file: delete it, and it will be downloaded again"
    )

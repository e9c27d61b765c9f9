"""Fetching MNIST and EMNIST with torchvision."""

from __future__ import annotations

import http.client
import os
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from model.datasets.idx import DatasetError
from model.datasets.torchvision_pairing import import_torchvision

MNIST_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
EMNIST_SPLITS = "byclass", "bymerge", "letters"  # of six: the others are parts of these
SILENCE_S = 10.0  # a server that says nothing for this long counts as out of reach


def download_mnist(
    data_dir: Path,
    mirrors: Sequence[str] | None = None,
    resources: Sequence[tuple[str, str]] | None = None,
) -> None:
    """Fetch MNIST's four files into `data_dir`/MNIST/raw, with a progress bar for each.

    mirrors, resources: other servers, and other (file name, MD5) pairs, than torchvision's own.
    A file appears whole, with the right MD5 sum, or not at all. Raises DatasetError, which says
    where to put which files, when they cannot be fetched or kept.
    """
    target = data_dir / "MNIST" / "raw"
    try:
        datasets = import_torchvision().datasets
        changes = {"mirrors": mirrors, "resources": resources}
        source = type("MNIST", (datasets.MNIST,), {k: v for k, v in changes.items() if v})
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as partial, _limited_silence():
            fetched = source(partial, download=True)
            for name in MNIST_FILES:
                os.replace(Path(fetched.raw_folder, name), target / name)
    except (ImportError, RuntimeError, OSError, http.client.HTTPException) as error:
        raise DatasetError(
            f"there is no MNIST in {data_dir}, and it could not be downloaded ({_why(error)}): put "
            f"{', '.join(MNIST_FILES)} (as they are or as .gz) into {target}, "
            "or name the folder that has MNIST/raw with --data-dir or DATA_DIR"
        ) from error


def download_emnist(
    data_dir: Path, split: str, *, train: bool, url: str | None = None, md5: str | None = None
) -> None:
    """Fetch EMNIST, and put into `data_dir`/EMNIST/raw what is not there of its characters.

    split, train: the part that is needed, of which both files are there afterwards. url, md5:
    another archive than torchvision's own. It has half a gigabyte, and needs three on the disk
    meanwhile. A file appears whole or not at all, and none that is there is replaced.
    Raises DatasetError, which says where to put which files, when it cannot be fetched or kept.
    """
    target = data_dir / "EMNIST" / "raw"
    part = f"emnist-{split}-{'train' if train else 'test'}-"
    try:
        datasets = import_torchvision().datasets
        changes = {k: v for k, v in {"url": url, "md5": md5}.items() if v}
        # Without its loading of what it has fetched, which is for other files, as Python objects.
        changes["_load_data"] = lambda self: (None, None)  # type: ignore[assignment]
        source = type("EMNIST", (datasets.EMNIST,), changes)
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as partial, _limited_silence():
            fetched = source(partial, split=split, train=train, download=True)
            for file in sorted(Path(fetched.raw_folder).glob("emnist-*-ubyte")):
                is_there = any((target / name).exists() for name in (file.name, f"{file.name}.gz"))
                if file.name.split("-")[1] in EMNIST_SPLITS and not is_there:
                    os.replace(file, target / file.name)
    except (ImportError, RuntimeError, OSError, http.client.HTTPException) as error:
        raise DatasetError(
            f"there is no {part}images-idx3-ubyte with its labels in {target}, and EMNIST could "
            f"not be downloaded ({_why(error)}): put {part}images-idx3-ubyte and "
            f"{part}labels-idx1-ubyte (as they are or as .gz) there, "
            "or name the folder that has EMNIST/raw with --data-dir or DATA_DIR"
        ) from error


def _why(error: Exception) -> str:
    """Return the last server's own words, out of the lines that torchvision puts around them."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[-1].removeprefix("<urlopen error ").removesuffix(">")


@contextmanager
def _limited_silence() -> Iterator[None]:
    """Give every connection made inside a time limit; torchvision sets none."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(SILENCE_S)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)

"""Fetching MNIST with torchvision."""

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

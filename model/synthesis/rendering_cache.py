"""Renderings kept in a file, which is named after everything that they depend on."""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.pen.drawings import PenDrawing

Arrays = dict[str, NDArray[Any]]


def kept(path: Path, render: Callable[[], Arrays]) -> Arrays:
    """Return what a file holds, or else what `render` makes, which is then kept there.

    A damaged file counts as none. One that cannot be written is told of, and harms nothing.
    """
    arrays = _read(path)
    if arrays is None:
        arrays = render()
        try:
            _write(path, arrays)
        except OSError as error:
            print(f"renderings are not kept in {path}: {error.strerror}", file=sys.stderr)
    return arrays


def key_of(
    modules: Iterable[ModuleType], drawings: Iterable[PenDrawing], numbers: Sequence[int]
) -> str:
    """Return a name, 16 hexadecimal digits, for what these sources make of these drawings."""
    digest = hashlib.sha256()
    for module in modules:
        digest.update(inspect.getsource(module).encode())
    for drawing in drawings:
        digest.update(json.dumps([drawing.label, drawing.strokes]).encode())
    digest.update(json.dumps(numbers).encode())
    return digest.hexdigest()[:16]


def _read(path: Path) -> Arrays | None:
    """Return what the cache holds; None where there is nothing, or a file that is damaged."""
    try:
        with path.open("rb") as file, np.load(file) as arrays:
            return dict(arrays)
    except (OSError, EOFError, ValueError, zipfile.BadZipFile):
        return None


def _write(path: Path, arrays: Arrays) -> None:
    """Write the cache, whole or not at all; raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise

"""A version's two files, out of the store onto the disk."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from feedback.learning.versions import StoredWeights

SUFFIXES = (".safetensors", ".onnx")


class NotExported(Exception):
    """Nothing was written; the message is meant for a person."""


def export_weights(stored: StoredWeights, file: Path) -> tuple[Path, Path]:
    """Write NAME.safetensors and NAME.onnx, both or neither, and return their paths.

    file: either of them, or NAME. Files that are there are never written over: `NotExported` says
    so, and what else keeps them from being written.
    """
    stem = file.with_suffix("") if file.suffix in SUFFIXES else file
    files = [stem.with_name(stem.name + suffix) for suffix in SUFFIXES]
    made: list[Path] = []
    try:
        if not stem.parent.is_dir():
            stem.parent.mkdir(parents=True)
        for path, content in zip(files, (stored.tensors, stored.graph), strict=True):
            with path.open("xb") as opened:
                made.append(path)
                opened.write(content)
                opened.flush()
                os.fsync(opened.fileno())
    except OSError as error:
        for path in made:
            with suppress(OSError):
                path.unlink()
        if isinstance(error, FileExistsError) and error.filename in map(str, files):
            raise NotExported(f"{error.filename} is there already: name another file") from None
        raise NotExported(f"{stem} cannot be written: {error.strerror or error}") from None
    return files[0], files[1]

"""Where files of weights lie, and what can be said of a file before it is read."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from model.errors import BadWeights, WeightsError, WeightsNotFound

SHIPPED = Path(__file__).resolve().parent.parent / "weights"
DEFAULT_WEIGHTS = SHIPPED / "six-conv.safetensors"
BASELINE_WEIGHTS = SHIPPED / "two-block.safetensors"
CHARACTER_WEIGHTS = SHIPPED / "characters.safetensors"


class Pair(NamedTuple):
    """The two files of one set of weights."""

    tensors: Path  # NAME.safetensors: what training goes on from
    graph: Path  # NAME.onnx: what predicts


def pair_of(path: Path) -> Pair:
    """Return both files of the weights that `path`, either of them, belongs to."""
    stem = path.with_name(path.name.removesuffix(path.suffix))
    if path.suffix == ".onnx":
        return Pair(stem.with_name(f"{stem.name}.safetensors"), path)
    if path.suffix != ".safetensors":
        stem = path
    return Pair(path, stem.with_name(f"{stem.name}.onnx"))


def exists(path: Path) -> bool:
    """Tell whether there is a file at `path`; BadWeights where nobody can tell."""
    try:
        return path.is_file()
    except OSError as error:  # too long a name; a folder on the way that may not be entered
        raise BadWeights(f"{path} cannot be reached: {error.strerror or error}") from error


def not_found(path: Path) -> WeightsNotFound:
    """Return the error for weights of which there is no file."""
    return WeightsNotFound(
        f"no weights at {path}: run `python run_model.py --mode train`, "
        "or point WEIGHTS at an existing file"
    )


def read_bytes(path: Path) -> bytes:
    """Return a file's content; WeightsNotFound, or BadWeights for what cannot be read or a pickle.

    A pickle is never opened: that could run any code.
    """
    if not exists(path):
        raise not_found(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadWeights(f"{path} cannot be read: {error.strerror or error}") from error
    # torch.save writes a zip archive around a pickle; older ones and pickle.dump write it bare. A
    # safetensors file may begin as those do, with the length of its header, then a brace.
    if content.startswith(b"PK") or (content[:1] == b"\x80" and content[8:9] != b"{"):
        raise BadWeights(
            f"{path} is a pickle, which could run any code when opened, and is refused: "
            "Inkling reads only .safetensors and .onnx"
        )
    return content


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write files so that each is whole or not there at all, and none where one does not fit.

    Raises WeightsError, leaving older files as they were, when one cannot be written.
    """
    ready: dict[Path, Path] = {}  # what was written beside its place: where it belongs
    path = next(iter(contents))
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            ready[Path(temporary)] = path
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o644)  # mkstemp's 0600 would hide it from a container's other user
        for written, path in ready.items():
            os.replace(written, path)
    except OSError as error:
        raise WeightsError(
            f"could not write the weights to {path}: {error.strerror or error}; "
            "free some space or choose another place with --out"
        ) from error
    finally:
        for written in ready:
            written.unlink(missing_ok=True)

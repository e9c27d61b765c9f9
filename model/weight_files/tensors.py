"""`NAME.safetensors`: the tensors that training goes on from, with their card."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from model.errors import BadWeights
from model.weight_files.card import Card, damaged, from_header, to_header
from model.weight_files.places import read_bytes

Tensors = Mapping[str, NDArray[Any]]


def complete(card: Card, tensors: Tensors) -> Card:
    """Return the card with what follows from the tensors: their digest, and the version by it."""
    digest = digest_of(tensors)
    return replace(card, digest=digest, version=f"{card.architecture}-{digest[:8]}")


def to_safetensors(tensors: Tensors, card: Card) -> bytes:
    """Return the content of a file of tensors and their completed card; always the same bytes."""
    return _in_order(save(dict(tensors), metadata=to_header(card)))


def read_tensors(path: Path) -> tuple[Tensors, Card]:
    """Return the tensors and their card, as they were written.

    Raises WeightsNotFound where there is no file, BadWeights for pickles (never opened), foreign
    files, and those that are cut off or of which a single bit is another.
    """
    content = read_bytes(path)
    try:
        tensors = load(content)
        header = json.loads(content[8 : _start(content)])["__metadata__"]
    except (SafetensorError, KeyError, ValueError) as error:
        if isinstance(error, KeyError) and error.args == ("__metadata__",):
            header, tensors = {}, {}
        else:
            raise BadWeights(
                f"{path} is no weights file of Inkling's, or is cut off: "
                "it must be a whole .safetensors file that `python run_model.py` wrote"
            ) from error
    card = from_header(path, header)
    digest = digest_of(tensors)
    # Weights from before there were digests have the beginning of theirs in the version.
    if digest != (card.digest or digest) or not card.version.endswith(digest[:8]):
        raise damaged(path, "a tensor")
    return tensors, replace(card, digest=digest)


def digest_of(tensors: Tensors) -> str:
    """Return the SHA-256, in hexadecimal, of tensors with their names, in the names' order."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(tensors[name]).tobytes())
    return digest.hexdigest()


def _start(content: bytes) -> int:
    """Return where the tensors begin, which is where the header ends."""
    return 8 + int.from_bytes(content[:8], "little")


def _in_order(content: bytes) -> bytes:
    """Return a safetensors file with its header sorted, since the library orders it by chance.

    The same weights and card are then the same file, to be compared byte by byte.
    """
    start = _start(content)
    text = json.dumps(json.loads(content[8:start]), sort_keys=True, separators=(",", ":"))
    header = text.encode()
    header += b" " * (-len(header) % 8)  # the tensors stay aligned
    return len(header).to_bytes(8, "little") + header + content[start:]

"""The readers of writing and of single characters: loaded when somebody first wants them."""

from __future__ import annotations

import numpy as np

from model import Recogniser
from model.reading.recogniser import CHARACTERS
from model.writing.reader import Reader
from serving.live.once import Once


def reader_of(alphabet: str) -> Reader:
    """Return the reader of an alphabet, `characters` or `digits`; raises WeightsError."""
    return _readers.get(alphabet)


def recogniser_of_characters() -> Recogniser:
    """Return the recogniser of single characters; raises WeightsError."""
    return _recognisers.get(CHARACTERS)


def is_loaded(kind: str, alphabet: str) -> bool:
    """Tell whether asking takes no time; kind: `writing` or `character`."""
    return _recognisers.has(CHARACTERS) if kind == "character" else _readers.has(alphabet)


def _load_reader(alphabet: str) -> Reader:
    reader = Reader.load(alphabet)
    reader.read(strokes=[[[0, 100], [0, 100]], [[50, 50], [0, 100]]])  # the first is the slowest
    return reader


def _load_recogniser(name: str) -> Recogniser:
    recogniser = Recogniser.load(name)
    stroke = np.zeros((280, 280), np.uint8)
    stroke[60:220, 130:150] = 255
    recogniser.predict(stroke)
    return recogniser


_readers = Once(_load_reader)
_recognisers = Once(_load_recogniser)

"""What is known about handwriting: drawings and tensors in, labels out."""

from model.errors import BadDrawing, BadWeights, NoInk, WeightsError, WeightsNotFound
from model.reading.recogniser import Prediction, Recogniser
from model.writing.reader import Reader, Reading

__all__ = [
    "BadDrawing",
    "BadWeights",
    "NoInk",
    "Prediction",
    "Reader",
    "Reading",
    "Recogniser",
    "WeightsError",
    "WeightsNotFound",
]

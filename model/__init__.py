"""What is known about handwriting: drawings and tensors in, labels out."""

from model.errors import BadDrawing, BadWeights, NoInk, WeightsError, WeightsNotFound
from model.reading.recogniser import Prediction, Recogniser

__all__ = [
    "BadDrawing",
    "BadWeights",
    "NoInk",
    "Prediction",
    "Recogniser",
    "WeightsError",
    "WeightsNotFound",
]

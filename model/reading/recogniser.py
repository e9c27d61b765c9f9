"""Drawings in, calibrated predictions out: what every entrance of Inkling calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from environment import project_path, read_environment
from model.errors import BadDrawing
from model.ink.images import Pixels, open_image
from model.ink.preprocess import prepare, to_input
from model.networks.checkpoint import DEFAULT_WEIGHTS, Card, load_weights
from model.networks.registry import fuse
from model.reading.calibration import calibrated, digit_scores

Item = TypeVar("Item")
BATCH = 512  # drawings that go through the network at once; bounds the memory of long lists


@dataclass(frozen=True)
class Prediction:
    """What a drawing was read as, and how sure that is."""

    label: str
    confidence: float  # calibrated probability of `label`, 0..1
    sure: bool  # confidence reaches the weights' threshold, and it is a digit
    is_digit: bool  # False: refused as no digit at all; `label` is then only the nearest one
    probabilities: dict[str, float]  # by label, in the order of the classes; they add up to 1
    ink: NDArray[np.uint8]  # (28, 28), 0 = paper: what the network saw


class Recogniser:
    """A network with its weights and calibration, on the CPU; safe to use from several threads."""

    def __init__(self, network: nn.Module, card: Card) -> None:
        """Use a loaded network; `Recogniser.load` is the usual way in."""
        # Channels last: batches take half to three quarters of the time, one drawing no longer.
        fused = fuse(network.eval())
        self._network: nn.Module = fused.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.card = card

    @classmethod
    def load(cls, path: str | Path | None = None) -> Recogniser:
        """Return a recogniser with the weights at `path`.

        Without a path: the file that WEIGHTS names, or else the shipped weights.
        Raises WeightsNotFound or BadWeights, naming the file and the way out.
        """
        if path is None:
            named = read_environment().get("WEIGHTS")
            path = project_path(named) if named else DEFAULT_WEIGHTS
        return cls(*load_weights(Path(path)))

    def predict(self, image: Image.Image | Pixels) -> Prediction:
        """Return what one drawing is read as.

        image: a PIL image, or uint8 (H, W), (H, W, 3) or (H, W, 4); any size, ink darker or
        lighter than its paper. Raises BadDrawing, or its kind NoInk, for what cannot be read.
        """
        return self._read(prepare(image)[None])[0]

    def predict_many(self, images: Iterable[Image.Image | Pixels]) -> list[Prediction | BadDrawing]:
        """Return, for every image in order, its prediction or the reason why there is none."""
        return self._answer(images, prepare)

    def predict_files(self, sources: Iterable[str | Path | bytes]) -> list[Prediction | BadDrawing]:
        """Return the same for picture files, given as paths or as their contents."""
        return self._answer(sources, lambda source: prepare(open_image(source)))

    def _answer(
        self, items: Iterable[Item], to_ink: Callable[[Item], NDArray[np.uint8]]
    ) -> list[Prediction | BadDrawing]:
        def attempt(item: Item) -> NDArray[np.uint8] | BadDrawing:
            try:
                return to_ink(item)
            except BadDrawing as refusal:
                return refusal

        # Only 784 bytes of each picture are kept, so a long list of photos costs little memory.
        prepared = [attempt(item) for item in items]
        readable = [ink for ink in prepared if not isinstance(ink, BadDrawing)]
        predictions = iter(self._read(np.stack(readable)) if readable else [])
        return [ink if isinstance(ink, BadDrawing) else next(predictions) for ink in prepared]

    def probabilities(self, inks: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return the calibrated probabilities, float64 (N, classes), of uint8 (N, 28, 28) inks."""
        return self._calibrate(self.logits(inks))

    def logits(self, inks: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return what the network itself says, float64 (N, classes) or one column more.

        inks: uint8 (N, 28, 28). A last column beyond the classes is for what is no digit.
        """
        return self._run(self._network, inks)

    def features(self, inks: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return what the network's last layer decides by, float64 (N, features)."""
        features: Callable[[Tensor], Tensor] = self._network.features  # type: ignore[assignment]
        return self._run(features, inks)

    def _run(
        self, part: Callable[[Tensor], Tensor], inks: NDArray[np.uint8]
    ) -> NDArray[np.float64]:
        with torch.inference_mode():
            results = [
                part(to_input(inks[start : start + BATCH])).double().numpy()
                for start in range(0, max(len(inks), 1), BATCH)
            ]
        return np.concatenate(results)

    def accepts(self, inks: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """Return which of uint8 (N, 28, 28) inks are taken for a digit: bool (N,)."""
        return self._accept(self.logits(inks))

    def _calibrate(self, logits: NDArray[np.float64]) -> NDArray[np.float64]:
        return calibrated(logits[:, : len(self.card.classes)], self.card.temperature)

    def _accept(self, logits: NDArray[np.float64]) -> NDArray[np.bool_]:
        if self.card.digit_threshold is None:
            return np.ones(len(logits), bool)
        return digit_scores(logits, len(self.card.classes)) >= self.card.digit_threshold

    def _read(self, inks: NDArray[np.uint8]) -> list[Prediction]:
        logits = self.logits(inks)
        predictions = []
        for ink, shares, is_digit in zip(
            inks, self._calibrate(logits), self._accept(logits).tolist(), strict=True
        ):
            best = int(shares.argmax())
            predictions.append(
                Prediction(
                    label=self.card.classes[best],
                    confidence=float(shares[best]),
                    sure=is_digit and bool(shares[best] >= self.card.sure_threshold),
                    is_digit=is_digit,
                    probabilities=dict(zip(self.card.classes, map(float, shares), strict=True)),
                    ink=ink,
                )
            )
        return predictions

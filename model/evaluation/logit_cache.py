"""A recogniser for evaluation, which asks about the same images again and again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from model.reading.recogniser import Recogniser
from model.weight_files.card import Card

Rows = NDArray[np.float64]


class RememberingRecogniser(Recogniser):
    """A recogniser that looks at each image once: what its network said is kept, image by image.

    For finite sets of images; some kilobytes are kept for each.
    """

    def __init__(self, graph: bytes, card: Card, *, threads: int = 1) -> None:
        """Use an ONNX graph; `RememberingRecogniser.load` is the usual way in."""
        super().__init__(graph, card, threads=threads)
        self._known: dict[str, dict[bytes, Rows]] = {"logits": {}, "features": {}}

    def logits(self, inks: NDArray[np.uint8]) -> Rows:
        """Return what `Recogniser.logits` does."""
        return self._recall("logits", super().logits, inks)

    def features(self, inks: NDArray[np.uint8]) -> Rows:
        """Return what `Recogniser.features` does."""
        return self._recall("features", super().features, inks)

    def _recall(
        self, name: str, look: Callable[[NDArray[np.uint8]], Rows], inks: NDArray[np.uint8]
    ) -> Rows:
        known = self._known[name]
        keys = [ink.tobytes() for ink in inks]
        places = {key: place for place, key in enumerate(keys) if key not in known}
        if places or not keys:
            new = look(inks[list(places.values())])
            known |= zip(places, new, strict=False)
        return np.stack([known[key] for key in keys]) if keys else new

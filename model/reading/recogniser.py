"""Drawings in, calibrated predictions out: what every entrance of Inkling calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from environment import project_path, read_environment
from model.errors import BadDrawing, BadWeights
from model.ink.images import Pixels, open_image
from model.ink.preprocess import Prepared, prepare_and_count, to_input
from model.reading.session import Session
from model.reading.softmax import calibrated, digit_scores
from model.weight_files.card import Card
from model.weight_files.graph import parse_graph
from model.weight_files.pair import read_to_predict
from model.weight_files.places import CHARACTER_WEIGHTS, DEFAULT_WEIGHTS

Item = TypeVar("Item")
# Drawings that go through the network at once. What it keeps of so many between its layers fits
# into a processor's own memory: more at once take twice as long each, and more of the machine's.
BATCH = 32
Rows = NDArray[np.float64]
DIGITS, CHARACTERS = "digits", "characters"  # what there are shipped weights for, by name
TEN = 10  # classes of weights that read digits


def _nothing() -> NDArray[np.uint8]:
    return np.zeros((28, 28), np.uint8)


@dataclass(frozen=True)
class Prediction:
    """What a drawing was read as, and how sure that is."""

    label: str
    confidence: float  # calibrated probability of `label`, 0..1
    sure: bool  # confidence reaches the weights' threshold, and it is a digit
    # False: refused, as no digit or as several; `label` is then only the nearest one. Of a
    # recogniser of characters: as no character.
    is_digit: bool
    probabilities: dict[str, float]  # by label, in the order of the classes; they add up to 1
    ink: NDArray[np.uint8]  # (28, 28), 0 = paper: what the network saw
    # (28, 28), where it looked: how much each place spoke for `label`, the most being 255; all 0
    # where nothing spoke for it.
    heat: NDArray[np.uint8] = field(default_factory=_nothing)
    # How many characters are drawn, where they are more than one: then it is refused, whatever
    # the network says of all of them together.
    several: int | None = None


class Recogniser:
    """A network with its weights and calibration, on the CPU; safe to use from several threads."""

    def __init__(self, graph: bytes, card: Card, *, threads: int = 1) -> None:
        """Use an ONNX graph and its card; `Recogniser.load` is the usual way in.

        threads: that one call takes. One drawing is read as fast by one.
        """
        self._session = Session(graph, threads)
        self.card = card
        # How ink is counted was chosen on digits: letters come in other pieces.
        self._counts = len(card.classes) == TEN

    @classmethod
    def load(cls, path: str | Path | None = None, *, threads: int = 1) -> Recogniser:
        """Return a recogniser with the weights at `path`, the name of either of their files.

        Without a path, or for `"digits"`: of digits, with the weights that WEIGHTS names, or else
        the shipped ones. For `"characters"`: of all 62 digits, capitals and small letters, with
        the shipped weights. A file of such a name is given as a `Path`.
        Raises WeightsNotFound or BadWeights, naming the file and the way out.
        """
        is_of_digits = path is None or path == DIGITS
        if path is None or path == DIGITS:
            named = read_environment().get("WEIGHTS")
            path = project_path(named) if named else DEFAULT_WEIGHTS
        elif path == CHARACTERS:
            path = CHARACTER_WEIGHTS
        graph, card = read_to_predict(Path(path))
        if is_of_digits and len(card.classes) != TEN:
            raise BadWeights(f"{path} does not read digits: point WEIGHTS at weights that do")
        return cls(graph, card, threads=threads)

    @classmethod
    def from_bytes(cls, graph: bytes, name: str) -> Recogniser:
        """Return a recogniser of the content of an `.onnx` file; raises BadWeights.

        name: where the content is from, for what is raised.
        """
        return cls(*parse_graph(graph, Path(name)))

    def predict(self, image: Image.Image | Pixels) -> Prediction:
        """Return what one drawing is read as.

        image: a PIL image, or uint8 (H, W), (H, W, 3) or (H, W, 4); any size, ink darker or
        lighter than its paper. Raises BadDrawing, or its kind NoInk, for what cannot be read.
        """
        return self.read_prepared([prepare_and_count(image)])[0]

    def predict_many(self, images: Iterable[Image.Image | Pixels]) -> list[Prediction | BadDrawing]:
        """Return, for every image in order, its prediction or the reason why there is none."""
        return list(self._answer(images, prepare_and_count))

    def predict_files(self, sources: Iterable[str | Path | bytes]) -> list[Prediction | BadDrawing]:
        """Return the same for picture files, given as paths or as their contents."""
        return list(self._answer(sources, lambda source: prepare_and_count(open_image(source))))

    def _answer(
        self, items: Iterable[Item], to_ink: Callable[[Item], Prepared]
    ) -> Iterator[Prediction | BadDrawing]:
        def attempt(item: Item) -> Prepared | BadDrawing:
            try:
                return to_ink(item)
            except BadDrawing as refusal:
                return refusal

        waiting = iter(items)
        # Batch by batch, so that a long list takes no more memory than its answers do.
        while some := [attempt(item) for item in islice(waiting, BATCH)]:
            readable = [ink for ink in some if not isinstance(ink, BadDrawing)]
            predictions = iter(self.read_prepared(readable) if readable else [])
            yield from (ink if isinstance(ink, BadDrawing) else next(predictions) for ink in some)

    def probabilities(self, inks: NDArray[np.uint8]) -> Rows:
        """Return the calibrated probabilities, float64 (N, classes), of uint8 (N, 28, 28) inks."""
        return self._calibrate(self.logits(inks))

    def logits(self, inks: NDArray[np.uint8]) -> Rows:
        """Return what the network itself says, float64 (N, classes) or one column more.

        inks: uint8 (N, 28, 28). A last column beyond the classes is for what is no digit.
        """
        return self._run("logits", inks)[0].astype(np.float64)

    def features(self, inks: NDArray[np.uint8]) -> Rows:
        """Return what the network's last layer decides by, float64 (N, features)."""
        return self._run("features", inks)[0].astype(np.float64)

    def logits_and_features(self, inks: NDArray[np.uint8]) -> tuple[Rows, Rows]:
        """Return what `logits` and what `features` do, of one look at each ink."""
        logits, features = self._run("logits features", inks)
        return logits.astype(np.float64), features.astype(np.float64)

    def accepts(self, inks: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """Return which of uint8 (N, 28, 28) inks are taken for a digit: bool (N,)."""
        return self._accept(self.logits(inks))

    def _run(self, outputs: str, inks: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """Return the named outputs, each with a row for every ink."""
        batches = [
            self._session.run(outputs.split(), to_input(inks[start : start + BATCH]))
            for start in range(0, max(len(inks), 1), BATCH)
        ]
        if len(batches) == 1:
            return batches[0]
        return [np.concatenate(parts) for parts in zip(*batches, strict=True)]

    def _calibrate(self, logits: NDArray[np.floating]) -> Rows:
        return calibrated(logits[:, : len(self.card.classes)], self.card.temperature)

    def _accept(self, logits: NDArray[np.floating]) -> NDArray[np.bool_]:
        if self.card.digit_threshold is None:
            return np.ones(len(logits), bool)
        return digit_scores(logits, len(self.card.classes)) >= self.card.digit_threshold

    def read_prepared(self, drawings: Sequence[Prepared]) -> list[Prediction]:
        """Return what one or more drawings are read as that `prepare_and_count` has prepared."""
        inks = np.stack([drawing.ink for drawing in drawings])
        counts = [drawing.characters if self._counts else 1 for drawing in drawings]
        alone = np.array(counts) == 1
        logits, heat = self._run("logits heat", inks)
        shares, accepted = self._calibrate(logits), self._accept(logits) & alone
        best, levels = shares.argmax(axis=1), np.rint(255 * heat).astype(np.uint8)
        classes, sure_from = self.card.classes, self.card.sure_threshold
        return [
            Prediction(
                label=classes[place],
                confidence=row[place],
                sure=is_digit and row[place] >= sure_from,
                is_digit=is_digit,
                probabilities=dict(zip(classes, row, strict=True)),
                ink=drawing.ink,
                heat=looked,
                several=count if count > 1 else None,
            )
            for place, row, is_digit, drawing, looked, count in zip(
                best.tolist(),
                shares.tolist(),
                accepted.tolist(),
                drawings,
                levels,
                counts,
                strict=True,
            )
        ]

"""Whole drawings in, texts out: what every entrance of Inkling calls for writing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from model.errors import BadDrawing, BadWeights, NoInk
from model.ink.images import Pixels
from model.ink.pen_lines import Line
from model.language.prior import KINDS, load_prior
from model.line_ink.line_strip import ink_of, lay_out, strip_of_strokes
from model.line_ink.part_rows import part_rows
from model.line_ink.pen_path import trace
from model.reading.session import Session
from model.weight_files.card import Card
from model.weight_files.pair import read_to_predict
from model.weight_files.places import SHIPPED
from model.writing.placed_characters import (
    Box,
    Character,
    boxes_in_picture,
    named,
    parts_of_path,
    shares_of_places,
)
from model.writing.scores import Candidates, log_shares, propose
from model.writing.scoring import Scoring, Settings, read_settings

STRIP, PATH, SETTINGS = "strip.onnx", "path.onnx", "writing.json"
LEAST_STRIP_PX, LEAST_STEPS = 8, 8  # what the networks' graphs take
MOST_POINTS = 100_000
DUST_PX = 2  # parts of ink of fewer pixels on either side are no writing where there is more
NO_STROKES = "these are no strokes: each is [[x, ...], [y, ...]], as many of either"
NO_INK = "I see no ink here: write something"
ALPHABETS = ("characters", "digits")
Rows = NDArray[np.float64]
Strokes = Sequence[Sequence[Sequence[float]]]  # Quick, Draw! form


@dataclass(frozen=True)
class Reading:
    """What a drawing was read as, and how sure that is."""

    text: str  # rows parted by line breaks, words by spaces
    confidence: float  # calibrated probability that the whole text is right, 0..1
    sure: bool  # confidence reaches the threshold, and it is writing
    characters: tuple[Character, ...]  # of all rows, in the text's order; spaces are none
    is_writing: bool = True  # False: refused as no writing; `text` is only the nearest one


class Reader:
    """Two networks and what people write, on the CPU; safe to use from several threads."""

    def __init__(
        self, strip: tuple[bytes, Card], path: tuple[bytes, Card], settings: Settings,
        alphabet: str = "characters", *, threads: int = 1,
    ) -> None:  # fmt: skip
        """Use two graphs with their cards; `Reader.load` is the usual way in."""
        if alphabet not in ALPHABETS:
            raise ValueError(f"unknown alphabet {alphabet!r}: choose one of {', '.join(ALPHABETS)}")
        for card, version in ((strip[1], settings.strip_version), (path[1], settings.path_version)):
            if card.version != version:
                raise BadWeights(
                    f"{SETTINGS} was made for {version}, and the weights are {card.version}: "
                    "copy all of them anew, or train again"
                )
        self._strip, self._path = Session(strip[0], threads), Session(path[0], threads)
        self.classes = strip[1].classes
        self.parameters = strip[1].parameters + path[1].parameters
        self.settings = settings
        self.version = f"{settings.strip_version} {settings.path_version}"
        self.alphabet = alphabet
        self._allowed, self._prior = None, load_prior()
        if alphabet == "digits":
            self._allowed = np.array(
                [label.isdigit() or place in (0, len(self.classes) - 1)
                 for place, label in enumerate(self.classes)]
            )  # fmt: skip
            numbers = {kind: float(kind == "number") for kind in KINDS}
            self._prior = load_prior(tuple(numbers.items()))

    @classmethod
    def load(
        cls, alphabet: str = "characters", folder: Path | None = None, *, threads: int = 1
    ) -> Reader:
        """Return a reader of writing with the shipped weights, or those in a folder.

        alphabet: `characters`, all 62 of them, or `digits`: what is written is a number.
        Raises WeightsNotFound or BadWeights, naming the file and the way out.
        """
        folder = SHIPPED if folder is None else folder
        return cls(
            read_to_predict(folder / STRIP),
            read_to_predict(folder / PATH),
            read_settings(folder / SETTINGS),
            alphabet,
            threads=threads,
        )

    def read(
        self,
        image: Image.Image | Pixels | None = None,
        *,
        strokes: Strokes | None = None,
    ) -> Reading:
        """Return what is written in a picture, or by strokes, which is better where there are any.

        image: as `Recogniser.predict` takes it. strokes: in Quick, Draw! form, [[[x, ...], [y,
        ...]], ...], in the order in which they were drawn, y down, any unit; boxes are in that.
        Raises BadDrawing, or its kind NoInk, for what cannot be read; ValueError for neither.
        """
        if strokes is not None:
            return self._read_strokes(to_lines(strokes))
        if image is None:
            raise ValueError("there is nothing to read: give an image, or strokes")
        written = ink_of(image)
        reading = self._read_ink(written.ink, written.mask)
        scale, (left, top) = written.scale, (written.left, written.top)
        placed = (
            replace(
                character,
                box=(
                    left + scale * character.box[0], top + scale * character.box[1],
                    left + scale * character.box[2], top + scale * character.box[3],
                ),
            )
            for character in reading.characters
        )  # fmt: skip
        return replace(reading, characters=tuple(placed))

    def _read_strokes(self, lines: Sequence[Line]) -> Reading:
        boxes = np.array([[*line.min(axis=0), *line.max(axis=0)] for line in lines])
        rows, is_clear = part_rows(boxes)
        read = [self._read_row([lines[place] for place in row], row) for row in rows]
        several = _together(read)
        if is_clear:
            return several
        return max(several, self._read_row(lines, range(len(lines))), key=_credit)

    def _read_ink(self, ink: NDArray[np.uint8], mask: NDArray[np.bool_]) -> Reading:
        labels, count = ndimage.label(mask, structure=np.ones((3, 3)))
        found = ndimage.find_objects(labels)
        boxes = np.array([[x.start, y.start, x.stop, y.stop] for y, x in found], float)
        is_dust = (boxes[:, 2:] - boxes[:, :2]).max(axis=1) < DUST_PX
        if not is_dust.all():
            labels[np.isin(labels, 1 + np.flatnonzero(is_dust))] = 0
        pieces = np.flatnonzero(~is_dust) if not is_dust.all() else np.arange(count)
        rows, is_clear = part_rows(boxes[pieces])
        read = [
            self._read_strip(ink, np.isin(labels, 1 + pieces[row]) if len(rows) > 1 else labels > 0)
            for row in rows
        ]
        several = _together(read)
        if is_clear:
            return several
        return max(several, self._read_strip(ink, labels > 0), key=_credit)

    def candidates(
        self, *, strokes: Strokes | None = None, strip: NDArray[np.uint8] | None = None
    ) -> Candidates:
        """Return the texts that one row may be, with what speaks for each: for fitting.

        strokes: of one row, in Quick, Draw! form; or its strip, from `line_strip`.
        """
        if strokes is not None:
            lines = to_lines(strokes)
            seen, followed = self.see(strip_of_strokes(lines)), self._follow(trace(lines).features)
            return propose(seen, followed, self.classes, self._prior, self.settings.strokes)
        assert strip is not None, "neither strokes nor a strip"
        return propose(self.see(strip), None, self.classes, self._prior, self.settings.pictures)

    def log_shares(
        self, strip: NDArray[np.uint8], features: NDArray[np.float32]
    ) -> tuple[Rows, Rows]:
        """Return the log of each label's share of one row, (T, labels), by both networks."""
        return self.see(strip), self._follow(features)

    def see(self, strip: NDArray[np.uint8]) -> Rows:
        """Return the log of each label's share of each row, by the strip network: (T, labels).

        strip: (40, W), from `line_strip`.
        """
        if strip.shape[1] < LEAST_STRIP_PX:
            strip = np.pad(strip, ((0, 0), (0, LEAST_STRIP_PX - strip.shape[1])))
        line = (strip[None, None] / np.float32(255)).astype(np.float32)
        return log_shares(self._strip.run(["logits"], line)[0][0], self._allowed)

    def _follow(self, features: NDArray[np.float32]) -> Rows:
        if len(features) < LEAST_STEPS:
            features = np.pad(features, ((0, LEAST_STEPS - len(features)), (0, 0)))
        return log_shares(self._path.run(["logits"], features[None])[0][0], self._allowed)

    def _read_row(self, lines: Sequence[Line], numbers: Sequence[int]) -> Reading:
        pen = trace(lines)
        seen, followed = self.see(strip_of_strokes(lines)), self._follow(pen.features)
        scoring = self.settings.strokes
        text, confidence, is_writing = self._choose(seen, followed, scoring)
        shares, _, centres = shares_of_places(
            text, seen, followed, self.classes, self._prior, scoring
        )
        assert centres is not None
        # No stroke is of a space: what it is between has them all.
        places = [place for place, character in enumerate(text) if character != " "]
        parts = zip(*parts_of_path(centres[places], pen, self.settings.path_lag), strict=True)
        boxes: list[Box] = [(0.0, 0.0, 0.0, 0.0)] * len(text)
        strokes: list[tuple[int, ...]] = [()] * len(text)
        for place, (box, own) in zip(places, parts, strict=True):
            boxes[place], strokes[place] = box, tuple(numbers[stroke] for stroke in own)
        return self._reading(text, confidence, is_writing, scoring, shares, boxes, strokes)

    def _read_strip(self, ink: NDArray[np.uint8], mask: NDArray[np.bool_]) -> Reading:
        strip = lay_out(np.where(mask, ink, 0).astype(np.uint8), mask)
        seen, scoring = self.see(strip.pixels), self.settings.pictures
        text, confidence, is_writing = self._choose(seen, None, scoring)
        shares, centres, _ = shares_of_places(text, seen, None, self.classes, self._prior, scoring)
        boxes = boxes_in_picture(centres, strip, mask, self.settings.strip_lag)
        strokes: list[tuple[int, ...]] = [()] * len(text)
        return self._reading(text, confidence, is_writing, scoring, shares, boxes, strokes)

    def _choose(
        self, seen: Rows, followed: Rows | None, scoring: Scoring
    ) -> tuple[str, float, bool]:
        """Return the likeliest text of one row, its probability, and whether it is writing."""
        found = propose(seen, followed, self.classes, self._prior, scoring)
        shares = found.shares(scoring)
        best = int(shares.argmax())
        return found.texts[best], float(shares[best]), found.doubt() < scoring.refusal

    def _reading(
        self, text: str, confidence: float, is_writing: bool, scoring: Scoring, shares: Rows,
        boxes: Sequence[Box], strokes: Sequence[tuple[int, ...]],
    ) -> Reading:  # fmt: skip
        characters = tuple(
            Character(label, spread[label], spread, box, own)
            for label, spread, box, own in zip(
                text, named(shares, self.classes, self._allowed), boxes, strokes, strict=True
            )
            if label != " "
        )
        sure = is_writing and confidence >= scoring.sure_threshold
        return Reading(text, confidence, sure, characters, is_writing)


def _together(rows: Sequence[Reading]) -> Reading:
    """Return the reading of several rows, from top to bottom: right where all of them are."""
    if len(rows) == 1:
        return rows[0]
    return Reading(
        "\n".join(row.text for row in rows),
        float(np.prod([row.confidence for row in rows])),
        all(row.sure for row in rows),
        tuple(character for row in rows for character in row.characters),
        all(row.is_writing for row in rows),
    )


def _credit(reading: Reading) -> tuple[bool, float]:
    """Return how well a reading stands beside another one of the same drawing."""
    sure = [character.confidence for character in reading.characters]
    return reading.is_writing, float(np.mean(np.log(np.maximum(sure, 1e-6)))) if sure else -99.0


def to_lines(strokes: Strokes) -> list[Line]:
    """Return strokes as arrays; raises BadDrawing or NoInk for what no pen could have drawn."""
    try:
        lines = [np.stack([np.asarray(s[0], float), np.asarray(s[1], float)], 1) for s in strokes]
    except (ValueError, TypeError, LookupError, OverflowError) as error:
        raise BadDrawing(NO_STROKES) from error
    if any(line.ndim != 2 for line in lines):
        raise BadDrawing(NO_STROKES)
    lines = [line for line in lines if len(line)]
    if not lines:
        raise NoInk(NO_INK)
    points = np.concatenate(lines)
    if len(points) > MOST_POINTS:
        raise BadDrawing(f"these strokes have over {MOST_POINTS:,} points: draw less at once")
    if not np.isfinite(points).all() or np.abs(points).max() > 1e9:
        raise BadDrawing("a stroke leaves all bounds")
    if np.ptp(points, axis=0).max() <= 0:
        raise NoInk("I see no more than a dot: write something")
    return lines

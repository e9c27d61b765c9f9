"""One drawing as its page knows it: from its first ink, over its predictions, to its last word."""

from __future__ import annotations

import io
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from PIL import Image

from feedback.records.rows import NOT_A_DIGIT, Answer, Drawing, Source, Word
from feedback.records.writing_rows import Writing
from model.errors import BadDrawing
from store.receipt import Receipt

if TYPE_CHECKING:
    from model.reading.recogniser import Prediction

Strokes = list[list[list[int]]]  # Quick, Draw! simplified: [[[x, ...], [y, ...]], ...], 0..255


@dataclass
class Drawn(ABC):
    """A drawing with what was read from it; lives in the browser session, not in the database.

    What reads it, and so what it is read as and what answers it has, each kind says for itself.
    """

    session_id: UUID
    source: Source
    weights_version: str  # of `prediction`: what is live may change between two strokes
    title: str = ""  # the file's name, for uploads
    id: UUID = field(default_factory=uuid4)
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    strokes: Strokes | None = None
    pens_px: list[float] | None = None  # of each stroke, on the canvas
    prediction: Any = None  # what it was read as; None while nothing was
    problem: str | None = None  # why it cannot be read, in words for a person
    prediction_ms: float = 0.0
    revision: int = 0  # of `prediction`
    kept: Receipt | None = None  # of the latest prediction
    answer: Any = None  # what its author says that it is; None while nothing stands
    word: Word | None = None  # its author's last: an answer, or that it is taken back
    answer_kept: Receipt | None = None  # of `word`
    taken_back: Any = None  # the answer that stood before, until the next stroke
    is_on_hold: bool = False  # whether it may be an earlier one's row: then it is not kept yet
    _begun: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def begin(self) -> int:
        """Return the revision of a reading that begins now."""
        with self._lock:
            self._begun += 1
            return self._begun

    def finish(
        self,
        revision: int,
        outcome: Any,
        strokes: Strokes | None,
        prediction_ms: float,
        pens_px: list[float] | None = None,
        weights_version: str | None = None,
    ) -> bool:
        """Take over what was read, unless a reading that began later has been taken over already.

        weights_version: what read it; None: the same as before. Returns whether it was taken over.
        """
        with self._lock:
            if revision <= self.revision or self.answer is not None:
                return False
            self.revision = revision
            self.answer_kept = self.taken_back = None  # of an answer that was taken back before
            self.strokes, self.pens_px = strokes, pens_px
            self.prediction_ms = prediction_ms
            self.weights_version = weights_version or self.weights_version
            if isinstance(outcome, BadDrawing):
                self.prediction, self.problem = None, str(outcome)
            else:
                self.prediction, self.problem = outcome, None
            return True

    def read(
        self,
        predict: Callable[[], Any],
        strokes: Strokes | None = None,
        pens_px: list[float] | None = None,
        weights_version: str | None = None,
    ) -> bool:
        """Predict, time it, and take the outcome over; returns whether it was the newest.

        weights_version: what reads it, where that may have changed since the last reading.
        """
        revision = self.begin()
        started = time.perf_counter()
        outcome: Any
        try:
            outcome = predict()
        except BadDrawing as refusal:
            outcome = refusal
        prediction_ms = (time.perf_counter() - started) * 1000
        return self.finish(revision, outcome, strokes, prediction_ms, pens_px, weights_version)

    def go_on_from(self, revision: int) -> None:
        """Number the readings after those that an earlier session made."""
        with self._lock:
            self._begun = max(self._begun, revision)

    def give_answer(self, answer: Any) -> Word | None:
        """Close the drawing with its author's word, in place of the one before; return the word.

        None where that answer was given already.
        """
        with self._lock:
            return None if self.answer == answer else self._say(answer)

    def take_back(self) -> Word | None:
        """Open the drawing again, as if it had not been answered; None where it was not."""
        with self._lock:
            return None if self.answer is None else self._say(None)

    def hear(self, word: Word, kept: Receipt) -> None:
        """Take over what its author has said of it on another page."""
        with self._lock:
            self.answer, self.word, self.answer_kept = word.answer, word, kept

    def _say(self, answer: Any) -> Word:
        said_at = datetime.now(UTC)
        if self.word is not None:  # a clock may go back
            said_at = max(said_at, self.word.said_at + timedelta(microseconds=1))
        self.taken_back = self.answer if answer is None else None
        self.answer, self.word = answer, Word(answer, said_at)
        return self.word

    @abstractmethod
    def to_row(self) -> Drawing | Writing:
        """Return the drawing as the store keeps it; there must be a prediction."""


@dataclass
class Sheet(Drawn):
    """A drawing that is read as one digit."""

    prediction: Prediction | None = None
    answer: Answer | None = None
    taken_back: Answer | None = None

    @property
    def reading(self) -> Answer:
        """Return what the network takes it for, as its author would answer; after a prediction."""
        assert self.prediction is not None
        return int(self.prediction.label) if self.prediction.is_digit else NOT_A_DIGIT

    def to_row(self) -> Drawing:
        """Return the drawing as the store keeps it; there must be a prediction."""
        assert self.prediction is not None
        return Drawing(
            id=self.id,
            session_id=self.session_id,
            source=self.source,
            weights_version=self.weights_version,
            revision=self.revision,
            predicted=int(self.prediction.label),
            is_digit=self.prediction.is_digit,
            confidence=self.prediction.confidence,
            probabilities=tuple(self.prediction.probabilities.values()),
            ink_png=_to_png(self.prediction),
            strokes=self.strokes,
            pens_px=self.pens_px,
            prediction_ms=self.prediction_ms,
            created_at=self.created_at,
        )


def _to_png(prediction: Prediction) -> bytes:
    file = io.BytesIO()
    Image.fromarray(prediction.ink).save(file, "PNG")
    return file.getvalue()

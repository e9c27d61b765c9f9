"""One drawing that is read as writing, or as one character, as its page knows it."""

from __future__ import annotations

from dataclasses import dataclass, field

from PIL import Image

from feedback.records.writing_rows import Alphabet, Kind, TextAnswer, Writing
from model.ink.pen_strokes import PAPER_PX
from model.reading.recogniser import Prediction
from model.writing.looked import Look
from model.writing.reader import Reading
from result.current_drawing import Drawn
from serving.keeping.kept_writing import row_of_writing


@dataclass
class WrittenSheet(Drawn):
    """A drawing that is read as writing or as one character; one character is a text of one.

    picture: what is kept of it and where boxes lie: L, 0 = paper. paper_px: width and height of the
    canvas or picture. seen: what one character's network saw of it.
    """

    prediction: Reading | None = None
    answer: TextAnswer | None = None
    taken_back: TextAnswer | None = None
    kind: Kind = "writing"
    alphabet: Alphabet = "characters"
    paper_px: tuple[int, int] = PAPER_PX
    picture: Image.Image | None = field(default=None, repr=False)
    seen: Prediction | None = field(default=None, repr=False)
    chosen: int | None = None  # the character that the page tells more of
    draft: str | None = None  # the text as it is being put right
    looks: list[Look] | None = field(default=None, repr=False)  # of `prediction`, once asked for
    problem_with_text: str | None = None  # why what was typed is no answer

    def to_row(self) -> Writing:
        """Return the drawing as the store keeps it; there must be a prediction."""
        assert self.prediction is not None
        assert self.picture is not None
        return row_of_writing(
            self.prediction,
            self.picture,
            self.paper_px,
            id=self.id,
            session_id=self.session_id,
            source=self.source,
            kind=self.kind,
            alphabet=self.alphabet,
            weights_version=self.weights_version,
            revision=self.revision,
            strokes=self.strokes,
            pens_px=self.pens_px,
            prediction_ms=self.prediction_ms,
            created_at=self.created_at,
        )

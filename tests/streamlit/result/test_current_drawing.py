"""A drawing's life on the page: readings, and what its author says."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import numpy as np
import pytest
from PIL import Image

from feedback.store import NOT_A_DIGIT, Word
from model.errors import NoInk
from model.reading.recogniser import Prediction
from result.current_drawing import Sheet
from store.receipt import Receipt


def a_prediction(label: str = "7", confidence: float = 0.91) -> Prediction:
    rest = (1 - confidence) / 9
    shares = {str(d): confidence if str(d) == label else rest for d in range(10)}
    ink = np.zeros((28, 28), np.uint8)
    ink[4:24, 14] = 255
    return Prediction(label, confidence, sure=False, is_digit=True, probabilities=shares, ink=ink)


@pytest.fixture
def sheet() -> Sheet:
    return Sheet(uuid4(), "canvas", "two-block-0123abcd")


def test_an_older_reading_that_comes_late_never_replaces_a_newer_one(sheet):
    older, newer = sheet.begin(), sheet.begin()

    was_taken = sheet.finish(newer, a_prediction("8"), None, 3.0)
    late = sheet.finish(older, a_prediction("3"), None, 900.0)

    assert (was_taken, late) == (True, False)
    assert sheet.prediction.label == "8"
    assert sheet.revision == newer


def test_each_reading_has_a_greater_revision(sheet):
    sheet.read(a_prediction)
    first = sheet.to_row().revision
    sheet.read(a_prediction)

    assert sheet.to_row().revision > first


def test_what_cannot_be_read_says_why_and_has_no_prediction(sheet):
    def refuse() -> Prediction:
        raise NoInk("I see no more than a dot")

    sheet.read(a_prediction)
    sheet.read(refuse)

    assert sheet.prediction is None
    assert sheet.problem == "I see no more than a dot"


def test_another_answer_takes_the_place_of_the_first(sheet):
    sheet.read(a_prediction)

    first, second = sheet.give_answer(7), sheet.give_answer(1)

    assert (first.answer, second.answer) == (7, 1)
    assert second.said_at > first.said_at
    assert (sheet.answer, sheet.word) == (1, second)


def test_the_same_answer_again_says_nothing(sheet):
    sheet.read(a_prediction)
    first = sheet.give_answer(7)

    assert sheet.give_answer(7) is None
    assert sheet.word == first


def test_an_answer_that_is_taken_back_opens_the_drawing_again(sheet):
    sheet.read(a_prediction)
    sheet.give_answer(7)

    word = sheet.take_back()
    was_taken = sheet.read(lambda: a_prediction("1"))

    assert word.answer is None
    assert (sheet.answer, was_taken) == (None, True)
    assert sheet.prediction.label == "1"


def test_without_an_answer_there_is_nothing_to_take_back(sheet):
    sheet.read(a_prediction)

    assert sheet.take_back() is None
    assert sheet.word is None


def test_what_is_said_later_is_later_though_the_clock_goes_back(sheet):
    sheet.read(a_prediction)
    ahead = Word(7, datetime.now(UTC) + timedelta(hours=1))
    sheet.hear(ahead, Receipt())

    word = sheet.take_back()

    assert word.said_at > ahead.said_at


def test_what_is_said_on_another_page_holds_here(sheet):
    sheet.read(a_prediction)
    sheet.give_answer(7)
    receipt = Receipt()

    sheet.hear(Word(None), receipt)

    assert sheet.answer is None
    assert sheet.answer_kept is receipt


def test_an_answered_drawing_is_not_read_again(sheet):
    sheet.read(a_prediction)
    sheet.give_answer(7)

    was_taken = sheet.read(lambda: a_prediction("1"))

    assert not was_taken
    assert sheet.prediction.label == "7"


def test_the_row_is_what_was_read(sheet):
    strokes = [[[1, 2], [3, 4]]]
    sheet.read(lambda: a_prediction("3", 0.64), strokes)

    row = sheet.to_row()

    assert (row.id, row.session_id, row.source) == (sheet.id, sheet.session_id, "canvas")
    assert (row.predicted, row.confidence, row.strokes) == (3, 0.64, strokes)
    assert row.probabilities[3] == 0.64
    assert len(row.probabilities) == 10
    assert row.prediction_ms > 0
    assert row.created_at.tzinfo is not None
    kept_ink = np.asarray(Image.open(io.BytesIO(row.ink_png)))
    assert (kept_ink == sheet.prediction.ink).all()


def test_what_it_is_taken_for_is_a_digit_or_none(sheet):
    sheet.read(lambda: a_prediction("3"))
    taken = sheet.reading, sheet.to_row().is_digit
    sheet.read(lambda: replace(a_prediction("3"), is_digit=False))

    assert taken == (3, True)
    assert (sheet.reading, sheet.to_row().is_digit) == (NOT_A_DIGIT, False)
    assert sheet.to_row().predicted == 3


def test_every_drawing_has_an_id_of_its_own(sheet):
    assert sheet.id != Sheet(sheet.session_id, "canvas", "two-block-0123abcd").id

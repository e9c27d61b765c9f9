from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from model.believing.statements import LEAVE_OUT, NO_DIGIT, read_ink, stacked
from model.datasets.mnist import CLASSES
from tests.model.believing.answers_of_visitors import an_answer


def test_no_digit_is_the_label_after_those_of_the_digits() -> None:
    assert len(CLASSES) == NO_DIGIT


@pytest.mark.parametrize(
    ("review", "label"), [(None, 3), (LEAVE_OUT, 3), (3, 3), (0, 0), (NO_DIGIT, NO_DIGIT)]
)
def test_a_drawing_shows_what_the_operator_says_or_else_what_its_author_says(
    review: int | None, label: int
) -> None:
    assert an_answer(3, review=review).believed_label == label


def test_ink_comes_back_from_what_the_store_keeps() -> None:
    ink = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)
    kept, small = io.BytesIO(), io.BytesIO()
    Image.fromarray(ink).save(kept, "PNG")
    Image.fromarray(ink[:5]).save(small, "PNG")

    read = read_ink(kept.getvalue())

    assert read is not None
    assert np.array_equal(read, ink)
    assert read_ink(kept.getvalue()[:60]) is None
    assert read_ink(b"") is None
    assert read_ink(small.getvalue()) is None


def test_no_drawings_are_no_inks() -> None:
    assert stacked([]).shape == (0, 28, 28)

"""Slanted ink is stood upright, and nothing else is done to it."""

from __future__ import annotations

import numpy as np

from model.estimators.deskewing import deskew
from tests.model.crossval.pools import few


def a_stroke(slant: float) -> np.ndarray:
    """Return a stroke from top to bottom, two columns wide, that leans to the left going down."""
    sheet = np.zeros((28, 28), np.uint8)
    for row in range(4, 24):
        column = round(13 - slant * (row - 13.5))
        sheet[row, column : column + 2] = 255
    return sheet.reshape(784)


def slant_of(image: np.ndarray) -> float:
    """Return the regression of columns on rows, weighted by ink."""
    rows, columns = np.mgrid[:28, :28]
    ink = image.reshape(28, 28).astype(float)
    fall = rows - np.average(rows, weights=ink)
    move = columns - np.average(columns, weights=ink)
    return float((ink * fall * move).sum() / (ink * fall * fall).sum())


def test_a_leaning_stroke_stands_upright_where_its_middle_was() -> None:
    leaning = a_stroke(0.4)

    (upright,) = deskew(leaning[None])

    assert abs(slant_of(leaning)) > 0.35
    assert abs(slant_of(upright)) < 0.03
    ink = upright.reshape(28, 28).astype(float)
    assert abs(np.average(np.mgrid[:28, :28][1], weights=ink) - 13.5) < 0.3


def test_what_stands_upright_and_what_has_no_ink_stays_as_it_is() -> None:
    images = np.stack([a_stroke(0.0), np.zeros(784, np.uint8)])

    assert np.array_equal(deskew(images), images)
    assert deskew(images[:0]).shape == (0, 784)


def test_a_stroke_that_lies_is_moved_by_no_more_than_a_column_a_row() -> None:
    lying = np.zeros((28, 28), np.uint8)
    for column in range(2, 26):
        lying[14 + round((column - 14) * 0.1), column] = 255

    upright = deskew(lying.reshape(1, 784)).reshape(28, 28)

    assert (upright > 0).any(axis=0).sum() > 20


def test_each_image_is_prepared_the_same_whichever_are_beside_it() -> None:
    images = few(60).images.numpy().reshape(-1, 784)

    alone = np.concatenate([deskew(images[place : place + 1]) for place in range(len(images))])

    assert np.array_equal(alone, deskew(images))
    assert not np.array_equal(alone, images)

"""The pictures of what the network saw and where it looked."""

from __future__ import annotations

import numpy as np

from result.explanation import HEAT, warm


def test_without_heat_the_drawing_is_grey():
    ink = np.arange(784, dtype=np.int64).astype(np.uint8).reshape(28, 28)

    pixels = warm(ink, np.zeros((28, 28), np.uint8))

    assert (pixels.shape, pixels.dtype) == ((28, 28, 3), np.uint8)
    assert (pixels[..., 0] == pixels[..., 1]).all()
    assert (pixels[..., 0] == pixels[..., 2]).all()
    assert np.array_equal(pixels[..., 0], (0.8 * ink.astype(np.float32)).round())


def test_heat_is_orange_on_ink_and_on_paper():
    ink = np.zeros((28, 28), np.uint8)
    ink[:, 14] = 255
    heat = np.zeros((28, 28), np.uint8)
    heat[:14] = 255

    red, _, blue = np.moveaxis(warm(ink, heat).astype(int), 2, 0)

    assert (red[:14] - blue[:14]).min() > 0.8 * (HEAT[0] - HEAT[2])
    assert (red[14:] == blue[14:]).all()

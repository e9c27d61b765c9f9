"""The pictures of what the network saw and where it looked."""

from __future__ import annotations

import numpy as np

from drawing.explanation import HEAT, warm


def test_without_heat_the_drawing_is_grey():
    ink = np.arange(784, dtype=np.int64).astype(np.uint8).reshape(28, 28)

    pixels = warm(ink, np.zeros((28, 28), np.float32))

    assert (pixels.shape, pixels.dtype) == ((28, 28, 3), np.uint8)
    assert (pixels[..., 0] == pixels[..., 1]).all()
    assert (pixels[..., 0] == pixels[..., 2]).all()
    assert np.array_equal(pixels[..., 0], (0.8 * ink.astype(np.float32)).round())


def test_heat_is_orange_on_ink_and_on_paper():
    ink = np.zeros((28, 28), np.uint8)
    ink[:, 14] = 255
    heat = np.zeros((28, 28), np.float32)
    heat[:14] = 1

    red, _, blue = np.moveaxis(warm(ink, heat).astype(int), 2, 0)

    assert (red[:14] - blue[:14]).min() > 0.8 * (HEAT[0] - HEAT[2])
    assert (red[14:] == blue[14:]).all()


def test_a_place_that_cannot_be_looked_at_says_why(open_app, monkeypatch):
    from model.reading.attention import AttentionUnavailable
    from tests.streamlit.drawn import digit
    from tests.streamlit.seen import shown

    def missing():
        raise AttentionUnavailable("Captum is missing")

    monkeypatch.setattr("model.reading.attention._load_grad_cam", missing)

    app = open_app(draw_canvas=digit(3), draw_ink_canvas=True)

    assert not app.exception
    assert "Where it looked cannot be shown. Captum is missing." in shown(app)
    assert "28 by 28 pixels" in shown(app)

"""What the network saw of a drawing, and where it looked: two small pictures, on request."""

from __future__ import annotations

import base64
import io
from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from model.reading.recogniser import Prediction

Pixels = NDArray[np.uint8]

TITLE = "What the network saw, and where it looked"
HEAT = np.array([255, 122, 26], np.float32)  # orange, which stands out from white, grey and black
SIDE_PX = 112  # four pixels of the page for each one of the network's


def show_seeing(prediction: Prediction | None, name: str) -> None:
    """Offer the two pictures; they are made while the offer is open, and not before.

    prediction: None while there is none; the offer keeps its place. name: of this drawing's place
    on the page. Once opened it stays open for the next drawing there.
    """
    key = f"draw_ink_{name}"
    offer = st.expander(
        TITLE,
        expanded=bool(st.session_state.get(_kept(key))),
        key=key,
        icon=":material/visibility:",
        on_change=_remember,
        args=(key,),
    )
    if not offer.open or prediction is None:
        return
    with offer:
        st.html(_figures([_saw(prediction), _looked(prediction)]))
        st.caption(_explanation(prediction))


def warm(ink: Pixels, heat: Pixels) -> Pixels:
    """Return a drawing in grey with the heat over it in orange, uint8 (28, 28, 3).

    ink, heat: uint8 (28, 28), 0 for paper and for what did not count.
    """
    grey = np.repeat(0.8 * ink[..., None].astype(np.float32), 3, axis=2)
    cover = (0.85 / 255) * heat[..., None].astype(np.float32)
    mixed: Pixels = (grey * (1 - cover) + HEAT * cover).round().astype(np.uint8)
    return mixed


def is_open(name: str) -> bool:
    """Tell whether the pictures were asked for at this place on the page."""
    return bool(st.session_state.get(_kept(f"draw_ink_{name}")))


def _kept(key: str) -> str:
    return f"{key}_open"


def _remember(key: str) -> None:
    # Streamlit forgets a widget that is away, as this one is while the canvas is empty.
    st.session_state[_kept(key)] = st.session_state[key]


def _saw(prediction: Prediction) -> str:
    words = "The drawing as the network saw it, 28 by 28 pixels"
    return _figure(prediction.ink, "inkling-seen", words, "What it saw")


def _looked(prediction: Prediction) -> str:
    words = f"The same drawing; orange is what spoke for {prediction.label}"
    return _figure(
        warm(prediction.ink, prediction.heat), "inkling-looked", words, "Where it looked"
    )


def _figure(pixels: Pixels, kind: str, words: str, title: str) -> str:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    address = "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
    return (
        f'<figure><img class="{kind}" width="{SIDE_PX}" height="{SIDE_PX}" src="{address}" '
        f'alt="{escape(words)}"><figcaption class="inkling-note">{title}</figcaption></figure>'
    )


def _figures(figures: list[str]) -> str:
    return f'<div class="inkling-seeing">{"".join(figures)}</div>'


def _explanation(prediction: Prediction) -> str:
    saw = "The drawing as it was prepared: cropped, made small, centred, 28 × 28 pixels."
    if not prediction.heat.any():
        return f"{saw} No place in particular spoke for {prediction.label}."
    return f"{saw} The stronger the orange, the more that place spoke for {prediction.label}."

"""Where the network looked, as pictures to lay over a drawing: orange, the stronger the more."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

from model.writing.looked import Look
from result.explanation import HEAT

Rows = NDArray[np.float32]
STRONGEST = 0.8  # of the cover over the drawing
FAINTEST = 0.15  # heat below which nothing is shown
ENLARGED = 3
BLUR_PX = 2.5  # of the strip


def over_drawing(looks: Sequence[Look], chosen: int | None) -> list[dict[str, Any]]:
    """Return the heat of all characters, or of one, as pictures with the boxes that they lie over.

    chosen: place of a character in the text; None for all of them together.
    """
    pictures = []
    for look in looks:
        if chosen is None:
            heat = look.heat.max(axis=0)
        elif 0 <= chosen - look.first < len(look.heat):
            heat = look.heat[chosen - look.first]
        else:
            continue
        pictures.append(
            {"address": _address(_smooth(heat)), "box": [round(side, 1) for side in look.box]}
        )
    return pictures


def _smooth(heat: Rows) -> Rows:
    """Return the heat without the edges of the patches that were covered, its most as before."""
    blurred = gaussian_filter(heat, BLUR_PX)
    return np.asarray(blurred * (heat.max() / max(float(blurred.max()), 1e-6)), np.float32)


def _address(heat: Rows) -> str:
    cover = np.clip((heat - FAINTEST) / (1 - FAINTEST), 0, 1) * STRONGEST * 255
    height, width = heat.shape
    opacity = Image.fromarray(cover.round().astype(np.uint8)).resize(
        (width * ENLARGED, height * ENLARGED), Image.Resampling.BICUBIC
    )
    picture = Image.new("RGB", opacity.size, tuple(HEAT.astype(int).tolist()))
    picture.putalpha(opacity)
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=80)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()

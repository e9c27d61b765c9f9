from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from model.writing.looked import Look


def look(first: int = 0) -> Look:
    heat = np.zeros((2, 32, 60), np.float32)
    heat[0, 10:14, 5:9] = 1
    heat[1, 10:14, 45:49] = 1
    return Look(heat, (10.0, 20.0, 130.0, 84.0), first)


def opacity(address: str) -> np.ndarray:
    data = base64.b64decode(address.split(",", 1)[1])
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))[..., 3]


def over(*looks: Look, chosen: int | None = None):
    from writing.heat_over import over_drawing

    return over_drawing(looks, chosen)


def test_all_characters_lie_in_one_picture_over_the_box():
    (picture,) = over(look())

    shown = opacity(picture["address"])
    assert picture["box"] == [10.0, 20.0, 130.0, 84.0]
    assert shown[36, 21] > 100
    assert shown[36, 141] > 100
    assert shown[36, 90] == 0


def test_one_character_lies_there_alone():
    (picture,) = over(look(), chosen=1)

    shown = opacity(picture["address"])
    assert shown[36, 21] == 0
    assert shown[36, 141] > 100


def test_of_several_rows_the_one_with_the_character_is_shown():
    assert len(over(look(0), look(2), chosen=3)) == 1
    assert over(look(0), chosen=7) == []


def test_where_nothing_spoke_nothing_is_shown():
    nothing = Look(np.zeros((1, 32, 60), np.float32), (0.0, 0.0, 60.0, 32.0), 0)

    (picture,) = over(nothing)

    assert not opacity(picture["address"]).any()

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from model.errors import BadDrawing, NoInk
from model.line_ink.line_strip import HEIGHT_PX, MARGIN_PX, WIDEST_PX, strip_of_ink, to_strip


def page(height: int = 200, width: int = 600) -> NDArray[np.uint8]:
    return np.zeros((height, width), np.uint8)


def test_a_strip_has_the_ink_from_top_to_bottom_and_paper_around() -> None:
    sheet = page()
    sheet[50:150, 100:400] = 255

    strip = to_strip(sheet)

    rows, columns = np.nonzero(strip > 128)
    assert (rows.min(), rows.max()) == (MARGIN_PX, HEIGHT_PX - MARGIN_PX - 1)
    assert strip.shape == (HEIGHT_PX, 96 + 2 * MARGIN_PX)
    assert (columns.min(), columns.max()) == (MARGIN_PX, 96 + MARGIN_PX - 1)


def test_dark_ink_on_light_paper_gives_the_same_strip() -> None:
    sheet = page()
    sheet[50:150, 100:110] = 255
    sheet[90:150, 200:260] = 255

    assert np.array_equal(to_strip(sheet), to_strip(255 - sheet))


def test_where_on_the_page_a_line_stands_changes_nothing() -> None:
    high, low = page(), page()
    high[10:70, 20:40] = high[40:70, 80:120] = 255
    low[110:170, 320:340] = low[140:170, 380:420] = 255

    assert np.array_equal(to_strip(high), to_strip(low))


def test_a_very_long_line_is_made_small_as_a_whole() -> None:
    sheet = page(60, 4000)
    sheet[20:30, 10:3990:40] = sheet[20:30, 11:3990:40] = sheet[20:30, 12:3990:40] = 255

    strip = to_strip(sheet)

    assert strip.shape == (HEIGHT_PX, WIDEST_PX)
    assert (strip > 60).any(axis=0)[:40].any()
    assert (strip > 60).any(axis=0)[-40:].any()


def test_hair_thin_ink_is_still_there() -> None:
    sheet = page(1200, 3000)
    sheet[100:1100, 500] = sheet[100:1100, 2500] = 255

    assert (to_strip(sheet) > 100).any(axis=0).sum() >= 2


def test_a_blank_page_has_no_ink() -> None:
    with pytest.raises(NoInk):
        to_strip(page())


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(BadDrawing):
        to_strip(np.zeros((2, 3, 4, 5), np.uint8))


def test_known_ink_gives_the_strip_that_looking_for_it_gives() -> None:
    sheet = page()
    sheet[50:150, 100:110] = sheet[90:150, 200:260] = 255

    assert np.array_equal(strip_of_ink(sheet), to_strip(sheet))


def test_a_large_closed_box_among_known_ink_is_no_sheet_of_paper() -> None:
    sheet = page(280, 570)
    sheet[60:240, 330:500] = 255
    sheet[66:234, 336:494] = 0
    sheet[60:240, 80:86] = 255

    assert strip_of_ink(sheet).shape[1] > 70


def test_a_canvas_without_ink_has_none() -> None:
    with pytest.raises(NoInk):
        strip_of_ink(page())

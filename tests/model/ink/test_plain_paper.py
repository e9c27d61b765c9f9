from __future__ import annotations

import numpy as np
import pytest

from model.ink.plain_paper import part_on_plain_paper
from model.ink.preprocess import prepare
from tests.model.ink.sketches import sketch


@pytest.mark.parametrize("ink", [(0, 0, 0), (200, 30, 30)])
def test_bare_paper_around_a_drawing_changes_nothing_of_it(ink: tuple[int, int, int]) -> None:
    plain = np.asarray(sketch(ink=ink, paper=(255, 255, 255)))
    rgba = np.dstack([plain, np.full(plain.shape[:2], 255, np.uint8)])
    # Of each the whole is looked at: one pixel of the first corner is another, one is transparent.
    spotted, pierced = plain.copy(), rgba.copy()
    spotted[0, 0] = (254, 255, 255)
    pierced[5, 5, 3] = 254

    wanted = prepare(plain)

    assert part_on_plain_paper(plain) is not None
    assert part_on_plain_paper(pierced) is None
    assert all(np.array_equal(prepare(p), wanted) for p in (rgba, spotted, pierced, plain[:, ::1]))


def test_strokes_that_leave_the_canvas_do_not_hide_that_its_border_is_bare() -> None:
    canvas = np.full((280, 280), 255, np.uint8)
    canvas[:200, 130:150] = 0

    part = part_on_plain_paper(canvas)

    assert part is not None
    assert (part.top, part.left, part.planes.shape) == (0, 130, (1, 200, 20))
    assert part.around == 280 * 280 - 200 * 20


@pytest.mark.parametrize(
    "picture",
    [
        np.full((280, 280, 4), 255, np.uint8),
        np.zeros((280, 280, 4), np.uint8),
        np.tile(np.arange(0, 250, dtype=np.uint8), (250, 1)),
    ],
    ids=["blank", "transparent", "shaded"],
)
def test_without_a_bare_border_and_a_drawing_there_is_no_part(picture: np.ndarray) -> None:
    assert part_on_plain_paper(picture) is None

from __future__ import annotations

import numpy as np
import pytest

from model.language.prior import Prior
from model.line_ink.line_strip import lay_out
from model.line_ink.pen_path import PenPath, trace
from model.writing.placed_characters import (
    PX_PER_ROW,
    STEPS_PER_ROW,
    boxes_in_picture,
    named,
    parts_of_path,
    shares_of_places,
)
from model.writing.scoring import Scoring
from tests.model.writing.plain_hand import HEIGHT, write

SCORING = Scoring(
    strip=1.0, path=1.0, prior=0.5, bonus=1.0, temperature=1.0, sure_threshold=0.9, refusal=0.0
)
CLASSES = "", "7", "a", "n", " ", "?"


def path_of(strokes: list[list[list[float]]]) -> PenPath:
    return trace([np.array(stroke).T for stroke in strokes])


def centres(pen: PenPath, *groups: tuple[int, ...]) -> np.ndarray:
    """Return the rows at which a network would say characters of these strokes: their middles."""
    middles = [np.flatnonzero(np.isin(pen.stroke, group)).mean() for group in groups]
    return (np.array(middles) - (STEPS_PER_ROW - 1) / 2) / STEPS_PER_ROW


def test_each_character_has_the_strokes_that_were_drawn_for_it() -> None:
    pen = path_of(write("HAT"))

    _, strokes = parts_of_path(centres(pen, (0, 1, 2), (3, 4, 5), (6, 7)), pen, 0.0)

    assert strokes == [(0, 1, 2), (3, 4, 5), (6, 7)]


@pytest.mark.parametrize("lag", [-0.4, 0.4])
def test_where_within_a_character_a_network_speaks_is_reckoned_with(lag: float) -> None:
    pen = path_of(write("HAT"))
    groups = (0, 1, 2), (3, 4, 5), (6, 7)
    steps = [np.flatnonzero(np.isin(pen.stroke, group)) for group in groups]
    said = np.array([(own[0] + own[-1]) / 2 + lag * (own[-1] - own[0]) for own in steps])

    _, strokes = parts_of_path((said - 0.5) / STEPS_PER_ROW, pen, lag)

    assert strokes == list(groups)


def test_a_dot_that_comes_late_is_of_the_letter_beneath_it() -> None:
    stem, dot = write("i")
    strokes = [stem, *write("nn", left=60.0), dot]
    pen = path_of(strokes)

    _, owned = parts_of_path(centres(pen, (0,), (1,), (2,)), pen, 0.0)

    assert owned == [(0, 3), (1,), (2,)]


def test_a_bar_that_comes_late_is_of_the_letter_that_it_crosses() -> None:
    stem, bar = write("t", left=80.0)
    strokes = [*write("n"), stem, *write("nn", left=170.0), bar]
    pen = path_of(strokes)

    _, owned = parts_of_path(centres(pen, (0,), (1,), (2,), (3,)), pen, 0.0)

    assert owned == [(0,), (1, 4), (2,), (3,)]


def test_of_a_joined_hand_one_stroke_is_of_several_characters() -> None:
    wave = np.stack([np.linspace(0, 400, 200), 50 + 50 * np.sin(np.linspace(0, 25, 200))], axis=1)
    pen = trace([wave])
    count = len(pen.stroke)
    said = np.array([0.125, 0.375, 0.625, 0.875]) * count / STEPS_PER_ROW

    boxes, strokes = parts_of_path(said, pen, 0.0)

    assert strokes == [(0,)] * 4
    lefts = [box[0] for box in boxes]
    assert lefts == sorted(lefts)
    assert lefts[1] == pytest.approx(100, abs=15)


def test_boxes_hold_the_strokes_of_each_character() -> None:
    pen = path_of(write("LT"))

    left, right = parts_of_path(centres(pen, (0,), (1, 2)), pen, 0.0)[0]

    assert left == pytest.approx((0, 0, 50, HEIGHT), abs=1)
    assert right == pytest.approx((80, 0, 150, HEIGHT), abs=1)


def test_boxes_in_a_picture_go_around_the_ink_of_each_character() -> None:
    sheet = np.zeros((200, 600), np.uint8)
    sheet[50:150, 100:140] = sheet[70:150, 200:260] = sheet[50:120, 330:350] = 255
    mask = sheet > 0
    strip = lay_out(sheet, mask)
    middles = (np.array([120, 230, 340]) - strip.left) * strip.scale / PX_PER_ROW - 0.5

    boxes = boxes_in_picture(middles, strip, mask, 0.0)

    assert boxes == [(100, 50, 140, 150), (200, 70, 260, 150), (330, 50, 350, 120)]


@pytest.mark.parametrize("count", [1, 3, 40])
@pytest.mark.parametrize("lag", [-0.5, 0.0, 0.5])
def test_boxes_stay_in_the_picture_however_many_characters_were_read(
    count: int, lag: float
) -> None:
    sheet = np.zeros((60, 20), np.uint8)
    sheet[:, 8:] = 255  # up to the picture's edge
    ink, mask = sheet, sheet > 0
    strip = lay_out(ink, mask)

    boxes = boxes_in_picture(np.linspace(0, 5, count), strip, mask, lag)

    assert len(boxes) == count
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= 20
        assert 0 <= top < bottom <= 60


def test_what_a_place_may_hold_adds_up_to_one_and_is_never_blank_or_space() -> None:
    logs = np.log(np.random.default_rng(1).dirichlet([0.4] * 6, 9))

    shares, rows, followed = shares_of_places(
        "an", logs, logs[:7], CLASSES, Prior({"an": 10, "a": 10}), SCORING
    )

    assert shares.sum(axis=1) == pytest.approx([1, 1])
    assert shares[:, [0, 4, 5]].max() < 1e-9
    assert (len(rows), followed is not None and len(followed)) == (2, 2)


def test_a_network_that_has_no_room_for_the_text_leaves_it_to_the_other() -> None:
    strip = np.log(np.full((5, len(CLASSES)), 0.02))
    strip[0, 1] = strip[2, 2] = strip[4, 3] = np.log(0.9)
    too_short = np.log(np.full((2, len(CLASSES)), 1 / len(CLASSES)))

    shares, _, _ = shares_of_places("7an", strip, too_short, CLASSES, Prior({}), SCORING)

    assert [CLASSES[place] for place in shares.argmax(axis=1)] == ["7", "a", "n"]
    assert shares[:, [0, 4, 5]].max() == 0


def test_what_people_write_counts_for_what_a_place_may_hold() -> None:
    logs = np.log(np.full((8, 6), 1 / 6))
    prior = Prior({"an": 10, "a": 10})

    shares, _, _ = shares_of_places("an", logs, None, CLASSES, prior, SCORING)

    a, n = CLASSES.index("a"), CLASSES.index("n")
    assert shares[0, a] > 2 * shares[0, n]  # `an` is a word, and `nn` is none


def test_probabilities_are_named_by_character_alone() -> None:
    shares = np.array([[0.0, 0.2, 0.5, 0.3, 0.0, 0.0]])

    assert named(shares, CLASSES) == [{"7": 0.2, "a": 0.5, "n": 0.3}]


def test_of_an_alphabet_its_own_characters_alone_are_named() -> None:
    allowed = np.array([True, True, False, False, False, True])

    assert named(np.array([[0.0, 1.0, 0, 0, 0, 0]]), CLASSES, allowed) == [{"7": 1.0}]

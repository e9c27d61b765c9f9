"""Drawing with a mouse, a finger and the keyboard in a real browser."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from environment import data_dir, read_environment
from feedback.store import NOT_A_DIGIT, Filters, list_drawings
from tests.browser.strokes import DIGITS, from_quick_draw

pytestmark = pytest.mark.browser

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
DEVICES = pytest.mark.parametrize("device", [{}, PHONE], ids=["desk", "phone"])

COUNT_DARK = """(upper) => {
  const paper = upper.parentElement.querySelector('.lower-canvas');
  const { data } = paper.getContext('2d').getImageData(0, 0, paper.width, paper.height);
  let dark = 0;
  for (let i = 0; i < data.length; i += 4) dark += data[i] < 128;
  return dark;
}"""


def newest(store, number=1):
    return list_drawings(store, Filters(), limit=number)


def test_every_digit_of_our_own_hand_is_read(visit):
    visitor = visit()
    read = {}

    for value in DIGITS:
        visitor.draw_digit(value)
        read[value] = visitor.label.inner_text()
        visitor.clear()

    assert read == {value: str(value) for value in DIGITS}


def test_a_finger_draws_as_a_mouse_does(visit):
    visitor = visit(**PHONE)

    visitor.touch_digit(4)

    expect(visitor.label).to_have_text("4")


def test_undo_redo_and_clear_follow_the_strokes(visit):
    visitor = visit()
    visitor.draw_digit(4)

    visitor.button("Undo").click()
    visitor.wait_until_read(1)
    visitor.button("Redo").click()
    visitor.wait_until_read(2)
    visitor.button("Clear").click()

    expect(visitor.label).to_have_count(0)
    expect(visitor.button("Undo")).to_be_disabled()
    expect(visitor.button("Redo")).to_be_disabled()


def test_the_keyboard_undoes_answers_and_starts_again(visit):
    visitor = visit()
    visitor.draw_digit(4)
    undo, redo = (visitor.page.get_by_role("button", name=name) for name in ("Undo", "Redo"))

    expect(undo).to_be_enabled()  # the label is there a moment before the buttons
    visitor.page.keyboard.press("Control+z")
    visitor.wait_until_read(1)
    expect(redo).to_be_enabled()
    visitor.page.keyboard.press("Control+y")
    visitor.wait_until_read(2)
    expect(redo).to_be_disabled()
    visitor.page.keyboard.press("9")
    expect(visitor.question).to_contain_text("Saved: it is a 9")
    visitor.page.keyboard.press("n")

    expect(visitor.page.get_by_text("Draw a digit from 0 to 9")).to_be_visible()


def test_the_key_x_says_that_it_is_not_a_digit(visit, store):
    visitor = visit()
    visitor.draw_digit(4)

    expect(visitor.button("Not a digit")).to_be_visible()
    visitor.page.keyboard.press("x")

    expect(visitor.question).to_contain_text("Saved: it is not a digit")
    (row,) = newest(store)
    assert (row.predicted, row.is_digit, row.answer) == (4, True, NOT_A_DIGIT)


def test_keys_leave_a_drawing_alone_that_the_pictures_hide(visit):
    visitor = visit()
    visitor.draw_digit(3)
    canvas, pictures = (visitor.page.get_by_role("tab", name=n) for n in ("Canvas", "Pictures"))
    expect(visitor.button("Not a digit")).to_be_visible()
    hint = visitor.page.locator("[class*=st-key-draw_yes_canvas]").get_by_text("Y", exact=True)
    expect(hint).to_have_count(1)

    pictures.click()
    expect(hint).to_have_count(0)
    for key in ("7", "x", "y", "Backspace"):
        visitor.page.keyboard.press(key)
    canvas.click()

    expect(hint).to_have_count(1)
    expect(visitor.question).to_contain_text("Is that right?")
    expect(visitor.label).to_have_text("3")


def test_every_control_can_be_reached_with_the_tab_key(visit):
    visitor = visit()
    visitor.draw_digit(3)
    reached = set()

    for _ in range(40):
        visitor.page.keyboard.press("Tab")
        reached.add(visitor.page.evaluate("document.activeElement.innerText"))

    words = " ".join(sorted(reached))
    controls = ("Statistics", "Undo", "Clear", "Pen", "Yes, it is a 3", "Not a digit")
    for name in (*controls, "What the network saw", *map(str, range(10))):
        assert name in words


def test_a_broader_pen_draws_broader_strokes(visit):
    visitor = visit()

    def ink():
        visitor.draw_stroke([(60, 140), (220, 140)])
        visitor.wait_until_read(1)
        return visitor.canvas.evaluate(COUNT_DARK)

    medium = ink()
    visitor.clear()
    visitor.button("Pen").click()
    visitor.page.get_by_text("Broad").click()
    visitor.page.keyboard.press("Escape")
    broad = ink()

    assert broad > 1.2 * medium


def test_the_strokes_that_are_kept_are_those_that_were_drawn(visit, store):
    started = datetime.now(UTC)
    visitor = visit()
    visitor.draw_digit(7)
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved")

    (row,) = newest(store)

    (stroke,) = row.strokes
    assert started <= row.created_at <= datetime.now(UTC)
    for (x, y), kept in zip((DIGITS[7][0][0], DIGITS[7][0][-1]), ((0, 0), (-1, -1)), strict=True):
        assert stroke[0][kept[0]] == pytest.approx(x * 255, abs=2)
        assert stroke[1][kept[1]] == pytest.approx(y * 255, abs=2)


@pytest.mark.data
def test_recorded_strokes_are_read_and_kept_as_they_were_written(visit, store):
    path = data_dir(read_environment()) / "pen" / "pendigits.ndjson.gz"
    if not path.exists():
        pytest.skip(f"no recorded strokes at {path}")
    with gzip.open(path, "rt") as file:
        drawings = [json.loads(line)["drawing"] for line, _ in zip(file, range(3), strict=False)]
    visitor = visit()

    for drawing in drawings:
        strokes = from_quick_draw(drawing)
        visitor.draw(strokes)
        shown = visitor.label.inner_text()
        visitor.say_yes()
        expect(visitor.question).to_contain_text("Saved")
        (row,) = newest(store)
        visitor.button("Draw another").click()
        expect(visitor.label).to_have_count(0)

        assert str(row.predicted) == shown == str(row.answer)
        assert len(row.strokes) == len(strokes)
        for kept, drawn in zip(row.strokes, strokes, strict=True):
            assert kept[0][0] == pytest.approx(drawn[0][0] * 255, abs=2)
            assert kept[1][-1] == pytest.approx(drawn[-1][1] * 255, abs=2)


def test_two_people_draw_at_once_and_each_sees_their_own(visit, store):
    one, other = visit(), visit()
    one.page.bring_to_front()  # behind another one, a page takes a second for each move
    one.draw_digit(3)
    other.page.bring_to_front()
    other.draw_digit(5)
    one.say_yes()
    other.say_digit(6)
    expect(one.question).to_contain_text("Saved: it is a 3")
    expect(other.question).to_contain_text("Saved: it is a 6")

    rows = newest(store, 2)
    assert {(row.predicted, row.answer) for row in rows} == {(3, 3), (5, 6)}
    assert len({row.session_id for row in rows}) == 2
    expect(one.label).to_have_text("3")
    expect(other.label).to_have_text("5")

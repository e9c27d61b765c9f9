"""Answering with the keyboard, on a desk and beside a touch screen; and when a key does nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from feedback.store import Filters, list_drawings
from tests.browser.draw.test_drawing import DEVICES
from tests.browser.strokes import DIGITS, scaled

pytestmark = pytest.mark.browser

ASIDE = ".inkling-aside"
LONGER_THAN_A_SECOND_MS = 1500


def answer(store):
    (row,) = list_drawings(store, Filters(), limit=1)
    return row.answer


@DEVICES
def test_two_digits_within_a_second_save_nothing_and_say_why(visit, store, device):
    visitor = visit(**device)
    visitor.write_digit(4)
    expect(visitor.button("Not a digit")).to_be_visible()

    visitor.page.keyboard.type("12")

    expect(visitor.page.locator(ASIDE)).to_contain_text("nothing is saved")
    visitor.page.wait_for_timeout(LONGER_THAN_A_SECOND_MS)
    expect(visitor.question).to_contain_text("Is that right?")
    assert answer(store) is None


@DEVICES
def test_one_digit_is_shown_at_once_and_saved_within_two_seconds(visit, store, device):
    visitor = visit(**device)
    visitor.write_digit(4)
    expect(visitor.button("Not a digit")).to_be_visible()

    visitor.page.keyboard.press("9")

    expect(visitor.page.locator(ASIDE)).to_contain_text("You say 9")
    expect(visitor.question).to_contain_text("Saved: it is a 9", timeout=4000)
    assert answer(store) == 9


@DEVICES
def test_a_digit_that_was_only_just_typed_is_saved_before_the_next_drawing(visit, store, device):
    visitor = visit(**device)
    visitor.write_digit(4)
    expect(visitor.button("Not a digit")).to_be_visible()

    visitor.page.keyboard.press("9")
    visitor.page.keyboard.press("n")

    expect(visitor.page.get_by_text("Draw a digit from 0 to 9")).to_be_visible()
    assert answer(store) == 9


@DEVICES
def test_keys_do_nothing_while_a_menu_is_open(visit, store, device):
    visitor = visit(**device)
    visitor.write_digit(4)
    visitor.button("Pen").click()
    expect(visitor.page.get_by_text("Broad")).to_be_visible()

    for key in ("3", "y", "x", "Backspace"):
        visitor.page.keyboard.press(key)
    visitor.page.wait_for_timeout(LONGER_THAN_A_SECOND_MS)
    visitor.page.keyboard.press("Escape")

    expect(visitor.question).to_contain_text("Is that right?")
    assert answer(store) is None


@DEVICES
def test_a_key_in_mid_stroke_answers_nothing(visit, store, device):
    visitor = visit(**device)
    first, second = scaled(DIGITS[4], visitor.side())
    visitor.stroke(first)
    visitor.wait_until_read(1)

    with visitor.in_mid_stroke(second):
        for key in ("7", "y"):
            visitor.page.keyboard.press(key)
        visitor.page.wait_for_timeout(LONGER_THAN_A_SECOND_MS)
    visitor.wait_until_read(2)

    expect(visitor.question).to_contain_text("Is that right?")
    assert answer(store) is None

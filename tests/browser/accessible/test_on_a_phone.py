"""The Draw page on small screens: what is in sight without scrolling, and how far apart it is."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def boxes(visitor):
    page = visitor.page
    found = {
        "label": visitor.label,
        "yes": page.locator("[class*='st-key-draw_yes_canvas'] button"),
        "none": visitor.button("Not a digit"),
        "canvas": visitor.canvas,
    }
    found |= {
        str(digit): page.locator(f".st-key-draw_answer_canvas_{digit} button")
        for digit in range(10)
    }
    return {name: one.bounding_box() for name, one in found.items()}


def test_from_the_canvas_to_not_a_digit_all_is_in_sight_on_a_phone(visit, shown):
    visitor = visit(shown, viewport={"width": 390, "height": 844}, has_touch=True)
    visitor.touch_digit(4)

    seen = boxes(visitor)

    assert visitor.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    assert seen["canvas"]["width"] >= 0.9 * 390
    assert min(box["y"] for box in seen.values()) >= 0
    assert max(box["y"] + box["height"] for box in seen.values()) <= 844


def bottom(box):
    return box["y"] + box["height"]


@pytest.mark.parametrize(
    ("width", "height"), [(390, 844), (320, 640), (844, 390), (820, 1180), (1180, 820)]
)
def test_after_an_answer_a_finger_has_room_between_draw_another_and_yes(
    visit, shown, width, height
):
    visitor = visit(shown, viewport={"width": width, "height": height}, has_touch=True)
    visitor.touch_digit(4)
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved")

    another = visitor.button("Draw another").bounding_box()
    seen = boxes(visitor)

    assert seen["yes"]["y"] - bottom(another) >= 8
    if height > width:  # on a phone that lies on its side, the rest is below
        assert bottom(seen["yes"]) <= height
    if width >= 390 and height >= 820:
        assert bottom(seen["none"]) <= height


@pytest.mark.parametrize(("width", "height"), [(820, 1180), (1180, 820)])
def test_on_a_tablet_all_is_in_sight_and_a_thumb_hits_it(visit, shown, width, height):
    visitor = visit(shown, viewport={"width": width, "height": height}, has_touch=True)
    visitor.touch_digit(4)

    seen = boxes(visitor)

    assert visitor.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    assert seen["canvas"]["width"] >= (338 if height > width else 280)
    assert bottom(seen["canvas"]) < bottom(seen["none"]) <= height
    assert min(seen[name]["height"] for name in ("yes", "none", "0", "9")) >= 44


def test_on_the_smallest_phone_label_and_yes_stand_under_the_canvas(visit, shown):
    visitor = visit(shown, viewport={"width": 320, "height": 640}, has_touch=True)
    visitor.touch_digit(4)

    seen = boxes(visitor)
    below = seen["canvas"]["y"] + seen["canvas"]["height"]

    assert below <= seen["label"]["y"] < seen["yes"]["y"] < seen["0"]["y"]
    assert seen["yes"]["y"] - below < 220
    main = "document.querySelector('[data-testid=stMain]')"
    assert visitor.page.evaluate(f"{main}.scrollWidth - {main}.clientWidth") == 0

"""The Draw page on small screens: what is in sight without scrolling."""

from __future__ import annotations

import pytest

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


def test_on_the_smallest_phone_label_and_yes_stand_under_the_canvas(visit, shown):
    visitor = visit(shown, viewport={"width": 320, "height": 640}, has_touch=True)
    visitor.touch_digit(4)

    seen = boxes(visitor)
    below = seen["canvas"]["y"] + seen["canvas"]["height"]

    assert below <= seen["label"]["y"] < seen["yes"]["y"] < seen["0"]["y"]
    assert seen["yes"]["y"] - below < 220
    main = "document.querySelector('[data-testid=stMain]')"
    assert visitor.page.evaluate(f"{main}.scrollWidth - {main}.clientWidth") == 0

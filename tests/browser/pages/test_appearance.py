"""What the pages look like: phone, dark, and the README's pictures."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PAGES = ("Statistics", "History", "Model", "Draw")


def backdrop(visitor) -> int:
    """Return the brightness of the page's background, 0 to 255."""
    colour = visitor.page.evaluate(
        "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    )
    return sum(int(part) for part in colour.strip("rgb()").split(",")[:3]) // 3


def test_on_a_phone_all_fits_and_answers_stand_in_rows_of_five(visit):
    visitor = visit(viewport={"width": 375, "height": 812})
    visitor.draw_digit(3)

    for width in (375, 320):
        visitor.resize(width, 812)
        boxes = [
            visitor.page.locator(f".st-key-draw_answer_canvas_{value} button").bounding_box()
            for value in range(10)
        ]
        paper = visitor.canvas.bounding_box()
        none = visitor.button("Not a digit").bounding_box()

        assert len({box["y"] for box in boxes[:5]}) == len({box["y"] for box in boxes[5:]}) == 1
        assert boxes[5]["y"] > boxes[0]["y"]
        assert min(box["height"] for box in (*boxes, none)) >= 44
        assert min(box["x"] for box in (*boxes, none, paper)) >= 0
        assert max(box["x"] + box["width"] for box in (*boxes, none, paper)) <= width
        assert none["y"] > boxes[9]["y"]
        assert none["x"] == pytest.approx(boxes[5]["x"], abs=1)
        assert none["x"] + none["width"] == pytest.approx(boxes[9]["x"] + boxes[9]["width"], abs=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_what_it_saw_and_where_it_looked_stand_side_by_side(visit, scheme):
    visitor = visit(viewport={"width": 320, "height": 812}, color_scheme=scheme)
    visitor.draw_digit(3)

    visitor.open_seeing()

    saw, looked = (
        visitor.page.locator(name).bounding_box() for name in (".inkling-seen", ".inkling-looked")
    )
    assert saw["y"] == looked["y"]
    assert saw["x"] + saw["width"] < looked["x"]
    assert looked["x"] + looked["width"] <= 320


def test_opening_what_it_saw_leaves_the_answers_where_they_are(visit):
    visitor = visit(viewport={"width": 1280, "height": 1200})
    visitor.draw_digit(3)
    before = visitor.button("Not a digit").bounding_box()

    visitor.open_seeing()

    assert visitor.button("Not a digit").bounding_box() == before
    assert visitor.page.locator(".inkling-seen").bounding_box()["y"] > before["y"]


def test_no_page_scrolls_sideways_on_a_phone(visit):
    visitor = visit(viewport={"width": 375, "height": 812})
    visitor.draw_digit(3)
    overflow = {}

    for page in PAGES:
        visitor.page.goto(f"{visitor.url}/{'' if page == 'Draw' else page.lower()}")
        expect(visitor.page.get_by_role("heading", level=1)).to_contain_text(page)
        expect(visitor.page.get_by_text("kept so that the reader can learn")).to_be_visible()
        overflow[page] = visitor.page.evaluate(
            """() => Math.max(...document.querySelectorAll('html, [data-testid=stMain]').values()
              .map((box) => box.scrollWidth - box.clientWidth))"""
        )

    assert overflow == dict.fromkeys(PAGES, 0)


def test_the_theme_follows_the_system(visit):
    light, dark = visit(color_scheme="light"), visit(color_scheme="dark")
    dark.draw_digit(5)

    assert backdrop(light) > 230
    assert backdrop(dark) < 40
    expect(dark.label).to_have_text("5")


def test_a_change_of_theme_keeps_the_drawing(visit):
    visitor = visit(color_scheme="light")
    visitor.draw_digit(5)

    visitor.page.emulate_media(color_scheme="dark")
    visitor.page.wait_for_function(
        "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor.includes('20')"
    )

    visitor.wait_until_read(2)
    expect(visitor.label).to_have_text("5")
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved: it is a 5")


def test_every_page_says_that_drawings_are_kept_and_no_visitor_where(visit, database):
    visitor = visit()

    for page in PAGES:
        visitor.go_to(page)

        expect(visitor.page.get_by_text("kept so that the reader can learn")).to_be_visible()
        assert str(database.database) not in visitor.page.content()

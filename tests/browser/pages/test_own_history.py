"""What an author does to their own drawings on History, with a mouse and with a finger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import Engine

from feedback.store import (
    NOT_A_DIGIT,
    Filters,
    KeptDrawing,
    count_drawings,
    delete_drawings,
    list_drawings,
    list_words,
)
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
Come = Callable[..., Visitor]
CARDS = ".ink-card"
IN_A_DIALOG = "[role=dialog]"
HELD = "sessionStorage.getItem('inkling.drawing')"  # what the tab holds of its drawing


@pytest.fixture(params=["desk", "phone"])
def come(request: pytest.FixtureRequest, visit: Any) -> Come:
    """A function that draws these digits and goes to History, at a desk or with a phone."""
    is_phone = request.param == "phone"

    def drawn(*values: int) -> Visitor:
        visitor: Visitor = visit(has_touch=True) if is_phone else visit()
        for number, value in enumerate(values):
            if number:
                visitor.clear()
            visitor.draw_digit(value)
        visitor.go_to("History")
        if is_phone:
            visitor.resize(390, 844)
        expect(visitor.page.locator(CARDS)).to_have_count(len(values))
        return visitor

    return drawn


def press(visitor: Visitor, button: Locator) -> None:
    """Press a button as the device does, where it is on the screen."""
    button.scroll_into_view_if_needed()
    if visitor.page.evaluate("navigator.maxTouchPoints"):
        button.tap()
    else:
        button.click()


def answer(visitor: Visitor, opener: str, name: str) -> None:
    """Open the first card's question, and press what it offers."""
    press(visitor, visitor.page.get_by_role("button", name=opener, exact=True).first)
    dialog = visitor.page.locator(IN_A_DIALOG)
    press(visitor, dialog.get_by_role("button", name=name, exact=True))
    expect(dialog).to_have_count(0)


def newest(store: Engine) -> KeptDrawing:
    return list_drawings(store, Filters(), limit=1)[0]


def test_a_drawing_is_answered_changed_and_taken_back_later(come: Come, store: Engine):
    visitor = come(5)
    card = visitor.page.locator(CARDS).first
    expect(card).to_contain_text("not answered")
    before = newest(store)

    answer(visitor, "Answer", "5")
    expect(card).to_contain_text("read right")
    answer(visitor, "Change", "Not a digit")
    expect(card).to_contain_text("taken for a digit, it is not a digit")
    answer(visitor, "Change", "Take back that it is not a digit")
    expect(card).to_contain_text("not answered")

    row = newest(store)
    assert [word.answer for word in list_words(store, row.id)] == [5, NOT_A_DIGIT, None]
    assert row == before


def test_the_draw_page_shows_what_was_answered_on_history(come: Come):
    visitor = come(5)

    answer(visitor, "Answer", "6")
    expect(visitor.page.get_by_text("Saved: it is a 6.")).to_be_visible()
    visitor.resize(1280, 900)
    visitor.go_to("Draw")

    expect(visitor.question).to_contain_text("Saved: it is a 6")
    expect(visitor.label).to_have_text("5")


def test_a_deleted_drawing_is_gone_from_the_store_and_from_the_canvas(come: Come, store: Engine):
    visitor = come(3, 5)
    gone = newest(store)

    press(visitor, visitor.button("Delete this drawing").first)
    press(visitor, visitor.page.locator(IN_A_DIALOG).get_by_role("button", name="Delete it"))

    expect(visitor.page.locator(CARDS)).to_have_count(1)
    expect(visitor.page.get_by_text("Deleted: the drawing")).to_be_visible()
    rest = list_drawings(store, Filters(session_id=gone.session_id), limit=9)
    assert [row.predicted for row in rest] == [3]
    visitor.resize(1280, 900)
    visitor.go_to("Draw")
    expect(visitor.page.locator(".inkling-empty")).to_be_visible()


def test_all_of_a_visits_drawings_are_deleted_and_nobody_elses(
    come: Come, store: Engine, visit: Any
):
    other = visit(has_touch=True)  # a browser of its own
    other.draw_digit(4)
    visitor = come(3, 5)
    mine = newest(store).session_id
    before = count_drawings(store, Filters())

    press(visitor, visitor.button("Delete all my drawings"))
    dialog = visitor.page.locator(IN_A_DIALOG)
    expect(dialog).to_contain_text("2 drawings are kept of you")
    press(visitor, dialog.get_by_role("button", name="Delete all 2"))

    expect(visitor.page.get_by_text("You have not drawn anything")).to_be_visible()
    expect(visitor.page.get_by_text("Deleted: 2 drawings")).to_be_visible()
    assert count_drawings(store, Filters(session_id=mine)) == 0
    assert count_drawings(store, Filters()) == before - 2


def expect_a_clean_sheet(visitor: Visitor, store: Engine, mine: UUID) -> None:
    """Load Draw and draw there: were an earlier drawing back, it would be gone on with."""
    visitor.page.set_viewport_size({"width": 1280, "height": 900})
    visitor.page.goto(visitor.url)
    expect(visitor.canvas).to_have_attribute("role", "img")
    visitor.draw_digit(1)
    assert count_drawings(store, Filters(session_id=mine)) == 1


@pytest.mark.parametrize("opener", ["Delete this drawing", "Delete all my drawings"])
def test_what_was_deleted_does_not_come_back_with_a_reload(come: Come, store: Engine, opener: str):
    visitor = come(5)
    mine = newest(store).session_id

    press(visitor, visitor.button(opener))
    press(visitor, visitor.page.locator(IN_A_DIALOG).get_by_role("button", name="Delete it"))
    expect(visitor.page.locator(CARDS)).to_have_count(0)
    visitor.page.wait_for_function(f"{HELD} === null")
    visitor.page.reload()
    expect(visitor.page.get_by_text("You have not drawn anything")).to_be_visible()

    expect_a_clean_sheet(visitor, store, mine)


def test_another_tab_lets_go_of_what_was_deleted(visit: Any, store: Engine):
    visitor = visit(has_touch=True)  # a browser of its own
    visitor.draw_digit(5)
    mine = newest(store).session_id
    other = Visitor(visitor.context, visitor.url)
    other.draw_digit(4)
    visitor.go_to("History")
    expect(visitor.page.locator(CARDS)).to_have_count(2)

    press(visitor, visitor.button("Delete all my drawings"))
    press(visitor, visitor.page.locator(IN_A_DIALOG).get_by_role("button", name="Delete all 2"))

    other.page.wait_for_function(f"{HELD} === null")
    expect_a_clean_sheet(other, store, mine)
    assert other.complaints == []


def test_what_was_deleted_where_no_tab_hears_of_it_is_not_laid_again(visit: Any, store: Engine):
    visitor = visit(has_touch=True)
    visitor.draw_digit(5)
    gone = newest(store)
    delete_drawings(store, [gone.id], session_id=gone.session_id)

    visitor.page.reload()
    visitor.page.wait_for_function(f"{HELD} === null")

    expect_a_clean_sheet(visitor, store, gone.session_id)


def test_closing_the_question_deletes_nothing(come: Come, store: Engine):
    visitor = come(3)
    mine = newest(store).session_id

    press(visitor, visitor.button("Delete all my drawings"))
    expect(visitor.page.locator(IN_A_DIALOG)).to_be_visible()
    press(visitor, visitor.page.locator(IN_A_DIALOG).get_by_role("button", name="Close"))

    expect(visitor.page.locator(IN_A_DIALOG)).to_have_count(0)
    assert count_drawings(store, Filters(session_id=mine)) == 1


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_every_target_is_one_for_a_thumb_and_all_of_it_is_on_the_screen(visit, width):
    visitor = visit(has_touch=True)
    visitor.draw_digit(3)
    visitor.say_yes()
    visitor.clear()
    visitor.draw_digit(5)
    visitor.go_to("History")
    visitor.resize(width, 844)
    on_cards = visitor.page.locator("[class*='st-key-history_tools_'] button")
    expect(on_cards).to_have_count(4)
    boxes = [button.bounding_box() for button in on_cards.all()]

    press(visitor, visitor.page.get_by_role("button", name="Change", exact=True))
    dialog = visitor.page.locator(IN_A_DIALOG)
    expect(dialog.get_by_role("button", name="Take back that it is a 3")).to_be_visible()
    answers = dialog.locator("[class*='st-key-history_digits_'] button")
    boxes += [button.bounding_box() for button in answers.all()]

    assert len(boxes) == 4 + 12
    assert min(box["width"] for box in boxes) >= 44
    assert min(box["height"] for box in boxes) >= 44
    assert max(box["x"] + box["width"] for box in boxes) <= width
    assert max(box["y"] + box["height"] for box in boxes[4:]) <= 844

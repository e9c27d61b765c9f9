"""From the answer to the store, to the other pages, and back."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from feedback.statistics import read_statistics
from feedback.store import NOT_A_DIGIT, Filters, list_drawings, list_words
from tests.browser.draw.test_drawing import COUNT_DARK, PHONE
from tests.browser.strokes import DIGITS
from tests.streamlit.drawn import png_of

pytestmark = pytest.mark.browser


def newest(store, number=1):
    return list_drawings(store, Filters(), limit=number)


def a_picture_of(value):
    """Return a file to choose."""
    strokes = [[(x * 280, y * 280) for x, y in stroke] for stroke in DIGITS[value]]
    return {"name": f"{value}.png", "mimeType": "image/png", "buffer": png_of(strokes)}


def test_an_answer_is_saved_in_postgresql_and_shown_on_statistics(visit, store):
    before = read_statistics(store, Filters())
    visitor = visit()
    visitor.draw_digit(3)

    visitor.say_yes()

    expect(visitor.question).to_contain_text("Saved: it is a 3")
    (row,) = newest(store)
    assert (row.predicted, row.answer, row.source) == (3, 3, "canvas")
    visitor.go_to("Statistics")
    answers = visitor.page.get_by_test_id("stMetric").filter(has_text="Answers")
    expect(answers.get_by_test_id("stMetricValue")).to_have_text(str(before.answers + 1))


def test_an_answer_not_a_digit_is_saved_and_shown_beside_the_digits(visit, store):
    before = read_statistics(store, Filters())
    visitor = visit()
    visitor.draw_digit(3)

    visitor.say_no_digit()

    expect(visitor.question).to_contain_text("Saved: it is not a digit")
    assert newest(store)[0].answer is NOT_A_DIGIT
    visitor.go_to("Statistics")
    taken = visitor.page.get_by_role("row").filter(has_text="Taken for a digit")
    expect(taken.locator("td").first).to_have_text(str(before.taken_for_a_digit + 1))
    visitor.go_to("History")
    words = "taken for a digit, it is not a digit"
    expect(visitor.page.locator(".ink-card").first).to_contain_text(words)


def test_an_answer_can_be_changed_and_taken_back(visit, store):
    visitor = visit()
    visitor.draw_digit(5)

    visitor.say_digit(6)
    expect(visitor.question).to_contain_text("Saved: it is a 6")
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved: it is a 5")
    changed = newest(store)
    visitor.button("Take back").click()
    expect(visitor.question).to_contain_text("Is that right?")

    (row,) = newest(store)
    assert [kept.answer for kept in changed] == [5]
    assert (row.predicted, row.answer) == (5, None)
    assert [word.answer for word in list_words(store, row.id)] == [6, 5, None]


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desk", "phone"])
def test_an_answer_is_taken_back_and_the_question_is_open_again(visit, store, device):
    visitor = visit(**device)
    visitor.draw_digit(3)
    visitor.say_digit(8)
    expect(visitor.question).to_contain_text("Saved: it is an 8")

    visitor.button("Take back").click()

    expect(visitor.question).to_contain_text("Is that right?")
    assert visitor.canvas.evaluate(COUNT_DARK) > 0
    deadline_s = time.monotonic() + 10
    while newest(store)[0].answer is not None and time.monotonic() < deadline_s:
        time.sleep(0.1)
    assert newest(store)[0].answer is None
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved: it is a 3")
    assert newest(store)[0].answer == 3


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desk", "phone"])
def test_a_pen_that_comes_down_after_the_answer_begins_a_clean_sheet(visit, store, device):
    visitor = visit(**device)
    visitor.draw_digit(3)
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved: it is a 3")
    expect(visitor.page.locator(".inkling-answered")).to_be_visible()  # as it was drawn

    visitor.draw_digit(4)
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved: it is a 4")

    newer, older = newest(store, 2)
    assert (older.answer, newer.answer) == (3, 4)
    assert (len(older.strokes), len(newer.strokes)) == (1, 2)


def test_while_the_first_stroke_after_an_answer_is_drawn_the_old_digit_is_gone(visit):
    visitor = visit()
    visitor.draw_digit(3)
    visitor.say_yes()
    expect(visitor.page.locator(".inkling-answered")).to_be_visible()

    box = visitor.canvas.bounding_box()
    visitor.page.mouse.move(box["x"] + 100, box["y"] + 60)
    visitor.page.mouse.down()
    visitor.page.mouse.move(box["x"] + 100, box["y"] + 90)

    expect(visitor.page.locator(".inkling-answered")).to_have_count(0)
    assert visitor.canvas.evaluate(COUNT_DARK) == 0
    visitor.page.mouse.up()


def test_undo_takes_the_answer_back_and_redo_gives_it_again(visit, store):
    visitor = visit()
    visitor.draw_digit(4)
    before = len(newest(store, 100))
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved: it is a 4")

    visitor.button("Undo").click()
    expect(visitor.question).to_contain_text("Is that right?")
    visitor.wait_until_read(2)
    visitor.button("Redo").click()
    expect(visitor.question).to_contain_text("Saved: it is a 4")

    assert newest(store)[0].answer == 4
    assert len(newest(store, 100)) == max(before, 1)


def test_an_answer_is_in_a_live_region_once_it_is_saved(visit):
    visitor = visit()
    visitor.draw_digit(3)

    visitor.say_yes()

    said = visitor.page.locator(".inkling-card [role=status]").first
    expect(said).to_have_text("Saved: it is a 3.")


def test_the_answer_to_a_picture_is_in_a_live_region_of_its_own_once_it_is_saved(visit):
    visitor = visit()
    visitor.page.get_by_role("tab", name="Pictures").click()
    visitor.page.locator("input[type=file]").set_input_files([a_picture_of(7), a_picture_of(2)])
    expect(visitor.label).to_have_text(["7", "2"])
    said = visitor.page.locator(".inkling-small .inkling-spoken[role=status]")
    expect(said.first).to_contain_text("I read 7")

    visitor.button("Yes, it is a 7").click()

    expect(said.first).to_have_text("Saved: it is a 7.")
    expect(said.last).to_contain_text("I read 2")


def test_leaving_the_page_and_coming_back_keeps_the_drawing_and_loses_no_answer(visit, store):
    visitor = visit()
    visitor.draw_digit(8)

    visitor.go_to("Model")
    visitor.go_to("Draw")
    expect(visitor.label).to_have_text("8")
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved: it is an 8")
    visitor.go_to("Model")
    visitor.go_to("Draw")

    expect(visitor.question).to_contain_text("Saved: it is an 8")
    assert [row.answer for row in newest(store)] == [8]


def test_a_drawing_can_be_gone_on_with_after_coming_back(visit, store):
    visitor = visit()
    visitor.draw_stroke([(x * 280, y * 280) for x, y in DIGITS[4][0]])
    visitor.wait_until_read(1)

    visitor.go_to("Model")
    visitor.go_to("Draw")
    expect(visitor.canvas).to_have_attribute("role", "img")
    visitor.draw_stroke([(x * 280, y * 280) for x, y in DIGITS[4][1]])
    visitor.wait_until_read(2)
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved: it is a 4")

    (row,) = newest(store)
    assert len(row.strokes) == 2
    assert row.revision == 2


def test_pictures_get_a_card_and_a_question_each(visit, store):
    visitor = visit()
    files = [a_picture_of(value) for value in (2, 3)]
    broken = {"name": "notes.png", "mimeType": "image/png", "buffer": b"not a picture"}

    visitor.page.get_by_role("tab", name="Pictures").click()
    visitor.page.locator("input[type=file]").set_input_files([*files, broken])

    expect(visitor.label).to_have_text(["2", "3"])
    expect(visitor.page.get_by_text("no picture that I can read")).to_be_visible()
    visitor.button("Yes, it is a 2").click()
    expect(visitor.page.get_by_text("Saved: it is a 2").last).to_be_visible()
    assert {(row.source, row.predicted, row.answer) for row in newest(store, 2)} == {
        ("upload", 2, 2),
        ("upload", 3, None),
    }

"""From the answer to the store, to the other pages, and back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from feedback.statistics import read_statistics
from feedback.store import NOT_A_DIGIT, Filters, list_drawings, list_words
from tests.browser.strokes import DIGITS
from tests.streamlit.drawn import png_of

pytestmark = pytest.mark.browser


def newest(store, number=1):
    return list_drawings(store, Filters(), limit=number)


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


def test_drawing_on_after_the_answer_starts_a_new_drawing(visit, store):
    visitor = visit()
    visitor.draw_stroke([(x * 280, y * 280) for x, y in DIGITS[4][0]])
    visitor.wait_until_read(1)
    visitor.say_digit(6)
    expect(visitor.question).to_contain_text("Saved: it is a 6")

    visitor.draw_stroke([(x * 280, y * 280) for x, y in DIGITS[4][1]])
    visitor.wait_until_read(2)
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved: it is a 4")

    newer, older = newest(store, 2)
    assert newer.id != older.id
    assert (older.answer, newer.answer) == (6, 4)


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
    files = [
        {
            "name": f"{value}.png",
            "mimeType": "image/png",
            "buffer": png_of([[(x * 280, y * 280) for x, y in s] for s in DIGITS[value]]),
        }
        for value in (2, 3)
    ]
    broken = {"name": "notes.png", "mimeType": "image/png", "buffer": b"not a picture"}

    visitor.page.get_by_role("tab", name="Pictures").click()
    visitor.page.locator("input[type=file]").set_input_files([*files, broken])

    expect(visitor.label).to_have_text(["2", "3"])
    expect(visitor.page.get_by_text("no picture that I can read")).to_be_visible()
    visitor.button("Yes, it is a 2").click()
    expect(visitor.page.get_by_text("Saved: it is a 2")).to_be_visible()
    assert {(row.source, row.predicted, row.answer) for row in newest(store, 2)} == {
        ("upload", 2, 2),
        ("upload", 3, None),
    }

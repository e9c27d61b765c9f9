"""Words, numbers and codes, from the pen to the store."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine, make_url

from feedback.connection.engine import open_engine
from feedback.store import NOT_A_DIGIT, Filters, list_writings
from model.pen.written_lines import WrittenLine, load_written_lines
from tests.browser.accessible.conftest import SIZES
from tests.browser.dashboard import Dashboard
from tests.browser.draw.test_answering import a_picture_of
from tests.browser.strokes import DIGITS
from tests.browser.visitor import Visitor
from tests.browser.writing.penman import Penman
from tests.model.writing.plain_hand import write
from tests.postgres import settings_of

pytestmark = pytest.mark.browser


def newest(store: Engine) -> Any:
    (row,) = list_writings(store, Filters(), limit=1)
    return row


@pytest.fixture(scope="module")
def recorded(datasets: Path) -> list[WrittenLine]:
    """Printed words that people wrote; of the validation sites, since nothing is measured here."""
    lines = load_written_lines(datasets, "validation")
    return [line for line in lines if line.is_printed and line.text in ("char", "default")][:2]


@pytest.mark.data
@pytest.mark.parametrize("size", SIZES)
def test_a_recorded_word_is_read_answered_and_kept(visit, store, recorded, size):
    (word, *_) = recorded
    penman = Penman(visit(**SIZES[size]))
    penman.write(word.strokes, height=80)
    expect(penman.text).to_have_text(word.text)

    penman.yes()

    expect(penman.answered).to_contain_text(f"Saved: “{word.text}”")
    row = newest(store)
    assert (row.kind, row.text, row.answer) == ("writing", word.text, word.text)
    assert [one.label for one in row.characters] == list(word.text)
    assert len(row.strokes) == len(word.strokes)
    assert list(row.truths) == list(word.text)


@pytest.fixture(scope="module")
def embedded(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    folder = tmp_path_factory.mktemp("writing")
    with Dashboard(folder, {"EMBEDDED_STORE": str(folder / "kept.sqlite3")}) as started:
        yield started


def test_an_embedded_store_keeps_it_too(visit, embedded):
    penman = Penman(visit(embedded))
    penman.write(write("HELEN"))
    penman.save("HELEN")

    url = make_url(f"sqlite:///{embedded.folder / 'kept.sqlite3'}")
    store = open_engine(settings_of(url))
    row = newest(store)
    store.dispose()
    assert row.answer == "HELEN"


def test_a_typed_text_answers_by_the_keyboard_alone(visit, store):
    penman = Penman(visit())
    penman.write(write("HELEN"))

    penman.page.keyboard.press("T")
    expect(penman.field).to_be_focused()
    penman.page.keyboard.type("en")
    penman.page.keyboard.press("Enter")

    expect(penman.answered).to_contain_text("Saved: “Ten”")
    assert newest(store).answer == "Ten"


def test_enter_says_yes(visit, store):
    penman = Penman(visit())
    penman.write(write("HAT"))
    read = penman.text.text_content()

    penman.page.keyboard.press("Enter")

    expect(penman.answered).to_contain_text("Saved")
    assert newest(store).answer == read


def test_a_character_is_put_right_by_a_tap(visit, store):
    penman = Penman(visit())
    penman.write(write("HELEN"))
    read = penman.text.text_content()
    penman.letters.nth(1).click()
    instead = penman.buttons("write_instead_writing_1")
    other = instead.nth(1).inner_text().split(" ")[0]
    instead.nth(1).click()

    expect(penman.field).to_have_value(read[0] + other + read[2:])
    penman.page.get_by_role("button", name="Save this text").click()

    expect(penman.answered).to_contain_text("Saved")
    assert newest(store).answer == read[0] + other + read[2:]


def test_that_it_is_no_writing_is_kept(visit, store):
    penman = Penman(visit())
    penman.write(write("HAT"))

    penman.page.get_by_role("button", name="No writing").click()

    expect(penman.answered).to_contain_text("Saved: no writing")
    assert newest(store).answer is NOT_A_DIGIT


def test_an_answer_is_taken_back_by_undo(visit, store):
    penman = Penman(visit())
    penman.write(write("HAT"))
    penman.yes()
    expect(penman.answered).to_contain_text("Saved")

    penman.page.keyboard.press("Control+z")

    expect(penman.field).to_be_visible()
    assert newest(store).answer is None


def test_the_next_stroke_after_an_answer_begins_a_clean_sheet(visit, store):
    penman = Penman(visit())
    penman.write(write("HAT"))
    penman.save("HAT")
    first = newest(store).id

    penman.write(write("1"))

    expect(penman.letters).to_have_count(1)
    assert newest(store).id != first


def test_strokes_are_undone_put_back_and_cleared(visit):
    penman = Penman(visit())
    penman.write(write("HE"))
    expect(penman.letters).to_have_count(2)

    for _ in range(4):
        penman.page.keyboard.press("Control+z")
    expect(penman.letters).to_have_count(1)
    for _ in range(4):
        penman.page.keyboard.press("Control+y")
    expect(penman.letters).to_have_count(2)
    penman.page.keyboard.press("Backspace")

    expect(penman.letters).to_have_count(0)
    expect(penman.page.get_by_text("Write a word, a number or a code")).to_be_visible()


def test_a_reload_keeps_the_drawing_and_its_row(visit, store):
    penman = Penman(visit())
    penman.write(write("HELEN"))
    expect(penman.letters).to_have_count(5)
    before = newest(store).id

    penman.page.reload()
    Penman(penman.visitor)

    expect(penman.letters).to_have_count(5)
    penman.save("HELEN")
    assert newest(store).id == before


def test_another_page_and_back_keeps_the_drawing(visit):
    penman = Penman(visit())
    penman.write(write("HELEN"))
    penman.visitor.go_to("Model")
    penman.page.get_by_role("link", name="Draw", exact=True).click()

    expect(penman.letters).to_have_count(5)


def test_with_numbers_only_letters_are_read_as_digits(visit):
    penman = Penman(visit())
    penman.write(write("HELEN"))

    penman.page.get_by_text("Numbers only").click()

    expect(penman.text).to_have_text(re.compile(r"^\d+$"))


def test_two_rows_stand_below_each_other(visit):
    penman = Penman(visit())
    penman.write(write("TEN\nMEN"), height=170)

    expect(penman.page.locator(".inkling-written-row")).to_have_count(2)


def test_where_it_looked_lies_over_the_drawing(visit):
    penman = Penman(visit())
    penman.write(write("HELEN"))

    penman.page.get_by_text("Where it looked").click()

    expect(penman.page.locator(".inkling-heat")).to_have_count(1)


def test_boxes_are_drawn_on_demand(visit):
    penman = Penman(visit())
    penman.write(write("HELEN"))
    boxes = penman.page.locator(".inkling-pad-over .inkling-box")
    expect(boxes).to_have_count(0)

    penman.page.get_by_role("button", name="Show the box of each character").click()

    expect(boxes).to_have_count(5)


def test_several_digits_are_read_as_writing_with_one_tap(visit, store):
    visitor: Visitor = visit()
    strokes = [
        [(0.5 * x + shift, 0.5 * y + 0.25) for x, y in stroke]
        for digit, shift in ((3, -0.03), (7, 0.48))
        for stroke in DIGITS[digit]
    ]
    visitor.draw(strokes)

    visitor.button("Read it as writing").click()
    expect(visitor.page.locator(".inkling-pad-writing")).to_be_visible()

    penman = Penman(visitor)
    expect(penman.letters).to_have_count(2)
    penman.save("37")
    assert newest(store).answer == "37"


def test_on_a_phone_the_paper_is_wider_than_the_page_and_can_be_moved(visit):
    penman = Penman(visit(**SIZES["phone"]))
    view = penman.page.locator(".inkling-pad-view")
    before = view.evaluate("one => one.scrollWidth - one.clientWidth")

    penman.page.get_by_role("button", name="Move the paper on").click()

    assert before > 100
    penman.page.wait_for_function("document.querySelector('.inkling-pad-view').scrollLeft > 50")


def test_one_character_is_answered_by_a_key(visit, store):
    penman = Penman(visit(), "One character")
    penman.write(write("H"), height=170, left=70)
    expect(penman.letters).to_have_count(1)

    penman.page.keyboard.press("H")

    expect(penman.answered).to_contain_text("Saved: “H”")
    row = newest(store)
    assert (row.kind, row.answer) == ("character", "H")


def test_a_picture_is_read_as_writing(visit, store):
    penman = Penman(visit())
    penman.page.get_by_role("tab", name="Pictures").click()
    penman.page.locator("input[type=file]").set_input_files([a_picture_of(4)])

    expect(penman.page.get_by_test_id("text")).to_contain_text("4")
    penman.yes()

    expect(penman.answered).to_contain_text("Saved")
    row = newest(store)
    assert (row.kind, row.source) == ("writing", "upload")


def test_a_scribble_is_refused(visit):
    penman = Penman(visit())
    scribble: Callable[[], list[list[list[float]]]] = lambda: [  # noqa: E731
        [[0, 40, 20, 60, 10, 70, 30, 5, 50], [0, 60, 10, 50, 80, 20, 90, 40, 5]],
        [[70, 5, 60, 20, 40, 0], [90, 10, 70, 0, 95, 50]],
    ]
    penman.write(scribble())

    expect(penman.page.get_by_test_id("confidence")).to_contain_text("not sure that this is")

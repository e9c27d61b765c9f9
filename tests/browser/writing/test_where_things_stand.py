"""What is written on, offered and said stands where it is of use: nothing dead, nothing crooked."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.accessible.conftest import SIZES
from tests.browser.strokes import DIGITS
from tests.browser.visitor import Visitor
from tests.browser.writing.penman import Penman
from tests.model.writing.plain_hand import write

pytestmark = pytest.mark.browser

TWO_DIGITS = [
    [(0.5 * x + shift, 0.5 * y + 0.25) for x, y in stroke]
    for digit, shift in ((3, -0.03), (7, 0.48))
    for stroke in DIGITS[digit]
]


def box(one: Locator) -> dict[str, float]:
    found = one.bounding_box()
    assert found is not None
    return dict(found)


def middle(one: Locator) -> float:
    found = box(one)
    return found["y"] + found["height"] / 2


@pytest.mark.parametrize("size", SIZES)
def test_the_paper_of_one_character_takes_ink_from_edge_to_edge(visit, size):
    penman = Penman(visit(**SIZES[size]), "One character")

    paper, ink = box(penman.view.locator(".inkling-pad-view")), box(penman.canvas)

    assert ink["width"] == pytest.approx(paper["width"], abs=3)
    assert ink["height"] == pytest.approx(paper["height"], abs=3)


@pytest.mark.parametrize("size", SIZES)
def test_the_offer_to_read_as_writing_stands_beside_the_question(visit, size):
    visitor: Visitor = visit(**SIZES[size])
    for stroke in TWO_DIGITS:
        visitor.stroke([(x * visitor.side(), y * visitor.side()) for x, y in stroke])
    visitor.wait_until_read(len(TWO_DIGITS))

    offer = visitor.button("Read it as writing")

    expect(offer).to_be_visible()
    assert middle(offer) == pytest.approx(middle(visitor.question), abs=3)
    place, tools = box(offer), box(visitor.page.locator(".st-key-draw_tools"))
    beside = place["x"] - (tools["x"] + tools["width"])
    below = place["y"] - (tools["y"] + tools["height"])
    assert max(beside, below) >= 8


@pytest.mark.parametrize("mode", ["One character", "Writing"])
def test_what_became_of_an_answer_stands_level_with_its_buttons(visit, mode):
    penman = Penman(visit(), mode)
    penman.write(write("H"), height=150, left=70)
    penman.yes()
    expect(penman.answered).to_contain_text("Saved")

    said = penman.answered.locator(".stMarkdown").first

    assert middle(said) == pytest.approx(middle(penman.buttons("write_another").first), abs=2)


def test_the_paper_has_the_focus_after_a_text_is_saved_by_enter(visit):
    penman = Penman(visit())
    penman.write(write("HELEN"))

    penman.save("HELEN")

    expect(penman.canvas).to_be_focused()


def test_on_a_phone_what_is_kept_is_told_at_a_distance_from_the_answers(visit):
    penman = Penman(visit(**SIZES["phone"]))
    penman.write(write("HELEN"))

    told = box(penman.view.get_by_text("What you write may tell something"))
    save = box(penman.visitor.button("Save this text"))

    assert told["y"] - (save["y"] + save["height"]) >= 8


@pytest.mark.parametrize("size", SIZES)
def test_the_words_about_what_the_network_saw_keep_off_their_frame(visit, size):
    visitor: Visitor = visit(**SIZES[size])
    visitor.write_digit(4)
    visitor.open_seeing()

    frame = box(visitor.view.locator(".st-key-draw_reasons details").first)
    words = box(visitor.view.get_by_text("The drawing as it was prepared"))

    assert frame["y"] + frame["height"] - (words["y"] + words["height"]) >= 8

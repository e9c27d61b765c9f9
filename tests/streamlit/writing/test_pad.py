"""What a pad takes from a browser, and what becomes of it."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.model.writing.plain_hand import write
from tests.streamlit.writing.pens import sent

WHO = UUID(int=7)


@pytest.fixture(scope="module")
def scribe() -> object:
    from process.writing_readers import is_loaded, reader_of, recogniser_of_characters
    from writing.pad import Scribe
    from writing.readers import Readers

    return Scribe(Readers(reader_of, recogniser_of_characters, is_loaded), WHO)


@pytest.fixture
def pad():
    from writing.pad import Pad

    return Pad("writing")


def test_what_is_drawn_is_read(scribe, pad):
    scribe.take_in(pad, sent(write("HELEN")), 1)

    assert pad.sheet.prediction.text.upper() == "HELEN"
    assert pad.sheet.revision == 1


def test_each_stroke_is_a_revision_of_the_same_drawing(scribe, pad):
    strokes = sent(write("HE"))
    names = []
    for count in range(1, len(strokes) + 1):
        scribe.take_in(pad, strokes[:count], count)
        names.append(pad.sheet.id)

    assert len(set(names)) == 1
    assert pad.sheet.revision == len(strokes)


def test_the_same_strokes_again_are_not_read_again(scribe, pad):
    scribe.take_in(pad, sent(write("HE")), 1)
    scribe.take_in(pad, sent(write("HE")), 2)

    assert pad.sheet.revision == 1


def test_an_empty_paper_ends_the_drawing(scribe, pad):
    scribe.take_in(pad, sent(write("HE")), 1)
    scribe.take_in(pad, [], 2)

    assert pad.sheet is None


def test_a_stroke_after_the_answer_begins_another_drawing(scribe, pad):
    scribe.take_in(pad, sent(write("HE")), 1)
    first = pad.sheet
    first.give_answer("HE")

    scribe.take_in(pad, sent(write("A")), 2)

    assert pad.sheet.id != first.id
    assert first.answer == "HE"


@pytest.mark.parametrize(
    "strokes",
    ["scribble", [{"x": [1], "y": [1, 2], "pen": 9}], [{"x": [1], "y": [1], "pen": 4000}], {}],
)
def test_what_no_pad_draws_is_left_out_and_the_drawing_before_it_stays(scribe, pad, strokes):
    from writing.pad import LEFT_OUT

    scribe.take_in(pad, sent(write("HE")), 1)
    scribe.take_in(pad, strokes, 2)

    assert pad.problem == LEFT_OUT
    assert pad.sheet is not None


def test_a_drawing_that_is_too_long_says_so(scribe, pad):
    from writing.pad import MOST_STROKES

    scribe.take_in(pad, sent([[[1, 2], [1, 2]]] * (MOST_STROKES + 1)), 1)

    assert f"at most {MOST_STROKES} strokes" in pad.problem


def test_a_dot_is_no_writing_and_says_so(scribe, pad):
    scribe.take_in(pad, sent([[[50], [50]]]), 1)

    assert pad.sheet.prediction is None
    assert "write something" in pad.sheet.problem


def test_with_another_alphabet_the_same_strokes_are_another_drawing(scribe, pad):
    scribe.take_in(pad, sent(write("10")), 1)
    first = pad.sheet.id
    pad.alphabet = "digits"
    scribe.read_anew(pad)

    assert pad.sheet.id != first
    assert pad.sheet.prediction.text.isdigit()
    assert pad.sheet.alphabet == "digits"


def test_one_character_is_read_as_a_text_of_one(scribe):
    from writing.pad import Pad

    pad = Pad("character")
    scribe.take_in(pad, sent(write("H"), height=200), 1)

    assert len(pad.sheet.prediction.text) == 1
    (character,) = pad.sheet.prediction.characters
    assert len(character.probabilities) == 62
    assert sum(character.probabilities.values()) == pytest.approx(1)


def test_the_row_that_is_kept_has_the_text_and_each_character_with_its_ink(scribe, pad):
    scribe.take_in(pad, sent(write("HELEN")), 1)

    row = pad.sheet.to_row()

    assert row.text == pad.sheet.prediction.text
    assert [one.label for one in row.characters] == list(row.text)
    assert all(one.ink_png.startswith(b"\x89PNG") for one in row.characters)
    assert all(len(one.probabilities) == 10 for one in row.characters)
    assert (row.width_px, row.height_px) == (840, 280)
    assert len(row.strokes) == len(row.pens_px) == len(write("HELEN"))


def test_a_tab_gives_back_the_drawing_that_it_held_under_its_name(scribe, pad):
    from drawing.held import to_hold
    from writing.pad import Pad

    scribe.take_in(pad, sent(write("HELEN")), 1)
    sheet = pad.sheet
    held = {
        "strokes": sent(write("HELEN")),
        **to_hold(WHO, sheet.id, sheet.created_at, sheet.revision, None, is_saved=False),
    }
    again = Pad("writing")
    scribe.put_back(again, held)

    assert again.sheet.id == sheet.id
    assert again.sheet.revision == sheet.revision + 1
    assert again.turn == 1


@pytest.mark.parametrize("held", [None, [], {"strokes": "none"}, {"strokes": []}])
def test_what_no_tab_holds_is_left_out(scribe, pad, held):
    scribe.put_back(pad, held)

    assert pad.sheet is None
    assert pad.strokes == []

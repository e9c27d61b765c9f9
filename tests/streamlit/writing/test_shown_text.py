"""What the pad is told to show."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from model.writing.placed_characters import Character
from model.writing.reader import Reading


def character(label: str, confidence: float) -> Character:
    return Character(label, confidence, {label: confidence, "x": 1 - confidence}, (1, 2, 3, 4))


def sheet(
    text: str = "It is", *, confidence: float = 0.97, sure: bool = True, is_writing: bool = True
) -> SimpleNamespace:
    characters = tuple(character(one, 0.95) for one in text if not one.isspace())
    reading = Reading(text, confidence, sure, characters, is_writing)
    return SimpleNamespace(prediction=reading, problem=None, seen=None)


def told(one: SimpleNamespace | None, kind: str = "writing", problem: str | None = None):
    from writing.shown_text import shown

    return shown(one, kind, problem)


def test_with_nothing_drawn_it_says_what_to_do():
    assert told(None)["kind"] == "empty"
    assert told(None)["line"].startswith("Write a word")
    assert told(None, "character")["line"].startswith("Draw one letter")


def test_each_character_has_its_place_and_blanks_have_none():
    (row,) = told(sheet("It is"))["rows"]

    assert [(one["text"], one["place"]) for one in row] == [
        ("I", 0), ("t", 1), (" ", None), ("i", 2), ("s", 3),
    ]  # fmt: skip


def test_rows_go_on_counting():
    _, second = told(sheet("ab\ncd"))["rows"]

    assert [one["place"] for one in second] == [2, 3]


def test_a_sure_text_says_how_sure():
    assert told(sheet())["line"] == "97 % sure"
    assert told(sheet())["spoken"] == "I read It is, 97 % sure."


def test_an_unsure_text_says_so():
    one = told(sheet(confidence=0.4, sure=False))

    assert one["kind"] == "open"
    assert one["line"] == "Not sure: 40 % that all of it is right"


def test_what_is_refused_names_what_it_is_nearest_to():
    one = told(sheet(is_writing=False, sure=False))

    assert one["kind"] == "refused"
    assert one["spoken"] == "I am not sure that this is writing. The nearest is It is."


def test_a_problem_stands_before_all_else():
    assert told(sheet(), problem="draw less")["line"] == "Draw less."


@pytest.mark.parametrize(
    ("confidence", "word"), [(1.0, "clear"), (0.9, "clear"), (0.89, "open"), (0.59, "unsure")]
)
def test_certainty_has_three_levels(confidence, word):
    from writing.shown_text import level

    assert level(confidence) == word


def test_who_listens_hears_the_case_of_a_letter():
    (row,) = told(sheet("O0"))["rows"]

    assert [one["words"] for one in row] == [
        "capital O, clearly, 95\N{NO-BREAK SPACE}%",
        "the digit 0, clearly, 95\N{NO-BREAK SPACE}%",
    ]

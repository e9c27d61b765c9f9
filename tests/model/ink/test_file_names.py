"""File names reach a terminal and a page as text, whatever they hold."""

from __future__ import annotations

import pytest

from model.ink.file_names import printable, shown_name


@pytest.mark.parametrize("name", ["seven.png", "meine Sieben (2).jpg", "七.png", "[a](b).png"])
def test_a_name_that_prints_is_shown_as_it_is(name: str) -> None:
    assert shown_name(name) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\x1b[2J.png", r"'a\x1b[2J.png'"),
        ("a\nseven.png: 7 (99%)", r"'a\nseven.png: 7 (99%)'"),
        ("a\r.png", r"'a\r.png'"),
        ("gnp.\u202eexe", r"'gnp.\u202eexe'"),
        ("\x9b31m.png", r"'\x9b31m.png'"),
        ("\udcff.png", r"'\udcff.png'"),
    ],
)
def test_what_a_terminal_would_act_on_is_quoted_and_escaped(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_a_long_name_keeps_its_beginning_and_its_end() -> None:
    shown = shown_name("a" * 5000 + ".png", longest=50)

    assert len(shown) <= 50
    assert shown.startswith("aaa")
    assert shown.endswith("aaa.png")


def test_a_message_stays_one_line_without_escape_codes() -> None:
    assert printable("no weights at a\x1b[31m\nb") == r"no weights at a\x1b[31m\nb"

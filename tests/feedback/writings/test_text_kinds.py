from __future__ import annotations

import pytest

from feedback.writings.text_kinds import TEXT_KINDS, kind_of_text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("7", "number"),
        ("12 34", "number"),
        ("hello", "lower case"),
        ("a", "lower case"),
        ("HELLO", "capitals"),
        ("Hello", "capitalised"),
        ("A", "capitalised"),
        ("heLLo", "mixed case"),
        ("A1b2", "code"),
        ("two words", "several words"),
        ("naïve", "other"),
        ("3.14", "other"),
        ("½", "other"),
    ],
)
def test_each_text_is_of_one_kind(text, kind):
    assert kind_of_text(text) == kind
    assert kind in TEXT_KINDS

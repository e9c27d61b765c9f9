"""One write is one line, and a line of an older version is still read."""

from __future__ import annotations

import json
import zlib
from datetime import datetime, timedelta, timezone

import pytest

from feedback.spool.lines import BadLine, from_line, header, store_of, to_line
from feedback.store import NOT_A_DIGIT
from tests.feedback.sample_drawings import a_drawing, words
from tests.feedback.sample_writings import a_writing

EAST = timezone(timedelta(hours=2))


@pytest.mark.parametrize("said", [(), (0,), (NOT_A_DIGIT,), (7, None, NOT_A_DIGIT, 1), (None,)])
def test_a_line_gives_back_what_was_written(said):
    moment = datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=EAST)
    write = a_drawing(created_at=moment), words(*said, first=moment)

    assert from_line(to_line(*write)) == write


@pytest.mark.parametrize(
    "said", [(), ("Hello",), (NOT_A_DIGIT,), ("not a digit", None, "7", NOT_A_DIGIT), (None,)]
)
def test_a_line_of_writing_gives_back_what_was_written(said):
    moment = datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=EAST)
    write = a_writing("two\nrows", created_at=moment), words(*said, first=moment)

    assert from_line(to_line(*write)) == write


def test_a_file_with_writing_is_left_alone_by_programs_that_cannot_read_it():
    """They take up to the format that they know: writing came with the third."""
    assert json.loads(header("a store"))["inkling_spool"] == 3
    assert store_of(header("a store").replace(b":3", b":2")) == "a store"
    assert store_of(header("a store").replace(b":3", b":4")) is None


def line_of_format_1(drawing, answer) -> bytes:
    """Return what a version of Inkling wrote that knew one answer to a drawing, and no time of it.

    It differs in this alone from what is written now.
    """
    values = json.loads(to_line(drawing).split(b" ", 1)[1])
    del values["words"]
    text = json.dumps(values | {"answer": answer}, separators=(",", ":")).encode()
    return b"%08x " % zlib.crc32(text) + text + b"\n"


@pytest.mark.parametrize(
    ("written", "said"), [(7, [7]), (0, [0]), ("not a digit", [NOT_A_DIGIT]), (None, [])]
)
def test_a_line_of_an_older_version_is_read(written, said):
    drawing = a_drawing()

    found, its_words = from_line(line_of_format_1(drawing, written))

    assert found == drawing
    assert [word.answer for word in its_words] == said


def test_an_answer_of_an_older_version_gives_way_to_all_that_was_said_since():
    drawing = a_drawing()
    line = line_of_format_1(drawing, 7)

    (word,), (again,) = from_line(line)[1], from_line(line)[1]

    assert word == again  # sent twice it is one
    assert word.said_at == drawing.created_at


@pytest.mark.parametrize("damage", [lambda line: line[:-9], lambda line: line.replace(b"3", b"4")])
def test_a_line_that_is_not_whole_is_told_from_one_that_is(damage):
    with pytest.raises(BadLine):
        from_line(damage(to_line(a_drawing(), words(3))))

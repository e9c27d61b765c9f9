"""What a spreadsheet gets."""

from __future__ import annotations

import csv
import io

import pytest

from feedback.store import Filters, export_rows, export_writing_rows, record_answer
from store.csv_export import to_csv
from tests.feedback.sample_drawings import a_drawing, keep, random_drawings
from tests.feedback.sample_writings import a_writing


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_every_filtered_row_is_there_once_newest_first(engine):
    made = random_drawings(seed=1, number=1200)
    keep(engine, made)

    rows = read(to_csv(export_rows(engine, Filters(source="canvas")), limit=10_000))

    wanted = sorted(
        (drawing for drawing, _ in made if drawing.source == "canvas"),
        key=lambda drawing: (drawing.created_at, drawing.id),
        reverse=True,
    )
    assert [row["id"] for row in rows] == [str(drawing.id) for drawing in wanted]
    assert [int(row["predicted"]) for row in rows] == [drawing.predicted for drawing in wanted]
    assert [float(row["confidence"]) for row in rows] == pytest.approx(
        [drawing.confidence for drawing in wanted]
    )


def test_no_more_than_the_limit_is_read(engine):
    keep(engine, random_drawings(seed=2, number=700))

    assert len(read(to_csv(export_rows(engine, Filters()), limit=600))) == 600


def test_it_is_told_how_many_rows_there_are_by_now():
    told: list[int] = []

    to_csv(({"n": n} for n in range(1600)), limit=1200, made=told.append)

    assert told == [500, 1000]


def test_who_is_told_can_end_the_work():
    asked: list[int] = []

    def rows():
        for n in range(10_000):
            asked.append(n)
            yield {"n": n}

    def leave(_: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        to_csv(rows(), limit=10_000, made=leave)

    assert len(asked) == 501


def test_no_rows_are_an_empty_file(engine):
    assert to_csv(export_rows(engine, Filters()), limit=10) == b""


NO_BREAK, ZERO_WIDTH, MARK = "\u00a0", "\u200b", "\ufeff"
STARTS = ["=", "+", "-", "@", "\t=", "\r=", "\n=", "  =", "\tx"]
STARTS += ["＝", "＋", "－", "＠", "\N{MINUS SIGN}", "﹣", "﹦"]
STARTS += [f"{NO_BREAK}=", f"{NO_BREAK} ＝", "\u3000@", f"{ZERO_WIDTH}=", f"{MARK}+", "\x00="]


@pytest.mark.parametrize("text", [f"{NO_BREAK}six", "a=b", "six-conv", "", "　", "七"])
def test_other_text_stays_as_it_is(text):
    assert to_csv([{"text": text}], limit=1).decode() == f"text\r\n{text or chr(34) * 2}\r\n"


@pytest.mark.parametrize("start", STARTS)
def test_no_cell_is_a_formula(sqlite_engine, start):
    rows = read(to_csv([{"weights_version": f"{start}HYPERLINK(1)"}], limit=10))

    assert rows[0]["weights_version"] == f"'{start}HYPERLINK(1)"


def test_no_cell_of_the_store_is_a_formula(sqlite_engine):
    keep(sqlite_engine, [(a_drawing(weights_version="＝HYPERLINK(1)"), 7)])

    rows = read(to_csv(export_rows(sqlite_engine, Filters()), limit=10))

    assert rows[0]["weights_version"] == "'＝HYPERLINK(1)"


def test_numbers_stay_numbers():
    content = to_csv([{"shift": -0.5, "predicted": 7, "answer": None}], limit=1)

    assert content == b"shift,predicted,answer\r\n-0.5,7,\r\n"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\N{FULLWIDTH EQUALS SIGN}1"])
def test_no_answer_to_writing_is_a_formula_to_a_spreadsheet(sqlite_engine, text):
    record_answer(sqlite_engine, a_writing("Hello"), text)

    (row,) = read(to_csv(export_writing_rows(sqlite_engine, Filters()), limit=9))

    assert row["answer"] == f"'{text}"

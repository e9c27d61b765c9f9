from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, delete

from feedback.records.schema import drawings
from feedback.store import (
    NOT_A_DIGIT,
    Drawing,
    Filters,
    KeptDrawing,
    count_drawings,
    export_rows,
    list_answered,
    list_drawings,
    record_answer,
)
from tests.feedback.sample_drawings import a_drawing, keep, random_drawings

NUMBER = 300
MADE = random_drawings(seed=5, number=NUMBER)
SESSION = MADE[0][0].session_id

FILTERS: list[tuple[Filters, Callable[[Drawing], bool]]] = [
    (Filters(), lambda d: True),
    (Filters(source="upload"), lambda d: d.source == "upload"),
    (Filters(weights_version="b-00000002"), lambda d: d.weights_version == "b-00000002"),
    (Filters(session_id=SESSION), lambda d: d.session_id == SESSION),
    (Filters(since=date(2026, 2, 10)), lambda d: d.created_at.date() >= date(2026, 2, 10)),
    (Filters(until=date(2026, 2, 10)), lambda d: d.created_at.date() <= date(2026, 2, 10)),
    (
        Filters(date(2026, 2, 3), date(2026, 2, 20), "canvas", "a-00000001"),
        lambda d: (
            date(2026, 2, 3) <= d.created_at.date() <= date(2026, 2, 20)
            and (d.source, d.weights_version) == ("canvas", "a-00000001")
        ),
    ),
    (Filters(since=date(2026, 2, 10), until=date(2026, 2, 9)), lambda d: False),
    (Filters(source="fax"), lambda d: False),
]


def newest_first(made: list[Drawing]) -> list[Drawing]:
    return sorted(made, key=lambda drawing: (drawing.created_at, drawing.id), reverse=True)


def as_sent(row: KeptDrawing) -> Drawing:
    return Drawing(**{name: getattr(row, name) for name in Drawing.__dataclass_fields__})


def test_filters_leave_what_they_name_newest_first(engine: Engine):
    keep(engine, MADE)

    for filters, wanted in FILTERS:
        expected = newest_first([drawing for drawing, _ in MADE if wanted(drawing)])

        assert [as_sent(row) for row in list_drawings(engine, filters, limit=NUMBER)] == expected
        assert count_drawings(engine, filters) == len(expected)


def test_answers_stand_beside_their_drawings(engine: Engine):
    keep(engine, MADE)

    listed = {row.id: row.answer for row in list_drawings(engine, Filters(), limit=NUMBER)}

    assert listed == {drawing.id: label for drawing, label in MADE}


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_pages_by_offset_make_up_the_whole(engine: Engine, limit: int):
    keep(engine, MADE)
    offsets = range(0, NUMBER, limit)

    pages = [list_drawings(engine, Filters(), limit=limit, offset=offset) for offset in offsets]

    assert [as_sent(row) for page in pages for row in page] == newest_first([d for d, _ in MADE])


def test_pages_by_place_are_not_shifted_by_new_drawings(engine: Engine):
    made = [a_drawing() for _ in range(10)]  # all of the same moment
    keep(engine, [(drawing, None) for drawing in made])
    expected = newest_first(made)

    first = list_drawings(engine, Filters(), limit=5)
    keep(engine, [(a_drawing(created_at=datetime.now(UTC)), None)])
    place = (first[-1].created_at, first[-1].id)
    second = list_drawings(engine, Filters(), limit=5, before=place)

    assert [row.id for row in first + second] == [drawing.id for drawing in expected]


def test_an_empty_store_has_an_empty_page(engine: Engine):
    assert list_drawings(engine, Filters(), limit=10) == []
    assert count_drawings(engine, Filters()) == 0
    assert list(export_rows(engine, Filters())) == []


@pytest.mark.parametrize("number", [499, 500, 501, 1000])
def test_an_export_holds_every_row_once(engine: Engine, number: int):
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    made = [a_drawing(created_at=moment + timedelta(seconds=n // 3)) for n in range(number)]
    keep(engine, [(drawing, None) for drawing in made])

    exported = [row["id"] for row in export_rows(engine, Filters())]

    assert exported == [str(drawing.id) for drawing in newest_first(made)]


def test_an_exported_row_holds_all_that_can_be_learnt_from(engine: Engine):
    drawing = a_drawing()
    record_answer(engine, drawing, 4)

    (row,) = export_rows(engine, Filters())

    assert row["id"] == str(drawing.id)
    assert row["created_at"] == "2026-03-04T05:06:07.890123+00:00"
    assert (row["predicted"], row["is_digit"], row["answer"]) == (7, True, 4)
    assert datetime.fromisoformat(row["answered_at"]).tzinfo is not None
    assert tuple(row[f"probability_{digit}"] for digit in range(10)) == drawing.probabilities
    assert json.loads(row["strokes"]) == drawing.strokes
    assert base64.b64decode(row["ink_png"]) == drawing.ink_png


def test_an_export_tells_sessions_apart_without_giving_them_away(engine: Engine):
    mine, other = a_drawing(), a_drawing()
    again = a_drawing(session_id=mine.session_id)
    keep(engine, [(drawing, None) for drawing in (mine, other, again)])

    rows = {row["id"]: row for row in export_rows(engine, Filters())}

    first, second, third = (rows[str(one.id)]["session"] for one in (mine, other, again))
    assert first == third != second
    for form in (str(mine.session_id), mine.session_id.hex):
        assert form not in str(list(rows.values()))


def test_an_export_tells_not_a_digit_from_not_answered(engine: Engine):
    keep(engine, [(a_drawing(is_digit=False), NOT_A_DIGIT)])
    keep(engine, [(a_drawing(created_at=datetime(2026, 1, 1, tzinfo=UTC)), None)])

    rows = list(export_rows(engine, Filters()))

    assert [(row["is_digit"], row["answer"]) for row in rows] == [
        (False, "not a digit"),
        (True, None),
    ]


def test_every_exported_row_has_the_same_columns(engine: Engine):
    keep(engine, [(a_drawing(strokes=None), None), (a_drawing(), 4)])

    first, second = export_rows(engine, Filters())

    assert list(first) == list(second)


def test_an_export_holds_one_page_in_memory(engine: Engine):
    keep(engine, [(a_drawing(), None) for _ in range(1200)])

    rows = export_rows(engine, Filters())
    next(rows)
    with engine.begin() as connection:
        connection.execute(delete(drawings))

    assert len(list(rows)) == 499


def test_the_newest_answers_come_oldest_first_across_pages(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback.queries.listing.EXPORT_PAGE", 7)
    keep(engine, MADE)
    answered = sorted(
        ((drawing.created_at, drawing.id.hex), answer)
        for drawing, answer in MADE
        if answer is not None
    )

    every, some = list_answered(engine, limit=1000), list_answered(engine, limit=30)

    assert [(kept.created_at, kept.id.hex) for kept in every] == [key for key, _ in answered]
    assert [kept.answer for kept in every] == [answer for _, answer in answered]
    assert some == every[-30:]


def test_without_answers_there_are_none_to_list(engine: Engine) -> None:
    keep(engine, [(a_drawing(), None)])

    assert list_answered(engine, limit=10) == []

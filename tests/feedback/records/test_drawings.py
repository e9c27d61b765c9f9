from __future__ import annotations

import dataclasses
import threading
import traceback
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, insert, select, update

from feedback.records.schema import answers, drawings
from feedback.store import (
    Drawing,
    Filters,
    RowRefused,
    count_drawings,
    list_drawings,
    read_answer,
    record_answer,
    record_drawing,
)
from tests.feedback.sample_drawings import a_drawing, answer_row


def kept(engine: Engine, drawing: Drawing) -> Drawing:
    """Return the drawing as the store holds it."""
    (row,) = list_drawings(engine, Filters(session_id=drawing.session_id), limit=2)
    return Drawing(**{name: getattr(row, name) for name in Drawing.__dataclass_fields__})


def test_a_drawing_comes_back_as_it_was_sent(engine: Engine):
    drawing = a_drawing(probabilities=tuple((digit + 1) / 55 for digit in range(10)))

    record_drawing(engine, drawing)

    assert kept(engine, drawing) == drawing


def test_a_newer_revision_may_be_refused_and_the_next_one_accepted(engine: Engine):
    drawing = a_drawing(revision=1, is_digit=True)
    refused, accepted = (
        dataclasses.replace(drawing, revision=revision, is_digit=np.bool_(is_digit))
        for revision, is_digit in ((2, False), (3, True))
    )
    said = []

    for revision in (drawing, refused, accepted):
        record_drawing(engine, revision)
        said.append(kept(engine, drawing).is_digit)

    assert said == [True, False, True]


def test_a_drawing_without_strokes_comes_back_without_strokes(engine: Engine):
    drawing = a_drawing(source="upload", strokes=None)

    record_drawing(engine, drawing)

    assert kept(engine, drawing).strokes is None


def test_the_same_drawing_sent_twice_is_one_row(engine: Engine):
    drawing = a_drawing()

    record_drawing(engine, drawing)
    record_drawing(engine, drawing)

    assert count_drawings(engine, Filters()) == 1


def test_a_newer_revision_replaces_the_older_one(engine: Engine):
    record_answer(engine, a_drawing(), 3)  # somebody else's, which closes only its own drawing
    first = a_drawing(revision=1, predicted=1)
    second = dataclasses.replace(first, revision=2, predicted=7, confidence=0.5, strokes=[])

    record_drawing(engine, first)
    record_drawing(engine, second)

    assert kept(engine, first) == second


@pytest.mark.parametrize("revision", [1, 2])
def test_an_older_revision_never_overwrites_a_newer_one(engine: Engine, revision: int):
    newer = a_drawing(revision=2, predicted=7)
    record_drawing(engine, newer)

    record_drawing(engine, dataclasses.replace(newer, revision=revision, predicted=1))

    assert kept(engine, newer) == newer


def test_a_later_revision_does_not_move_the_drawing_in_time(engine: Engine):
    first = a_drawing()
    record_drawing(engine, first)

    later = first.created_at + timedelta(hours=1)
    record_drawing(engine, dataclasses.replace(first, revision=2, created_at=later))

    assert kept(engine, first).created_at == first.created_at


def test_the_time_of_writing_is_kept_beside_the_time_of_drawing(engine: Engine):
    before = datetime.now(UTC)
    record_drawing(engine, a_drawing())

    (row,) = list_drawings(engine, Filters(), limit=1)

    assert before <= row.updated_at <= datetime.now(UTC)


def test_an_answered_drawing_stays_as_it_was(engine: Engine):
    drawing = a_drawing(revision=1)
    record_answer(engine, drawing, 3)

    record_drawing(engine, dataclasses.replace(drawing, revision=2, predicted=1))

    assert kept(engine, drawing) == drawing
    assert read_answer(engine, drawing.id) == 3


def test_another_session_cannot_overwrite_a_drawing(engine: Engine):
    drawing = a_drawing()
    record_drawing(engine, drawing)
    other = dataclasses.replace(drawing, revision=9, session_id=uuid.uuid4(), predicted=1)

    with pytest.raises(RowRefused, match="another session"):
        record_drawing(engine, other)

    assert kept(engine, drawing) == drawing


def test_a_refused_drawing_names_the_rule_and_leaves_the_store_empty(engine: Engine):
    with pytest.raises(RowRefused, match="confidence_is_a_share"):
        record_drawing(engine, a_drawing(confidence=1.5))

    assert count_drawings(engine, Filters()) == 0


def test_numbers_out_of_arrays_are_numbers(engine: Engine):
    probabilities = np.full(10, 0.125, dtype=np.float32)
    drawing = a_drawing(
        predicted=np.int64(7),
        confidence=probabilities[7],
        probabilities=tuple(probabilities),
        prediction_ms=np.float32(2.5),
    )

    record_answer(engine, drawing, np.int64(7))

    assert kept(engine, drawing).probabilities == (0.125,) * 10
    assert read_answer(engine, drawing.id) == 7


@pytest.mark.parametrize(
    "nonsense",
    [
        {"created_at": datetime(2026, 7, 1)},
        {"id": "not a uuid"},
        {"strokes": [object()]},
        {"weights_version": object()},
        {"revision": 2**40},
    ],
)
def test_a_value_that_cannot_be_kept_is_refused(engine: Engine, nonsense: dict[str, Any]):
    with pytest.raises(RowRefused):
        record_drawing(engine, a_drawing(**nonsense))


def test_what_a_refusal_says_repeats_nothing_that_a_person_drew(engine: Engine):
    with pytest.raises(RowRefused) as raised:
        record_drawing(engine, a_drawing(predicted=10, strokes=[[[123, 45], [67, 89]]]))

    logged = "".join(traceback.format_exception(raised.value, limit=0))
    assert "predicted_is_a_digit" in logged
    assert "[123" not in logged
    assert "89504e" not in logged.lower()


def test_ten_threads_that_send_revisions_at_once_leave_the_newest(engine: Engine):
    drawing = a_drawing()
    revisions = [dataclasses.replace(drawing, revision=n, predicted=n % 10) for n in range(1, 51)]
    failures: list[Exception] = []

    def send(part: list[Drawing]) -> None:
        try:
            for revision in part:
                record_drawing(engine, revision)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=send, args=(revisions[n::10],)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert kept(engine, drawing) == revisions[-1]


def test_an_answer_that_lands_while_a_revision_is_written_closes_the_drawing(
    postgres_engine: Engine,
):
    # The answer and its drawing's row are written but not yet committed when the revision
    # arrives: the revision must wait, and then find the drawing closed.
    drawing = a_drawing(revision=1, predicted=7)
    record_drawing(postgres_engine, drawing)
    newer = dataclasses.replace(drawing, revision=3, predicted=1)
    writer = threading.Thread(target=record_drawing, args=(postgres_engine, newer))

    with postgres_engine.begin() as connection:
        connection.execute(update(drawings).values(revision=2))
        connection.execute(insert(answers).values(answer_row(drawing, 7)))
        writer.start()
        writer.join(0.5)
        assert writer.is_alive()
    writer.join(5)

    with postgres_engine.connect() as connection:
        row = connection.execute(select(drawings.c.revision, drawings.c.predicted)).one()
    assert tuple(row) == (2, 7)

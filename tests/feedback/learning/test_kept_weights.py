"""Weights come back as they were kept, and say what they learnt from and what of it is gone."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from feedback.candidates import (
    MOST_BYTES,
    RowRefused,
    WeightsDamaged,
    WeightsUnknown,
    keep_report,
    keep_weights,
    list_weights,
    load_stored_weights,
    record_review,
    show_weights,
)
from feedback.store import (
    delete_drawings,
    delete_session,
    forget_before,
    record_answer,
)
from tests.feedback.sample_drawings import a_drawing, keep
from tests.feedback.sample_weights import a_report, some_weights


def test_weights_come_back_byte_for_byte(engine: Engine):
    stored = some_weights(report=a_report())
    keep_weights(engine, stored, [])

    assert load_stored_weights(engine, stored.version) == stored


@pytest.mark.parametrize("column", ["tensors", "graph"])
def test_a_byte_that_changed_is_found_before_it_is_used(engine: Engine, column: str):
    stored = some_weights()
    keep_weights(engine, stored, [])
    changed = getattr(stored, column)[:-1] + b"!"
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE weights SET {column} = :bytes"), {"bytes": changed})

    with pytest.raises(WeightsDamaged, match=f"{stored.version} is damaged.*from a backup, or"):
        load_stored_weights(engine, stored.version)


def test_weights_that_are_not_there_are_said_to_be_so(engine: Engine):
    for ask in (load_stored_weights, show_weights):
        with pytest.raises(WeightsUnknown, match="no weights six-conv-nowhere: `python -m feedba"):
            ask(engine, "six-conv-nowhere")
    with pytest.raises(WeightsUnknown):
        keep_report(engine, "six-conv-nowhere", a_report())


def test_a_version_is_kept_once_and_never_replaced(engine: Engine):
    stored = some_weights()
    keep_weights(engine, stored, [])

    with pytest.raises(RowRefused, match="in the store already: they stay as they are"):
        keep_weights(engine, some_weights(version=stored.version, graph=b"other"), [])

    assert load_stored_weights(engine, stored.version) == stored


def test_the_largest_pair_is_kept(engine: Engine):
    stored = some_weights(tensors=b"t" * 12_000_000, graph=b"g" * (MOST_BYTES - 12_000_000))

    keep_weights(engine, stored, [])

    assert len(load_stored_weights(engine, stored.version).graph) == MOST_BYTES - 12_000_000


def test_a_pair_of_more_than_25_mb_is_refused_in_a_sentence(engine: Engine):
    stored = some_weights(tensors=b"t" * 20_000_000, graph=b"g" * 5_400_000)

    with pytest.raises(RowRefused, match=r"have 25\.4 MB, and the store takes 25 MB at most"):
        keep_weights(engine, stored, [])

    assert list_weights(engine) == []


@pytest.mark.parametrize("field", ["card", "metrics", "report"])
@pytest.mark.parametrize("value", [float("nan"), b"bytes"])
def test_what_is_no_json_is_refused_in_a_sentence(engine: Engine, field: str, value: object):
    with pytest.raises(RowRefused, match=f"the {field} of these weights cannot be kept as JSON"):
        keep_weights(engine, some_weights(**{field: {"value": value}}), [])


@pytest.mark.parametrize(
    "changes", [{"version": ""}, {"reader": "letters"}, {"made_from": ""}, {"graph": b""}]
)
def test_weights_that_make_no_sense_are_refused(engine: Engine, changes: dict[str, Any]):
    with pytest.raises(RowRefused):
        keep_weights(engine, some_weights(**changes), [])

    assert list_weights(engine) == []


def test_the_newest_weights_are_listed_first(engine: Engine):
    first = datetime(2026, 7, 1, tzinfo=UTC)
    made = [some_weights(made_at=first + timedelta(hours=hour)) for hour in (1, 3, 2)]
    for stored in made:
        keep_weights(engine, stored, [])

    listed = [row.version for row in list_weights(engine)]

    assert listed == [made[1].version, made[2].version, made[0].version]


def test_what_is_listed_is_what_was_kept(engine: Engine):
    stored = some_weights()
    keep_weights(engine, stored, [])

    (row,) = list_weights(engine)

    assert row == show_weights(engine, stored.version)
    assert (row.card, row.metrics, row.report) == (stored.card, stored.metrics, None)
    assert (row.made_at, row.made_from, row.parent) == (
        stored.made_at,
        stored.made_from,
        stored.parent,
    )
    assert (row.verdict, row.is_live, row.rejected_at) == (None, False, None)


def test_a_later_report_replaces_an_earlier_one(engine: Engine):
    stored = some_weights(report=a_report("worse"))
    keep_weights(engine, stored, [])

    keep_report(engine, stored.version, a_report("better"))

    assert show_weights(engine, stored.version).verdict == "better"


@pytest.mark.parametrize("way", ["by the operator", "by its author", "by age"])
def test_weights_say_how_many_of_their_drawings_are_deleted_since(engine: Engine, way: str):
    old, mine, left = (a_drawing() for _ in range(3))
    old = a_drawing(created_at=datetime(2026, 1, 1, tzinfo=UTC))
    keep(engine, [(old, 3), (mine, 4), (left, 5)])
    stored = some_weights()
    keep_weights(engine, stored, [old.id, mine.id, left.id])
    before = show_weights(engine, stored.version)

    if way == "by the operator":
        delete_drawings(engine, [mine.id], session_id=None)
    elif way == "by its author":
        delete_session(engine, mine.session_id)
    else:
        forget_before(engine, datetime(2026, 2, 1, tzinfo=UTC))

    after = show_weights(engine, stored.version)
    assert (before.learnt_from, before.forgotten) == (3, 0)
    assert (after.learnt_from, after.forgotten) == (3, 1)
    assert load_stored_weights(engine, stored.version).graph == stored.graph


def test_what_was_deleted_while_they_learnt_counts_as_forgotten(engine: Engine):
    drawing = a_drawing()
    record_answer(engine, drawing, 3)
    stored = some_weights()

    keep_weights(engine, stored, [drawing.id, uuid.uuid4(), drawing.id])

    row = show_weights(engine, stored.version)
    assert (row.learnt_from, row.forgotten) == (2, 1)


def test_more_drawings_than_one_statement_takes_are_linked(engine: Engine):
    made = [a_drawing() for _ in range(2100)]
    keep(engine, [(drawing, None) for drawing in made])
    stored = some_weights()

    keep_weights(engine, stored, [drawing.id for drawing in made])

    row = show_weights(engine, stored.version)
    assert (row.learnt_from, row.forgotten) == (2100, 0)


def test_a_deleted_drawing_leaves_nothing_behind_but_its_mark(engine: Engine):
    drawing = a_drawing()
    record_answer(engine, drawing, 3)
    record_review(engine, drawing.id, 4, "Ada")
    keep_weights(engine, some_weights(), [drawing.id])

    delete_drawings(engine, [drawing.id], session_id=None)

    with engine.connect() as connection:
        for table in ("drawings", "answers", "answer_log", "reviews", "weights_drawings"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table

"""What the database itself refuses of weights and promotions, and the step to 0006 and back."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlalchemy import URL, Engine, insert, null, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from feedback.candidates import keep_weights, list_promotions, list_weights, live_version, promote
from feedback.migrate import migrate
from feedback.records.schema import (
    leases,
    promotions,
    reviews,
    weights,
    weights_drawings,
)
from feedback.store import list_words, open_engine, record_words
from tests.feedback.records.test_no_digit_schema import empty_url, rules_of, step
from tests.feedback.sample_drawings import a_drawing, words
from tests.feedback.sample_drawings import keep as keep_drawings
from tests.feedback.sample_weights import a_report, keep, some_weights
from tests.postgres import settings_of

__all__ = ["empty_url"]  # a fixture

DIGEST = "0123456789abcdef" * 4
MOMENT = some_weights().made_at


def a_weights_row(**changes: Any) -> dict[str, Any]:
    usual = {
        "version": "six-conv-1",
        "reader": "digits",
        "tensors_sha256": DIGEST,
        "graph_sha256": DIGEST,
        "card": {},
        "metrics": {},
        "made_at": MOMENT,
        "made_from": "drawings",
        "learnt_from": 3,
        "tensors": b"t",
        "graph": b"g",
    }
    return usual | changes


def a_promotion_row(of: str, **changes: Any) -> dict[str, Any]:
    usual = {"version": of, "reader": "digits", "kind": "promoted", "at": MOMENT}
    return usual | {"by_name": "Ada", "why": "a test", "parent_live": None} | changes


def refused(engine: Engine, table: Any, row: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(table).values(row))
    with engine.connect() as connection:
        assert connection.execute(select(table.c[0])).all() == []


REJECTED = {"rejected_at": MOMENT, "rejected_by": "Ada", "rejected_why": "sevens"}


@pytest.mark.parametrize(
    "changes",
    [
        {"version": null()},
        {"version": ""},
        {"reader": "letters"},
        {"tensors_sha256": DIGEST[:-1]},
        {"graph_sha256": DIGEST.upper()},
        {"card": []},
        {"card": null()},
        {"metrics": "words"},
        {"report": [1]},
        {"parent": ""},
        {"made_at": null()},
        {"made_from": ""},
        {"learnt_from": -1},
        {"tensors": b""},
        {"graph": null()},
        {"tensors": b"t" * 12_500_000, "graph": b"g" * 12_500_001},
        REJECTED | {"rejected_by": null()},
        REJECTED | {"rejected_why": ""},
        REJECTED | {"rejected_at": null()},
    ],
)
def test_weights_that_make_no_sense_are_refused(engine: Engine, changes: dict[str, Any]):
    refused(engine, weights, a_weights_row(**changes))


def test_weights_that_make_sense_are_kept(engine: Engine):
    with engine.begin() as connection:
        connection.execute(insert(weights).values(a_weights_row(**REJECTED)))

    assert len(list_weights(engine)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"version": null()},
        {"version": "six-conv-nowhere"},
        {"kind": "whispered"},
        {"reader": "letters"},
        {"at": null()},
        {"by_name": ""},
        {"why": ""},
        {"by_name": null()},
    ],
)
def test_a_promotion_that_makes_no_sense_is_refused(engine: Engine, changes: dict[str, Any]):
    refused(engine, promotions, a_promotion_row(keep(engine), **changes))


@pytest.mark.parametrize(
    "changes",
    [{"decision": 12}, {"decision": -1}, {"by_name": ""}, {"at": null()}, {"drawing_id": "other"}],
)
def test_a_review_that_makes_no_sense_is_refused(engine: Engine, changes: dict[str, Any]):
    drawing = a_drawing()
    keep_drawings(engine, [(drawing, 3)])
    if "drawing_id" in changes:
        changes = {"drawing_id": uuid.uuid4()}

    row = {"drawing_id": drawing.id, "decision": 3, "at": MOMENT, "by_name": "Ada"}
    refused(engine, reviews, row | changes)


@pytest.mark.parametrize("changes", [{"name": ""}, {"holder": ""}, {"until": null()}])
def test_a_lease_that_makes_no_sense_is_refused(engine: Engine, changes: dict[str, Any]):
    refused(engine, leases, {"name": "a", "holder": "b", "until": MOMENT} | changes)


def test_what_is_learnt_from_is_a_drawing_of_the_store(engine: Engine):
    refused(engine, weights_drawings, {"version": keep(engine), "drawing_id": uuid.uuid4()})


@pytest.mark.parametrize("change", ["version = NULL", "why = 'other'", "kind = 'rolled back'"])
def test_no_promotion_is_ever_changed(engine: Engine, change: str):
    version = keep(engine)
    made = promote(engine, version, by="Ada", why="a test", expected_live=None)

    with pytest.raises(IntegrityError, match="what was promoted"), engine.begin() as connection:
        connection.execute(text(f"UPDATE promotions SET {change}"))

    assert list_promotions(engine) == [made]


def test_no_promotion_is_ever_deleted(engine: Engine):
    version = keep(engine)
    promote(engine, version, by="Ada", why="a test", expected_live=None)

    with pytest.raises(IntegrityError, match="what was promoted"), engine.begin() as connection:
        connection.execute(text("DELETE FROM promotions"))

    assert live_version(engine) == version


def test_weights_that_were_promoted_cannot_be_deleted(engine: Engine):
    promote(engine, keep(engine), by="Ada", why="a test", expected_live=None)

    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("DELETE FROM weights"))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("tensors", "'text'"),
        ("graph", "7"),
        ("card", "'not json'"),
        ("card", "'{\"a\": NaN}'"),
        ("metrics", "'[]'"),
        ("made_at", "'yesterday'"),
        ("rejected_at", "'2026-01-02T03:04:05+00:00'"),
        ("learnt_from", "1.5"),
        ("learnt_from", "'many'"),
    ],
)
def test_sqlite_is_as_strict_about_types_of_weights(sqlite_engine: Engine, column: str, value: str):
    keep(sqlite_engine)
    if column == "rejected_at":  # of what is rejected, this alone is wrong
        with sqlite_engine.begin() as connection:
            connection.execute(update(weights).values(REJECTED))

    with pytest.raises(DBAPIError), sqlite_engine.begin() as connection:
        connection.execute(text(f"UPDATE weights SET {column} = {value}"))


@pytest.mark.parametrize(
    ("drawing_id", "decision", "moment"),
    [("'not a uuid'", "3", None), (None, "'three'", None), (None, "2.5", None), (None, "3", "'x'")],
)
def test_sqlite_is_as_strict_about_types_of_a_review(
    sqlite_engine: Engine, drawing_id: str | None, decision: str, moment: str | None
):
    drawing = a_drawing()
    keep_drawings(sqlite_engine, [(drawing, 3)])
    values = f"{drawing_id or 'id'}, {decision}, {moment or 'created_at'}, 'Ada'"

    with pytest.raises(DBAPIError), sqlite_engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO reviews (drawing_id, decision, at, by_name) "
                f"SELECT {values} FROM drawings"
            )
        )


def test_an_endless_moment_of_weights_is_refused(postgres_engine: Engine):
    keep(postgres_engine)

    with pytest.raises(IntegrityError), postgres_engine.begin() as connection:
        connection.execute(text("UPDATE weights SET made_at = 'infinity'"))


def test_the_step_to_weights_and_back_leaves_the_rest_as_it_was(empty_url: URL):
    engine = open_engine(settings_of(empty_url))
    step(engine, "0005")
    before = rules_of(engine)
    drawing, said = a_drawing(), words(7, 1)
    record_words(engine, drawing, said)

    migrate(engine)
    keep_weights(engine, some_weights(report=a_report()), [drawing.id])
    step(engine, "0005")

    assert rules_of(engine) == before
    assert list_words(engine, drawing.id) == list(said)
    migrate(engine)
    assert (list_weights(engine), live_version(engine)) == ([], None)
    engine.dispose()


def test_live_is_found_by_an_index(engine: Engine):
    """Every instance asks for it every few seconds."""
    query = "SELECT version FROM promotions WHERE reader = 'digits' ORDER BY id DESC LIMIT 1"
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = str(connection.execute(text(f"{explain} {query}")).all())

    assert "Index Scan Backward" in plan or ("SCAN promotions" in plan and "TEMP" not in plan)

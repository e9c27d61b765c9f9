"""How trainings stand in the store: told by any instance, whatever became of who ran them."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import URL, Engine, func, insert, null, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from feedback.candidates import (
    TRAINING,
    TrainingRow,
    ask_to_cancel,
    begin_training,
    end_training,
    find_training,
    give_lease,
    hear_training,
    lease_holder,
    list_trainings,
)
from feedback.errors import StoreUnavailable
from feedback.learning import kept_trainings
from feedback.migrate import migrate
from feedback.records.schema import trainings
from feedback.store import open_engine
from tests.feedback.records.test_no_digit_schema import empty_url, rules_of, step
from tests.postgres import settings_of

__all__ = ["empty_url"]  # a fixture

MOMENT = datetime(2026, 1, 31, 10, tzinfo=UTC)


def a_training(**changes: Any) -> TrainingRow:
    usual = TrainingRow(
        id=uuid.uuid4(), holder="a host, process 7", models=("rf", "svm"), state="running",
        share=0.0, message="starting", began_at=MOMENT, heard_at=MOMENT,
    )  # fmt: skip
    return replace(usual, **changes)


def ended(row: TrainingRow, **changes: Any) -> TrainingRow:
    later = MOMENT + timedelta(minutes=5)
    usual = {"state": "done", "share": 1.0, "message": "trained", "heard_at": later}
    return replace(row, **{**usual, "ended_at": later, **changes})


def test_what_was_begun_is_found_as_it_stands(engine: Engine):
    row = a_training()
    assert begin_training(engine, row) is None

    assert find_training(engine, row.id) == row
    assert find_training(engine, uuid.uuid4()) is None
    assert lease_holder(engine, TRAINING) == row.holder


def test_how_far_it_is_is_told(engine: Engine):
    row = a_training()
    begin_training(engine, row)
    heard = replace(row, share=0.4, message="rf: searching", heard_at=MOMENT + timedelta(seconds=5))

    assert hear_training(engine, heard) == (None, False)

    assert find_training(engine, row.id) == heard


def test_what_became_of_it_is_told_and_its_lease_is_free(engine: Engine):
    row = a_training()
    begin_training(engine, row)

    end_training(engine, ended(row))

    assert find_training(engine, row.id) == ended(row)
    assert lease_holder(engine, TRAINING) is None


def test_while_one_runs_another_is_not_begun_and_leaves_no_row(engine: Engine):
    first, second = a_training(), a_training(holder="another, process 8")
    begin_training(engine, first)

    assert begin_training(engine, second) == first.holder

    assert find_training(engine, second.id) is None
    assert find_training(engine, first.id) == first


def test_whoever_runs_it_hears_that_its_end_is_wished(engine: Engine):
    row = a_training()
    begin_training(engine, row)

    ask_to_cancel(engine, row.id)

    found = find_training(engine, row.id)
    assert found is not None
    assert found.cancel_asked_at is not None
    assert found.state == "running"
    assert hear_training(engine, row) == (None, True)


def test_the_end_of_what_has_ended_cannot_be_wished(engine: Engine):
    row = a_training()
    begin_training(engine, row)
    end_training(engine, ended(row))

    ask_to_cancel(engine, row.id)

    assert find_training(engine, row.id) == ended(row)


def test_what_holds_its_lease_no_more_was_broken_off_when_it_was_last_heard_of(engine: Engine):
    row = a_training()
    begin_training(engine, row)
    give_lease(engine, TRAINING, holder=row.holder)

    found = find_training(engine, row.id)

    assert found is not None
    assert (found.state, found.ended_at) == ("failed", row.heard_at)
    assert "ended in the middle of it" in found.message


def test_whose_lease_has_run_out_goes_on_where_nobody_took_it(engine: Engine):
    row = a_training()
    begin_training(engine, row)
    give_lease(engine, TRAINING, holder=row.holder)

    assert hear_training(engine, row) == (None, False)

    assert find_training(engine, row.id) == row


def test_the_next_one_settles_what_was_broken_off_and_tells_who_comes_back(engine: Engine):
    first, second = a_training(), a_training(holder="another, process 8")
    begin_training(engine, first)
    give_lease(engine, TRAINING, holder=first.holder)

    assert begin_training(engine, second) is None

    with engine.connect() as connection:
        states = select(trainings.c.state).order_by(trainings.c.state)
        assert connection.scalars(states).all() == ["failed", "running"]
    assert hear_training(engine, first) == (second.holder, False)


def test_only_so_many_are_kept_and_the_oldest_give_way(engine: Engine, monkeypatch):
    monkeypatch.setattr(kept_trainings, "MOST_TRAININGS", 3)
    rows = [a_training(began_at=MOMENT + timedelta(days=day)) for day in range(5)]
    for row in rows:
        begin_training(engine, row)
        end_training(engine, ended(row))

    assert [find_training(engine, row.id) is not None for row in rows] == 2 * [False] + 3 * [True]


@pytest.mark.parametrize("message", ["", "a\0b", "long " * 1000])
def test_any_message_of_a_failure_can_be_kept(engine: Engine, message: str):
    row = a_training()
    begin_training(engine, row)

    end_training(engine, ended(row, state="failed", message=message))

    found = find_training(engine, row.id)
    assert found is not None
    assert found.state == "failed"


def test_where_its_row_cannot_be_kept_the_lease_is_free_again(engine: Engine):
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE trainings"))

    with pytest.raises(StoreUnavailable):
        begin_training(engine, a_training())

    assert lease_holder(engine, TRAINING) is None


def a_row(**changes: Any) -> dict[str, Any]:
    usual = {"id": uuid.uuid4(), "holder": "h", "models": "rf", "state": "running", "share": 0.5,
             "message": "m", "began_at": MOMENT, "heard_at": MOMENT}  # fmt: skip
    return usual | changes


@pytest.mark.parametrize(
    "changes",
    [
        {"holder": ""},
        {"models": ""},
        {"models": null()},
        {"state": "paused"},
        {"state": "done"},
        {"ended_at": MOMENT},
        {"share": 1.01},
        {"share": -0.01},
        {"message": ""},
        {"heard_at": null()},
    ],
    # Not by their values: a null of SQL is named after where it lies in memory.
    ids=lambda changes: "-".join(changes),
)
def test_a_training_that_makes_no_sense_is_refused(engine: Engine, changes: dict[str, Any]):
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(trainings).values(a_row(**changes)))

    with engine.connect() as connection:
        assert connection.scalar(select(func.count(trainings.c.id))) == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [("share", "'much'"), ("began_at", "'yesterday'"), ("cancel_asked_at", "7"), ("id", "'x'")],
)
def test_sqlite_is_as_strict_about_types_of_a_training(
    sqlite_engine: Engine, column: str, value: str
):
    begin_training(sqlite_engine, a_training())

    with pytest.raises(DBAPIError), sqlite_engine.begin() as connection:
        connection.execute(text(f"UPDATE trainings SET {column} = {value}"))


def test_an_endless_moment_of_a_training_is_refused(postgres_engine: Engine):
    begin_training(postgres_engine, a_training())

    with pytest.raises(IntegrityError), postgres_engine.begin() as connection:
        connection.execute(text("UPDATE trainings SET heard_at = 'infinity'"))


def test_the_step_to_trainings_and_back_leaves_the_rest_as_it_was(empty_url: URL):
    engine = open_engine(settings_of(empty_url))
    step(engine, "0007")
    before = rules_of(engine)

    migrate(engine)
    begin_training(engine, a_training())
    step(engine, "0007")

    assert rules_of(engine) == before
    assert migrate(engine) is True
    engine.dispose()


def test_they_are_listed_from_the_newest_on(engine: Engine):
    rows = [a_training(began_at=MOMENT + timedelta(minutes=n)) for n in (1, 3, 0, 2)]
    for row in rows:
        begin_training(engine, row)
        end_training(engine, ended(row))

    listed = list_trainings(engine, limit=3)

    assert listed == [ended(rows[n]) for n in (1, 3, 0)]


def test_a_list_tells_what_was_broken_off_as_a_look_at_it_does(engine: Engine):
    row = a_training()
    begin_training(engine, row)
    assert [one.state for one in list_trainings(engine, limit=9)] == ["running"]

    give_lease(engine, TRAINING, holder=row.holder)

    assert list_trainings(engine, limit=9) == [find_training(engine, row.id)]
    assert list_trainings(engine, limit=9)[0].state == "failed"

"""An acknowledged answer outlives the server that took it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import select

from feedback.records.schema import answer_log, answers, drawings
from feedback.store import (
    AnswerOutcome,
    Drawing,
    StoreUnavailable,
    Word,
    migrate,
    open_engine,
    record_words,
)
from tests.feedback.sample_drawings import a_drawing
from tests.postgres import settings_of
from tests.postgres_server import PostgresServer

WRITES = 1000
WRITERS = 4
KILLED_AT = 300
RETRY_LIMIT_S = 60


@pytest.fixture
def durable() -> Iterator[PostgresServer]:
    """A server that writes to the disk as PostgreSQL does by default."""
    server = PostgresServer(durable=True)
    try:
        server.start()
        yield server
    finally:
        server.close()


def test_every_acknowledged_answer_survives_a_killed_server_exactly_once(durable: PostgresServer):
    engine = open_engine(settings_of(durable.url()))
    migrate(engine)
    # One in eleven takes back what was never said: a word like any other.
    made = [(a_drawing(), Word((*range(10), None)[number % 11])) for number in range(WRITES)]
    acknowledged: list[tuple[UUID, AnswerOutcome]] = []
    failed = Counter[str]()
    deadline = time.monotonic() + RETRY_LIMIT_S

    def write(part: list[tuple[Drawing, Word]]) -> None:
        for drawing, word in part:
            while time.monotonic() < deadline:
                try:
                    acknowledged.append((drawing.id, record_words(engine, drawing, [word])))
                    break
                except StoreUnavailable as error:
                    failed[str(error).split(": ", 1)[1]] += 1
                    time.sleep(0.02)

    writers = [threading.Thread(target=write, args=(made[n::WRITERS],)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    while len(acknowledged) < KILLED_AT:
        time.sleep(0.005)
    durable.kill()
    before = [drawing_id for drawing_id, _ in acknowledged]
    durable.start()
    for writer in writers:
        writer.join()

    with engine.connect() as connection:
        kept = list(connection.execute(select(answers.c.drawing_id, answers.c.label)))
        rows = list(connection.scalars(select(drawings.c.id)))
        log = list(connection.scalars(select(answer_log.c.id)))
    engine.dispose()
    assert sum(failed.values()) > 0, "the server was killed when nobody was writing"
    assert KILLED_AT <= len(before) < WRITES
    assert {outcome for _, outcome in acknowledged} == {AnswerOutcome.SAVED}
    assert len(acknowledged) == WRITES
    answered = [(drawing.id, word.answer) for drawing, word in made if word.answer is not None]
    assert sorted(map(tuple, kept)) == sorted(answered)
    assert sorted(rows) == sorted(drawing.id for drawing, _ in made)
    assert sorted(log) == sorted(word.id for _, word in made)

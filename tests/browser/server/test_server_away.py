"""PostgreSQL dies while someone draws, and comes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from feedback.connection.engine import open_engine
from feedback.store import Filters, list_drawings
from tests.browser.conftest import database_settings
from tests.browser.dashboard import Dashboard
from tests.postgres import settings_of
from tests.postgres_server import PostgresServer

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(chromium: Browser) -> Iterator[PostgresServer]:
    """A server of these tests' own, to be killed."""
    server = PostgresServer(durable=True)
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="module")
def fragile(
    server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Dashboard]:
    """The app on that server."""
    folder = tmp_path_factory.mktemp("fragile")
    with Dashboard(folder, database_settings(server.url())) as started:
        yield started


def answers(server):
    engine = open_engine(settings_of(server.url()))
    rows = list_drawings(engine, Filters(), limit=9)
    engine.dispose()
    return [row.answer for row in rows]


def test_what_is_answered_while_the_server_is_away_is_saved_when_tried_again(
    server, fragile, visit
):
    visitor = visit(fragile)
    visitor.draw_digit(3)
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved: it is a 3")
    visitor.button("Draw another").click()
    expect(visitor.label).to_have_count(0)

    server.kill()
    visitor.draw_digit(5)
    expect(visitor.label).to_have_text("5")
    visitor.say_yes()
    trouble = visitor.page.get_by_text("Not saved")
    expect(trouble).to_be_visible()
    told = trouble.inner_text()
    visitor.button("Try again").click()
    expect(trouble).to_be_visible()
    expect(visitor.label).to_have_text("5")
    expect(visitor.canvas).to_be_visible()

    server.start()
    visitor.button("Try again").click()
    expect(visitor.question).to_contain_text("Saved: it is a 5")
    expect(trouble).to_have_count(0)
    assert answers(server)[:2] == [5, 3]
    assert server.password not in told + fragile.log


def test_an_answer_saves_itself_once_the_server_is_back(server, fragile, visit):
    visitor = visit(fragile)
    visitor.draw_digit(3)
    server.kill()
    visitor.say_digit(8)
    expect(visitor.page.get_by_text("Not saved")).to_be_visible()

    server.start()

    expect(visitor.question).to_contain_text("Saved: it is an 8")
    assert answers(server)[0] == 8


def test_the_line_at_the_foot_never_contradicts_what_stands_beside_the_reading(
    server, fragile, visit
):
    visitor = visit(fragile)
    visitor.draw_digit(3)
    foot = visitor.page.get_by_text("cannot be saved at the moment; they are read all the same")
    expect(foot).to_have_count(0)

    server.kill()
    visitor.say_digit(8)
    expect(visitor.page.get_by_text("Not saved")).to_be_visible()
    expect(foot).to_be_visible()
    server.start()

    expect(visitor.question).to_contain_text("Saved: it is an 8")
    expect(foot).to_have_count(0)

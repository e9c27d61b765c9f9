"""A drawing outlives a reload, other pages, the system's theme and a server that starts anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from feedback.connection.engine import open_engine
from feedback.connection.settings import read_settings
from feedback.store import Filters, list_drawings
from tests.browser.dashboard import Dashboard
from tests.browser.draw.test_drawing import COUNT_DARK, DEVICES, PHONE
from tests.browser.strokes import DIGITS, scaled

pytestmark = pytest.mark.browser

HELD = "JSON.parse(sessionStorage.getItem('inkling.drawing'))"


def newest(store, number=1):
    return list_drawings(store, Filters(), limit=number)


def reload(visitor):
    visitor.page.reload()
    expect(visitor.canvas).to_have_attribute("role", "img")


@DEVICES
def test_a_reload_keeps_the_drawing_as_one_row(visit, store, device):
    visitor = visit(**device)
    visitor.write_digit(4)
    before = newest(store)[0]

    reload(visitor)
    visitor.wait_until_read(2)
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved: it is a 4")

    (row,) = newest(store)
    assert (row.id, row.created_at, row.answer) == (before.id, before.created_at, 4)
    assert row.strokes == before.strokes


@DEVICES
def test_a_reload_keeps_the_answer_and_it_can_be_taken_back(visit, store, device):
    visitor = visit(**device)
    visitor.write_digit(4)
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved: it is a 4")

    reload(visitor)
    expect(visitor.question).to_contain_text("Saved: it is a 4")
    visitor.button("Take back").click()
    expect(visitor.question).to_contain_text("Is that right?")
    visitor.say_digit(9)
    expect(visitor.question).to_contain_text("Saved: it is a 9")

    (row,) = newest(store)
    assert (row.predicted, row.answer, len(row.strokes)) == (4, 9, 2)


@DEVICES
def test_a_stroke_after_a_reload_goes_on_with_the_same_drawing(visit, store, device):
    visitor = visit(**device)
    first, second = scaled(DIGITS[4], visitor.side())
    visitor.stroke(first)
    visitor.wait_until_read(1)

    reload(visitor)
    visitor.wait_until_read(1)
    visitor.stroke(second)
    visitor.wait_until_read(2)
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved: it is a 4")

    assert len(newest(store)[0].strokes) == 2


@DEVICES
def test_a_cleared_canvas_is_empty_after_a_reload(visit, device):
    visitor = visit(**device)
    visitor.write_digit(3)
    visitor.clear()

    reload(visitor)
    visitor.page.wait_for_timeout(1000)

    expect(visitor.page.locator(".inkling-empty")).to_be_visible()


@DEVICES
def test_the_systems_theme_changes_in_mid_stroke_and_no_stroke_is_lost(visit, store, device):
    visitor = visit(**device)
    first, second = scaled(DIGITS[4], visitor.side())
    visitor.stroke(first)

    with visitor.in_mid_stroke(second):
        visitor.page.emulate_media(color_scheme="dark")
        visitor.wait_until_themed("dark")
    visitor.wait_until_read(2)
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved: it is a 4")

    (row,) = newest(store)
    assert len(row.strokes) == 2
    assert row.strokes[1][0][0] == pytest.approx(DIGITS[4][1][0][0] * 255, abs=3)


@DEVICES
def test_the_windows_back_button_finds_the_drawing(visit, device):
    visitor = visit(**device)
    visitor.write_digit(4)

    visitor.go_to("Model")
    visitor.page.go_back()
    expect(visitor.canvas).to_have_attribute("role", "img")

    visitor.wait_until_read(2)
    expect(visitor.label).to_have_text("4")
    visitor.page.wait_for_function(
        f"({COUNT_DARK})(document.querySelector('.st-key-draw_section "
        "[data-testid=stBidiComponentIsolated]').shadowRoot.querySelector('.upper-canvas')) > 0"
    )


def test_strokes_and_answers_made_while_offline_arrive_when_the_line_is_back(visit, store):
    visitor = visit(**PHONE)
    visitor.is_forgiven = "ERR_INTERNET_DISCONNECTED"
    first, second = scaled(DIGITS[4], visitor.side())
    visitor.draw_stroke(first)
    visitor.wait_until_read(1)

    visitor.context.set_offline(True)
    visitor.draw_stroke(second)
    visitor.page.wait_for_timeout(2000)
    visitor.context.set_offline(False)
    visitor.wait_until_read(2)
    visitor.context.set_offline(True)
    visitor.say_yes()
    visitor.page.wait_for_timeout(500)
    visitor.context.set_offline(False)

    expect(visitor.question).to_contain_text("Saved: it is a 4")
    (row,) = newest(store)
    assert (row.answer, len(row.strokes)) == (4, 2)


@DEVICES
def test_a_server_that_starts_anew_finds_the_drawing_in_the_tab(
    chromium: Browser, visit, tmp_path: Path, device
):
    path = tmp_path / "kept.sqlite3"
    with Dashboard(tmp_path, {"EMBEDDED_STORE": str(path)}) as dashboard:
        visitor = visit(dashboard, **device)
        visitor.is_forgiven = ""  # the browser says that it lost its server
        first, second = scaled(DIGITS[4], visitor.side())
        visitor.stroke(first)
        visitor.wait_until_read(1)
        dashboard.restart()
        # The new server has read it once more, as the same drawing.
        visitor.page.wait_for_function(f"{HELD}.revision === 2", timeout=60_000)
        visitor.stroke(second)
        visitor.wait_until_read(2)
        visitor.say_yes()
        expect(visitor.question).to_contain_text("Saved: it is a 4")
        dashboard.restart()
        visitor.page.wait_for_function(f"{HELD}.revision === 4", timeout=60_000)
        expect(visitor.question).to_contain_text("Saved: it is a 4")
        visitor.button("Take back").click()
        expect(visitor.question).to_contain_text("Is that right?")
        visitor.say_digit(9)
        expect(visitor.question).to_contain_text("Saved: it is a 9")
        engine = open_engine(read_settings({"EMBEDDED_STORE": str(path)}))
        rows = newest(engine, 9)
        engine.dispose()

    assert [(row.answer, len(row.strokes)) for row in rows] == [(9, 2)]

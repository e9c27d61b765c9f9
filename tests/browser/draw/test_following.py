"""What the page shows while the pen moves, and how what the script says afterwards corrects it."""

from __future__ import annotations

import statistics
import time

import pytest
from playwright.sync_api import Page, expect

from feedback.store import Filters, list_drawings
from tests.browser.draw.test_drawing import COUNT_DARK, PHONE
from tests.browser.strokes import DIGITS, Stroke, scaled
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

ROUTE = "**/reading"
THREE = scaled(DIGITS[3], 280)[0]
# Resolves with the milliseconds from the next pointerup to a reading of that many ended strokes;
# rejects where there is none, as nothing else ends the wait for a promise.
TIME_LABEL = """(strokes) => { window.timed = new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error("no such reading within 20 s")), 20_000);
  let ended = null;
  const look = () => {
    const read = document.querySelector("[data-testid=read]");
    if (ended === null || read?.dataset.strokes !== String(strokes)) return;
    observer.disconnect();
    resolve(performance.now() - ended);
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { subtree: true, childList: true, attributes: true });
  window.addEventListener("pointerup", () => { ended = performance.now(); },
                          { capture: true, once: true });
}); }"""
# The library's drawing is sent again: the script runs and answers, and there is nothing to read.
# Resolves with its milliseconds, or with null where the page never said that the script ran: one
# that starts and ends between two of the page's own renderings is not seen.
TIME_ROUND_TRIP = """() => new Promise((resolve) => {
  const app = document.querySelector("[data-testid=stApp]");
  const begun = performance.now();
  let hasRun = false;
  const observer = new MutationObserver(() => {
    const isRunning = app.dataset.testScriptState !== "notRunning";
    hasRun ||= isRunning;
    if (!hasRun || isRunning) return;
    observer.disconnect();
    resolve(performance.now() - begun);
  });
  setTimeout(() => resolve(null), 3_000);
  observer.observe(app, { attributes: true });
  const host = document.querySelector(".st-key-draw_section [data-testid=stBidiComponentIsolated]");
  host.shadowRoot.querySelector('[aria-label="Update the app with this drawing"]').click();
})"""


class Readings:
    """Counts what a page asks its server while strokes are drawn."""

    def __init__(self, page: Page) -> None:
        self.answered = self.under_way = self.most_under_way = 0
        page.on("request", lambda request: self._note(request.url, 1))
        page.on("requestfinished", lambda request: self._note(request.url, -1))

    def _note(self, url: str, change: int) -> None:
        if url.endswith("/reading"):
            self.under_way += change
            self.answered += change < 0
            self.most_under_way = max(self.most_under_way, self.under_way)


def slowly(visitor: Visitor, stroke: Stroke, rests_ms: float = 40, *, lift: bool = True) -> float:
    """Draw a stroke with rests between its points; return the seconds that it took."""
    box = visitor.canvas.bounding_box()
    assert box is not None
    mouse = visitor.page.mouse
    begun_s = time.perf_counter()
    mouse.move(box["x"] + stroke[0][0], box["y"] + stroke[0][1])
    mouse.down()
    for x, y in stroke[1:]:
        mouse.move(box["x"] + x, box["y"] + y)
        visitor.page.wait_for_timeout(rests_ms)
    if lift:
        mouse.up()
    return time.perf_counter() - begun_s


def without_route(visitor: Visitor) -> None:
    """Take the route away; what the browser says about that is no complaint."""
    visitor.page.route(ROUTE, lambda route: route.abort())
    visitor.is_forgiven = "net::ERR_FAILED"


def newest(store):
    (row,) = list_drawings(store, Filters(), limit=1)
    return row


def test_a_stroke_s_label_takes_less_than_three_round_trips_without_prediction(visit):
    visitor = visit()
    labels_ms, trips_ms = [], []

    for _ in range(7):
        visitor.page.evaluate(TIME_LABEL, 1)
        visitor.draw_stroke(THREE)
        labels_ms.append(visitor.page.evaluate("window.timed"))
        visitor.wait_until_read(1)
        visitor.page.wait_for_timeout(300)
        trips_ms.append(visitor.page.evaluate(TIME_ROUND_TRIP))
        visitor.clear()
    trips_ms = [time_ms for time_ms in trips_ms if time_ms is not None]

    assert len(trips_ms) >= 3
    assert statistics.median(labels_ms) < 3 * statistics.median(trips_ms), (labels_ms, trips_ms)


def test_a_long_stroke_is_read_while_it_is_drawn_and_takes_no_longer_for_it(visit):
    stroke = [*THREE, *THREE[::-1]]
    followed, alone = visit(), visit()
    without_route(alone)
    readings = Readings(followed.page)
    took_s: dict[Visitor, list[float]] = {followed: [], alone: []}

    for _ in range(3):  # in turn, and the best counts: whatever else the machine does meanwhile
        for visitor, times_s in took_s.items():
            visitor.page.bring_to_front()
            times_s.append(slowly(visitor, stroke))
            visitor.wait_until_read(1)
            visitor.clear()

    assert readings.answered >= 3 * 3
    assert readings.most_under_way == 1
    assert min(took_s[followed]) < 1.5 * min(took_s[alone]), took_s


def test_while_the_pen_is_down_the_label_follows_and_nothing_is_said_aloud(visit):
    visitor = visit()

    slowly(visitor, THREE, lift=False)

    expect(visitor.label).to_have_text("3")
    assert visitor.page.locator(".inkling-spoken").inner_text() == ""
    assert visitor.button("Yes").count() == 0
    visitor.page.mouse.up()
    visitor.wait_until_read(1)
    expect(visitor.page.locator(".inkling-spoken")).to_contain_text("I read 3")


def test_without_the_route_the_page_still_reads_and_keeps(visit, store):
    visitor = visit()
    without_route(visitor)

    visitor.draw_digit(4)
    visitor.say_yes()

    expect(visitor.question).to_contain_text("Saved: it is a 4")
    assert newest(store).answer == 4


def test_a_finger_is_followed_as_a_mouse_is(visit):
    visitor = visit(**PHONE)
    readings = Readings(visitor.page)

    visitor.touch_digit(4)

    expect(visitor.label).to_have_text("4")
    assert readings.answered >= 2


def test_a_pen_is_followed_as_a_mouse_is(visit):
    visitor = visit()
    readings = Readings(visitor.page)
    box = visitor.canvas.bounding_box()
    devtools = visitor.context.new_cdp_session(visitor.page)

    def send(kind: str, point: tuple[float, float], buttons: int) -> None:
        place = {"x": box["x"] + point[0], "y": box["y"] + point[1]}
        pressed = {"button": "left", "buttons": buttons, "clickCount": 1, "pointerType": "pen"}
        devtools.send("Input.dispatchMouseEvent", {"type": kind, **place, **pressed})

    send("mousePressed", THREE[0], 1)
    for point in THREE[1:]:
        send("mouseMoved", point, 1)
    send("mouseReleased", THREE[-1], 0)
    visitor.wait_until_read(1)

    expect(visitor.label).to_have_text("3")
    assert readings.answered >= 1


def test_undo_in_mid_stroke_leaves_what_the_canvas_shows(visit):
    visitor = visit()
    visitor.draw_stroke(scaled(DIGITS[4], 280)[0])
    visitor.wait_until_read(1)

    slowly(visitor, scaled(DIGITS[4], 280)[1], lift=False)
    visitor.page.keyboard.press("Control+z")
    visitor.page.wait_for_function("document.querySelector('.inkling-empty') !== null")
    visitor.page.mouse.up()
    visitor.page.wait_for_timeout(1000)

    # Whatever the library makes of the second stroke, the page says what is on the canvas: a dot
    # of ink counts as well.
    is_inked = visitor.canvas.evaluate(COUNT_DARK) > 0
    assert (visitor.page.locator(".inkling-empty").count() == 0) is is_inked
    assert visitor.button("Clear").is_enabled() is is_inked


def test_a_touch_that_the_browser_takes_away_leaves_no_reading(visit):
    visitor = visit(**PHONE)
    box = visitor.canvas.bounding_box()
    devtools = visitor.context.new_cdp_session(visitor.page)
    points = [{"x": box["x"] + x, "y": box["y"] + y} for x, y in THREE]

    for number, point in enumerate(points):
        kind = "touchMove" if number else "touchStart"
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        visitor.page.wait_for_timeout(20)
    devtools.send("Input.dispatchTouchEvent", {"type": "touchCancel", "touchPoints": []})
    visitor.page.wait_for_timeout(1000)

    settled = visitor.page.locator(".inkling-card").get_attribute("data-settled")
    assert visitor.page.locator("[data-testid=read]").count() == int(settled)


def test_a_straight_line_with_shift_is_read_as_the_canvas_holds_it(visit, store):
    visitor = visit()

    visitor.page.keyboard.down("Shift")
    slowly(visitor, [(60, 60), (90, 150), (140, 90), (150, 250)])
    visitor.page.keyboard.up("Shift")
    visitor.wait_until_read(1)
    visitor.say_no_digit()
    expect(visitor.question).to_contain_text("Saved")

    (stroke,) = newest(store).strokes
    assert len(stroke[0]) <= 3  # the way there is not in it
    assert visitor.label.inner_text() == str(newest(store).predicted)

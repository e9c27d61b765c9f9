"""A person at the page: draws digits, looks at each reading, answers, starts again."""

from __future__ import annotations

import asyncio
import math
import random
import time
from typing import Any

from playwright.async_api import Browser, Page

from benchmarks.page.watching import NOTE_SELF, SINCE, TIME_STROKE, Traffic
from tests.browser.strokes import DIGITS, Stroke, scaled

WARM_UP = 2  # digits of each person that are not counted
SETTLED_S = 0.8  # after a stroke all that it causes is over
SIZE = {"width": 1280, "height": 900}
IS_BLANK = "!document.querySelector('[data-testid=read]')"
CANVAS = ".upper-canvas[role=img]"  # dressed: ready to be drawn on
LONG_S = 2.5
LONG_MOVES = 75


async def open_page(browser: Browser, url: str) -> tuple[Page, Traffic]:
    """Return a page of a session of its own, ready to be drawn on."""
    context = await browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.add_init_script(NOTE_SELF)
    traffic = Traffic(page)
    page.set_default_timeout(120_000)  # ten browsers that load at once take their time
    await page.goto(url)
    await page.locator(CANVAS).wait_for()
    return page, traffic


async def draw_stroke(page: Page, stroke: Stroke, lasts_s: float = 0.3) -> float:
    """Draw a stroke as fast as a person does; return the seconds that it took."""
    box = await page.locator(CANVAS).bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + stroke[0][0], box["y"] + stroke[0][1])
    begun_s = time.perf_counter()
    await page.mouse.down()
    for x, y in stroke[1:]:
        await page.mouse.move(box["x"] + x, box["y"] + y)
        await asyncio.sleep(lasts_s / len(stroke))
    await page.mouse.up()
    return time.perf_counter() - begun_s


async def person(
    browser: Browser, url: str, digits: int, seed: int, rest_s: float
) -> list[dict[str, Any]]:
    """Draw that many digits; return what each stroke after the warm-up came to.

    label_ms, whole_ms: from its end to the label, and to the question. task_ms: the longest task.
    shift: of the layout. messages: on the WebSocket, both ways.
    """
    chance = random.Random(seed)
    page, traffic = await open_page(browser, url)
    strokes: list[dict[str, Any]] = []
    for number in range(digits + WARM_UP):
        for count, stroke in enumerate(scaled(DIGITS[chance.randrange(10)], 280), 1):
            await page.evaluate(TIME_STROKE, count)
            traffic.take()
            await draw_stroke(page, stroke)
            timed = await page.evaluate("window.inklingTimed")
            await asyncio.sleep(max(rest_s * chance.uniform(0.5, 1.5), SETTLED_S))
            since = await page.evaluate(SINCE, timed["ended"])
            if number >= WARM_UP:
                strokes.append(
                    {
                        "label_ms": timed["label"],
                        "whole_ms": timed["whole"],
                        "task_ms": since["task"],
                        "shift": since["shift"],
                        "messages": traffic.take()["messages"],
                    }
                )
        await answer(page)
        await page.wait_for_function(IS_BLANK)
        await asyncio.sleep(rest_s * chance.uniform(0.5, 1.5))
    await page.context.close()
    return strokes


async def answer(page: Page) -> None:
    """Say yes, and take a fresh canvas."""
    # By class: looking for roles and names would take the browser longer than the answer.
    await page.locator("[class*='st-key-draw_yes_canvas'] button").click()
    await page.locator(".st-key-draw_another button").click()


async def long_strokes(
    browser: Browser, url: str, strokes: int, *, is_followed: bool
) -> list[tuple[float, float]]:
    """Return seconds and readings a second of each of some long strokes.

    is_followed: False takes the route away, so that nothing is read while the pen is down.
    """
    page, traffic = await open_page(browser, url)
    if not is_followed:
        await page.route("**/reading", lambda route: route.abort())
    took = []
    for _ in range(strokes + 1):
        traffic.take()
        seconds = await draw_stroke(page, spiral(), LONG_S)
        took.append((seconds, traffic.take()["readings"] / seconds))
        await asyncio.sleep(SETTLED_S)
        await page.locator(".st-key-draw_clear button").first.click()
        await page.wait_for_function(IS_BLANK)
        await asyncio.sleep(SETTLED_S)
    await page.context.close()
    return took[1:]  # the first one warms up


def spiral() -> Stroke:
    """Return a long stroke that goes round and round."""
    turns = [step / LONG_MOVES * 6 * math.pi for step in range(LONG_MOVES)]
    return [(140 + 5 * t * math.cos(t), 140 + 5 * t * math.sin(t)) for t in turns]

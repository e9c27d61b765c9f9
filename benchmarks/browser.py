"""How soon the page answers a stroke, and whether its memory grows: `python -m benchmarks.browser`.

The real app on a PostgreSQL of its own that waits for its disk, and a real Chromium on the same
machine. A person draws a digit, looks at the reading for one to three seconds after each stroke,
answers, and starts again on a fresh canvas. Timed in the page, from the end of a stroke
(`pointerup`) to the new label; the canvas library itself waits 200 ms of that before it reports a
stroke.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright
from sqlalchemy import text

from environment import ROOT
from feedback.store import migrate, open_engine
from tests.browser.dashboard import Dashboard
from tests.browser.strokes import DIGITS, Stroke, scaled
from tests.postgres import settings_of
from tests.postgres_server import PostgresServer

REPORT = ROOT / "results" / "browser_benchmark.json"
TARGET_MS = {1: 350, 10: 600}
MOST_GROWTH_MB = 10
WARM_UP = 2  # digits of each person that are not counted
REST_S = 2.0  # on average, to look at the answer before the next stroke
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
ARGUMENTS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
SIZE = {"width": 1280, "height": 900}

# Resolves with the milliseconds from the next pointerup to a label for that many strokes.
TIME_STROKE = """(strokes) => { window.inklingTimed = new Promise((resolve) => {
  let ended = null;
  window.addEventListener("pointerup", () => { ended = performance.now(); },
                          { capture: true, once: true });
  const look = () => {
    const read = document.querySelector("[data-testid=read]");
    if (ended === null || !read || read.dataset.strokes !== String(strokes)) return;
    observer.disconnect();
    resolve(performance.now() - ended);
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { subtree: true, childList: true, attributes: true });
}); }"""
IS_BLANK = "!document.querySelector('[data-testid=read]')"
CANVAS = ".upper-canvas[role=img]"  # dressed: ready to be drawn on


async def draw_stroke(page: Page, stroke: Stroke) -> None:
    """Draw a stroke as fast as a person does, some 0.3 s."""
    box = await page.locator(CANVAS).bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + stroke[0][0], box["y"] + stroke[0][1])
    await page.mouse.down()
    for x, y in stroke[1:]:
        await page.mouse.move(box["x"] + x, box["y"] + y)
        await asyncio.sleep(0.3 / len(stroke))
    await page.mouse.up()


async def answer(page: Page) -> None:
    """Say yes, and take a fresh canvas."""
    # By class: looking for roles and names would take the browser longer than the answer.
    await page.locator("[class*='st-key-draw_yes_canvas'] button").click()
    await page.locator(".st-key-draw_another button").click()


async def person(browser: Browser, url: str, digits: int, seed: int, rest_s: float) -> list[float]:
    """Draw that many digits; return the milliseconds of every stroke after the warm-up."""
    chance = random.Random(seed)
    context = await browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    page = await context.new_page()
    page.set_default_timeout(120_000)  # ten browsers that load at once take their time
    await page.goto(url)
    await page.locator(CANVAS).wait_for()
    times_ms = []
    for number in range(digits + WARM_UP):
        for count, stroke in enumerate(scaled(DIGITS[chance.randrange(10)], 280), 1):
            await page.evaluate(TIME_STROKE, count)
            await draw_stroke(page, stroke)
            waited_ms = await page.evaluate("window.inklingTimed")
            if number >= WARM_UP:
                times_ms.append(waited_ms)
            await asyncio.sleep(rest_s * chance.uniform(0.5, 1.5))
        await answer(page)
        await page.wait_for_function(IS_BLANK)
        await asyncio.sleep(rest_s * chance.uniform(0.5, 1.5))
    await context.close()
    return times_ms


async def time_strokes(url: str, people: int, digits: int) -> dict[str, Any]:
    """Return the figures of so many people who draw at once."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        rounds = [person(browser, url, digits, seed, rest_s=REST_S) for seed in range(people)]
        times_ms = sorted(ms for times in await asyncio.gather(*rounds) for ms in times)
        await browser.close()
    median_ms = statistics.median(times_ms)
    return {
        "strokes": len(times_ms),
        "median_ms": round(median_ms),
        "p90_ms": round(times_ms[int(0.9 * len(times_ms))]),
        "target_ms": TARGET_MS.get(people),
        "met": median_ms <= TARGET_MS.get(people, median_ms),
    }


async def watch_memory(dashboard: Dashboard, reruns: int, people: int = 6) -> dict[str, Any]:
    """Return how the app's memory grew while strokes, answers and clearings re-ran the page."""
    samples: list[tuple[int, float]] = []
    done = 0

    async def draw_on(browser: Browser, seed: int) -> None:
        nonlocal done
        while done < reruns:
            strokes = await person(browser, dashboard.url, 12, seed, rest_s=0.4)
            # An answer, a new sheet and its report for each digit.
            done += len(strokes) + 3 * (12 + WARM_UP)
            samples.append((done, resident_mb(dashboard.pid)))

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        await asyncio.gather(*(draw_on(browser, seed) for seed in range(people)))
        await browser.close()
    first = [mb for count, mb in samples if count <= reruns / 2]
    last = [mb for count, mb in samples if count > reruns / 2]
    growth_mb = statistics.mean(last[-5:]) - statistics.mean(first[-5:])
    return {
        "reruns": done,
        "sessions": people,
        "mb_halfway": round(statistics.mean(first[-5:]), 1),
        "mb_at_the_end": round(statistics.mean(last[-5:]), 1),
        "growth_of_the_last_half_mb": round(growth_mb, 1),
        "target_mb": MOST_GROWTH_MB,
        "met": growth_mb < MOST_GROWTH_MB,
    }


def resident_mb(pid: int) -> float:
    """Return the memory that a process holds."""
    kilobytes = subprocess.check_output(["ps", "-o", "rss=", "-p", str(pid)], text=True)
    return int(kilobytes) / 1024


def chromium() -> str | None:
    """Return the system's Chromium or Chrome; None for the one that Playwright has downloaded."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the app, time it, write the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, nargs="*", default=[1, 10], help="who draw at once")
    parser.add_argument("--digits", type=int, default=20, help="that each person draws")
    parser.add_argument("--reruns", type=int, default=3600, help="of the memory test; 0 skips it")
    options = parser.parse_args(argv)
    # What this call does not measure stays as it was measured last.
    report: dict[str, Any] = json.loads(REPORT.read_text()) if REPORT.is_file() else {}
    report["machine"] = f"{platform.machine()}, {os.cpu_count()} cores"
    with closing(PostgresServer(durable=True)) as server, tempfile.TemporaryDirectory() as folder:
        server.start()
        engine = open_engine(settings_of(server.url()))
        migrate(engine)
        url = server.url()
        settings = {
            "DB_HOST": str(url.host),
            "DB_PORT": str(url.port),
            "DB_NAME": str(url.database),
        }
        settings |= {"DB_NAME": str(url.database), "DB_USER": str(url.username)}
        settings |= {"DB_PASSWORD": str(url.password)}
        with Dashboard(Path(folder), settings) as dashboard:
            for people in options.people:
                figures = asyncio.run(time_strokes(dashboard.url, people, options.digits))
                print(f"{people} at once: {figures}", flush=True)
                report[f"sessions_{people}"] = figures
                write(report)
            if options.reruns:
                started = time.monotonic()
                report["memory"] = asyncio.run(watch_memory(dashboard, options.reruns))
                print(f"memory: {report['memory']} ({time.monotonic() - started:.0f} s)")
                write(report)
        with engine.connect() as connection:
            kept = connection.scalar(text("SELECT count(*) FROM drawings"))
        print(f"{kept:,} drawings kept; written to {REPORT.relative_to(ROOT)}")
        engine.dispose()


def write(report: dict[str, Any]) -> None:
    """Write what was measured so far."""
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()

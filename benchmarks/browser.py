"""How soon the page answers a stroke, and what that costs it: `python -m benchmarks.browser`.

The real app on a PostgreSQL of its own that waits for its disk, and a real Chromium on the same
machine. A person draws a digit, looks at the reading for one to three seconds after each stroke,
answers, and starts again on a fresh canvas. Timed in the page, from the end of a stroke
(`pointerup`) to the new label, and to the question about it. Long strokes tell how often the page
reads while the pen is down, and whether that holds the pen up.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, async_playwright
from sqlalchemy import text

from benchmarks.page.person import CANVAS, WARM_UP, long_strokes, person
from benchmarks.page.watching import bytes_loaded
from environment import ROOT
from feedback.store import migrate, open_engine
from tests.browser.dashboard import BY_STREAMLIT, Dashboard
from tests.postgres import settings_of
from tests.postgres_server import PostgresServer

REPORT = ROOT / "results" / "browser_benchmark.json"
TARGET_MS = {1: 60, 10: 150}
TARGET_WHOLE_MS = {1: 150}
TARGET_READINGS = {1: 8, 10: 4}  # a second, while the pen is down
MOST_MESSAGES = 10
LONGEST_TASK_MS = 50
SLOWEST_STROKE = 1.1  # times what it takes without readings
MOST_PAGE_MB = 1.2  # of the first page, beyond what an empty one takes
MOST_GROWTH_MB = 10
REST_S = 2.0  # on average, to look at the answer before the next stroke
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
ARGUMENTS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
EMPTY_PAGE = "import streamlit as st\nst.title('Empty')\n"


async def time_strokes(url: str, people: int, digits: int) -> dict[str, Any]:
    """Return the figures of so many people who draw at once."""
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        rounds = [person(browser, url, digits, seed, rest_s=REST_S) for seed in range(people)]
        strokes = [stroke for each in await asyncio.gather(*rounds) for stroke in each]
        await browser.close()
    label_ms, whole_ms, task_ms, messages, shift = (
        sorted(stroke[name] for stroke in strokes)
        for name in ("label_ms", "whole_ms", "task_ms", "messages", "shift")
    )
    target_ms = TARGET_MS.get(people)
    return {
        "strokes": len(strokes),
        "median_ms": round(statistics.median(label_ms)),
        "p90_ms": round(label_ms[int(0.9 * len(label_ms))]),
        "target_ms": target_ms,
        "met": target_ms is None or statistics.median(label_ms) <= target_ms,
        "whole_median_ms": round(statistics.median(whole_ms)),
        "whole_p90_ms": round(whole_ms[int(0.9 * len(whole_ms))]),
        "whole_target_ms": TARGET_WHOLE_MS.get(people),
        "longest_task_ms": round(task_ms[-1]),
        "strokes_with_a_task_over_50_ms": sum(ms > LONGEST_TASK_MS for ms in task_ms),
        "messages_median": statistics.median(messages),
        "messages_most": messages[-1],
        "messages_target": MOST_MESSAGES,
        "layout_shift_most": round(shift[-1], 4),
    }


async def time_long_strokes(url: str, people: int, strokes: int) -> dict[str, Any]:
    """Return how often so many people at once are read while they draw long strokes."""
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        took = {}
        for is_followed in (False, True):
            rounds = [
                long_strokes(browser, url, strokes, is_followed=is_followed) for _ in range(people)
            ]
            took[is_followed] = [one for each in await asyncio.gather(*rounds) for one in each]
        await browser.close()
    seconds = {on: statistics.median(s for s, _ in each) for on, each in took.items()}
    readings = statistics.median(a_second for _, a_second in took[True])
    return {
        "strokes": len(took[True]),
        "readings_a_second": round(readings, 1),
        "readings_target": TARGET_READINGS.get(people),
        "stroke_s": round(seconds[True], 2),
        "stroke_s_without_readings": round(seconds[False], 2),
        "times_as_long": round(seconds[True] / seconds[False], 2),
        "most_times_as_long": SLOWEST_STROKE,
        "met": readings >= TARGET_READINGS.get(people, 0)
        and seconds[True] <= SLOWEST_STROKE * seconds[False],
    }


async def weigh_page(url: str, folder: Path) -> dict[str, Any]:
    """Return the megabytes of a first visit to Draw, and to an empty page of Streamlit."""
    script = folder / "empty.py"
    script.write_text(EMPTY_PAGE)
    way = [part.replace(str(ROOT / "streamlit" / "app.py"), str(script)) for part in BY_STREAMLIT]
    sizes = []
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        sizes.append(await bytes_loaded(await browser.new_page(), url, CANVAS))
        with Dashboard(folder, {}, [*way, "--server.headless", "true"]) as empty:
            sizes.append(await bytes_loaded(await browser.new_page(), empty.url, "h1"))
        await browser.close()
    whole_mb, empty_mb = (size / 1e6 for size in sizes)
    return {
        "whole_mb": round(whole_mb, 2),
        "empty_page_mb": round(empty_mb, 2),
        "beyond_mb": round(whole_mb - empty_mb, 2),
        "target_mb": MOST_PAGE_MB,
        "met": whole_mb - empty_mb <= MOST_PAGE_MB,
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
        browser = await launch(playwright)
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


async def launch(playwright: Any) -> Browser:
    """Return a running browser."""
    browser: Browser = await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    return browser


def chromium() -> str | None:
    """Return the system's Chromium or Chrome; None for the one that Playwright has downloaded."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the app, time it, write the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, nargs="*", default=[1, 10], help="who draw at once")
    parser.add_argument("--digits", type=int, default=50, help="that all draw together")
    parser.add_argument("--long-strokes", type=int, default=10, help="of each; 0 skips them")
    parser.add_argument("--reruns", type=int, default=3600, help="of the memory test; 0 skips it")
    options = parser.parse_args(argv)
    # What this call does not measure stays as it was measured last.
    report: dict[str, Any] = json.loads(REPORT.read_text()) if REPORT.is_file() else {}
    report["machine"] = f"{platform.machine()}, {os.cpu_count()} cores"

    def keep(name: str, figures: dict[str, Any]) -> None:
        print(f"{name}: {figures}", flush=True)
        report[name] = figures
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(json.dumps(report, indent=2) + "\n")

    with closing(PostgresServer(durable=True)) as server, tempfile.TemporaryDirectory() as folder:
        server.start()
        engine = open_engine(settings_of(server.url()))
        migrate(engine)
        with Dashboard(Path(folder), settings_for(server)) as dashboard:
            url = dashboard.url
            keep("first_page", asyncio.run(weigh_page(url, Path(folder))))
            for people in options.people:
                digits = max(-(-options.digits // people), 6)
                keep(f"sessions_{people}", asyncio.run(time_strokes(url, people, digits)))
                if options.long_strokes:
                    long = time_long_strokes(url, people, options.long_strokes)
                    keep(f"pen_down_{people}", asyncio.run(long))
            if options.reruns:
                started = time.monotonic()
                keep("memory", asyncio.run(watch_memory(dashboard, options.reruns)))
                print(f"({time.monotonic() - started:.0f} s)")
        with engine.connect() as connection:
            kept = connection.scalar(text("SELECT count(*) FROM drawings"))
        print(f"{kept:,} drawings kept; written to {REPORT.relative_to(ROOT)}")
        engine.dispose()


def settings_for(server: PostgresServer) -> dict[str, str]:
    """Return the environment that leads the app to a server."""
    url = server.url()
    return {
        "DB_HOST": str(url.host),
        "DB_PORT": str(url.port),
        "DB_NAME": str(url.database),
        "DB_USER": str(url.username),
        "DB_PASSWORD": str(url.password),
    }


if __name__ == "__main__":
    main()

"""What heavy visitors leave of memory: `python -m benchmarks.uploads`.

The real app on an embedded store. Ten visitors at once send 60 pictures of 14 MB each, look at what
was read, and leave. Measured is the memory that the app holds before, at its highest, and after.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.browser import resident_mb
from environment import ROOT
from tests.browser.dashboard import Dashboard
from tests.streamlit.stranger import Stranger, files_state

REPORT = ROOT / "results" / "uploads_benchmark.json"
MOST_LEFT_MB = 50
SIDE_PX = 2160  # three bytes a pixel: 14 MB
PATIENCE_S = 900.0


def heavy_picture() -> bytes:
    """Return a BMP of 14 MB with a stroke on it."""
    paper = np.full((SIDE_PX, SIDE_PX, 3), 250, np.uint8)
    paper[400:1800, 1000:1100] = 20
    content = io.BytesIO()
    Image.fromarray(paper).save(content, "BMP")
    return content.getvalue()


def visit(url: str, picture: bytes, number: int) -> str:
    """Send so many pictures, have them read, and leave; return what the page said."""
    with Stranger(url, PATIENCE_S) as visitor:
        visitor.run()
        widget = visitor.find("file_uploader", "draw_files")
        files = [(f"id-{n}", f"picture {n}.bmp", len(picture)) for n in range(number)]
        for file_id, name, _ in files:
            visitor.put(file_id, name, picture, "image/bmp")
        visitor.run(files_state(widget, files))
        return " ".join(visitor.words)


def measure(visitors: int, pictures: int, rest_s: float = 3.0) -> dict[str, Any]:
    """Return the app's memory before, during and after so many visits at once."""
    picture = heavy_picture()
    with tempfile.TemporaryDirectory() as folder:
        settings = {"EMBEDDED_STORE": str(Path(folder) / "kept.sqlite3")}
        with Dashboard(Path(folder), settings) as dashboard:
            for _ in range(2):  # what every process loads once
                visit(dashboard.url, picture, 1)
            time.sleep(rest_s)
            before_mb = highest_mb = resident_mb(dashboard.pid)
            done = threading.Event()

            def watch() -> None:
                nonlocal highest_mb
                while not done.wait(0.05):
                    highest_mb = max(highest_mb, resident_mb(dashboard.pid))

            watcher = threading.Thread(target=watch)
            watcher.start()
            try:
                with ThreadPoolExecutor(visitors) as pool:
                    visits = [
                        pool.submit(visit, dashboard.url, picture, pictures)
                        for _ in range(visitors)
                    ]
                    said = [one.result() for one in visits]
            finally:
                done.set()
                watcher.join()
            time.sleep(rest_s)
            after_mb = resident_mb(dashboard.pid)
    left_mb = after_mb - before_mb
    return {
        "visitors": visitors,
        "pictures_each": pictures,
        "mb_each": round(len(picture) / 1e6, 1),
        "visitors_told_of_the_rest": sum("were not read" in words for words in said),
        "before_mb": round(before_mb, 1),
        "highest_mb": round(highest_mb, 1),
        "after_mb": round(after_mb, 1),
        "left_mb": round(left_mb, 1),
        "target_mb": MOST_LEFT_MB,
        "met": left_mb <= MOST_LEFT_MB,
    }


def main(argv: Sequence[str] | None = None) -> None:
    """Measure, print, write the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visitors", type=int, default=10, help="at once")
    parser.add_argument("--pictures", type=int, default=60, help="that each of them sends")
    options = parser.parse_args(argv)
    report: dict[str, Any] = {"machine": f"{platform.machine()}, {os.cpu_count()} cores"}
    report |= measure(options.visitors, options.pictures)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()

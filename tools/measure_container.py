r"""Measure a container from its start to its end and write results/container.json.

    python -m tools.measure_container --image-bytes N -- docker run --rm --read-only \
        --network host --env-file .env inkling

The command after `--` must start the container in the foreground and pass SIGTERM on to it, as
`docker run` does. Without Docker, an image that buildah has built and mounted at ROOT runs as

    chroot --userspec=10001:10001 ROOT env -i PATH="$PATH" PORT=8080 EMBEDDED_STORE=off \
        sh -c "cd /app && exec python run_streamlit.py --address 127.0.0.1"

and `--image-bytes` is the size that `buildah images` lists. It is healthy once `/healthz` says that
the weights are loaded. Ten browser sessions then draw five digits each. Memory is that of the
process that serves; on Linux only, and for a container of another user as root.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import ARGUMENTS, find_chromium
from tests.browser.visitor import Visitor

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "results" / "container.json"
SESSIONS = 10
DIGITS_EACH = 5
START_LIMIT_S = 120


def wait_until_healthy(url: str, container: subprocess.Popen[bytes]) -> None:
    """Return once the health check answers; RuntimeError if the container ends before."""
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        if container.poll() is not None:
            raise RuntimeError(f"the container ended with status {container.returncode}")
        try:
            with urlopen(f"{url}/healthz", timeout=1):
                return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"not healthy after {START_LIMIT_S} s")


def server() -> Path:
    """Return the folder under /proc of what serves: the youngest that runs run_streamlit.py."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
            if b"run_streamlit.py" in command and "python" in Path(os.fsdecode(command[0])).name:
                found.append((process.stat().st_ctime, process))
        except OSError:
            continue  # it has ended since
    if not found:
        raise RuntimeError("no process runs run_streamlit.py: is the container on this machine?")
    return max(found)[1]


def memory_mb(process: Path) -> dict[str, float]:
    """Return resident memory, its part that is not shared, and the highest so far, in MB."""
    lines = (process / "status").read_text() + (process / "smaps_rollup").read_text()
    kilobytes = dict(re.findall(r"^(\w+):\s+(\d+) kB$", lines, re.MULTILINE))
    private = int(kilobytes["Private_Clean"]) + int(kilobytes["Private_Dirty"])
    return {
        "resident": round(int(kilobytes["VmRSS"]) * 1024 / 1e6, 1),
        "private": round(private * 1024 / 1e6, 1),
        "peak_resident": round(int(kilobytes["VmHWM"]) * 1024 / 1e6, 1),
    }


def draw_in_ten_sessions(browser: Browser, url: str) -> None:
    """Keep ten sessions open and draw in all of them, by turns."""
    visitors = [Visitor(browser.new_context(bypass_csp=True), url) for _ in range(SESSIONS)]
    for turn in range(DIGITS_EACH):
        for number, visitor in enumerate(visitors):
            visitor.draw_digit((turn + number) % 10)
            visitor.clear()


def measure(command: Sequence[str], url: str, browser: Browser) -> dict[str, object]:
    """Run the container once; return what was measured, in seconds and MB."""
    start = time.monotonic()
    container = subprocess.Popen(command)
    try:
        wait_until_healthy(url, container)
        healthy_s = time.monotonic() - start
        Visitor(browser.new_context(bypass_csp=True), url)
        first_page_s = time.monotonic() - start
        one_session = memory_mb(server())
        draw_in_ten_sessions(browser, url)
        ten_sessions = memory_mb(server())
        end = time.monotonic()
        container.send_signal(signal.SIGTERM)
        status = container.wait(60)
        ended_s = time.monotonic() - end
    finally:
        if container.poll() is None:
            container.terminate()
            container.wait(60)
    return {
        "start_to_healthy_s": round(healthy_s, 2),
        "start_to_first_page_s": round(first_page_s, 2),
        "memory_mb_one_session": one_session,
        "memory_mb_ten_sessions": ten_sessions,
        "sigterm_to_end_s": round(ended_s, 2),
        "exit_status": status,
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and write; return the exit status."""
    parser = argparse.ArgumentParser(description="Measure a container.")
    parser.add_argument("--url", default="http://127.0.0.1:8080", help="(default: %(default)s)")
    parser.add_argument("--image-bytes", type=int, help="docker image inspect -f '{{.Size}}'")
    parser.add_argument("--note", default="", help="what to say about the machine and the image")
    parser.add_argument("command", nargs="+", help="what starts the container")
    options = parser.parse_args(argv)
    try:
        with sync_playwright() as playwright:
            program = find_chromium(playwright)
            browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
            figures = measure(options.command, options.url, browser)
    except (RuntimeError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    figures = {
        "measured": datetime.now(UTC).date().isoformat(),
        "note": options.note,
        "sessions": SESSIONS,
        "digits_each": DIGITS_EACH,
        "image_mb": round(options.image_bytes / 1e6) if options.image_bytes else None,
        **figures,
    }
    record(figures)
    print(json.dumps(figures, indent=2))
    return 0


def record(figures: Mapping[str, object]) -> None:
    """Write figures into results/container.json, in the place of older ones of their names."""
    earlier = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({**earlier, **figures}, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())

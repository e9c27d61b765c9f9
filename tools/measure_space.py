r"""Build the image of the Hugging Face Space, try it as the hub runs it, and record what was found.

    python -m tools.measure_space
    python -m tools.measure_space --builder buildah -- --pull-never
    python -m tools.measure_space --built     # once more, with the image that is there

It builds what README's commands put into a Space's repository (of the latest commit), as the hub
does; options after `--` are the builder's. The image then runs as its own user, 1000, on port
7860, in a tree that cannot be written to. A page of huggingface.co shows it in a frame, in a
Chromium that blocks third-party cookies; ten digits are drawn there and one picture is sent. The
figures go into results/container.json, under `space`.

With Docker, nothing else is needed. buildah needs root, for `chroot`; it keeps its images where
`CONTAINERS_STORAGE_CONF` says. On Linux only.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import BrowserContext, expect, sync_playwright
from playwright.sync_api import Error as BrowserError

from tests.browser.framed.hub import HubVisitor, browser_with
from tests.browser.visitor import DESKTOP
from tools.image_builders import Builder, Image, builder_of, stage
from tools.measure_container import memory_mb, record, server, wait_until_healthy

PORT = 7860
NOT_KEPT = "Drawings and answers are not kept."
# Runs inside the image, as the server's user.
INSIDE = """
import json, os
home = os.path.expanduser("~")
try:
    os.makedirs(home, exist_ok=True)
    open(os.path.join(home, "written"), "w").close()
    is_written = True
except OSError:
    is_written = False
places = [os.path.join(folder, name) for folder, folders, names in os.walk("/app")
          for name in ["", *names]]
print(json.dumps({
    "user_id": os.getuid(),
    "home": home,
    "home_can_be_written_to": is_written,
    "files_and_folders_of_app": len(places),
    "of_these_can_be_written_to": sum(os.access(place, os.W_OK) for place in places),
}))
"""


def user_of(process: Path) -> int:
    """Return the user that a process runs as, from its folder under /proc."""
    (found,) = re.findall(r"^Uid:\s+(\d+)", (process / "status").read_text(), re.MULTILINE)
    return int(found)


def permissions(builder: Builder) -> dict[str, object]:
    """Return who the image's user is, and what that user could write to."""
    run = subprocess.run(builder.python(), input=INSIDE, stdout=subprocess.PIPE, text=True)
    run.check_returncode()
    found: dict[str, object] = json.loads(run.stdout)
    return found


def work_in_frame(visitor: HubVisitor) -> dict[str, object]:
    """Draw ten digits and send a picture; return how many were read right, and what was kept."""
    expect(visitor.view.get_by_text(NOT_KEPT)).to_be_visible()
    right = 0
    for digit in range(10):
        visitor.draw_digit(digit)
        right += visitor.label.inner_text() == str(digit)
        visitor.clear()
    visitor.send_picture_of(7)
    expect(visitor.label.last).to_have_text("7")
    return {
        "digits_drawn": 10,
        "digits_read_right": right,
        "picture_sent_and_read": True,
        "the_page_says": NOT_KEPT,
        "cookies_kept": len(visitor.context.cookies()),
        "the_browsers_complaints": len(visitor.complaints),
    }


def measure(builder: Builder, image: Image, context: BrowserContext) -> dict[str, object]:
    """Run the image once; return what was found, in seconds and MB."""
    found = permissions(builder)
    start = time.monotonic()
    container = subprocess.Popen(builder.server())
    try:
        wait_until_healthy(f"http://127.0.0.1:{PORT}", container)
        healthy_s = time.monotonic() - start
        visitor = HubVisitor(context, f"http://localhost:{PORT}")
        first_page_s = time.monotonic() - start
        in_frame = work_in_frame(visitor)
        process = server()
        runs_as, memory = user_of(process), memory_mb(process)
        end = time.monotonic()
        container.send_signal(signal.SIGTERM)
        container.wait(60)
        ended_s = time.monotonic() - end
    finally:
        if container.poll() is None:
            container.terminate()
            container.wait(60)
    return {
        "image_mb": round(image.size / 1e6),
        "port": int(image.environ["PORT"]),
        "runs_as": runs_as,
        "permissions": found,
        "start_to_healthy_s": round(healthy_s, 2),
        "start_to_first_page_s": round(first_page_s, 2),
        "in_frame": in_frame,
        "memory_mb": memory,
        "sigterm_to_end_s": round(ended_s, 2),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Build, measure and record; return the exit status."""
    parser = argparse.ArgumentParser(description="Build the Space's image and try it.")
    parser.add_argument("--builder", choices=["docker", "buildah"], default="docker")
    parser.add_argument("--built", action="store_true", help="try the image of the latest build")
    parser.add_argument("--note", default="", help="what to say about the machine and the image")
    parser.add_argument("options", nargs="*", help="more for the builder")
    options = parser.parse_args(argv)
    builder = builder_of(options.builder, PORT)
    try:
        with tempfile.TemporaryDirectory() as folder:
            if not options.built:
                repository = Path(folder) / "space"
                repository.mkdir()
                stage(repository)
                builder.build(repository, options.options)
            image = builder.open()
            with (
                sync_playwright() as playwright,
                browser_with(playwright, Path(folder), **DESKTOP) as context,
            ):
                figures = measure(builder, image, context)
    except (RuntimeError, OSError, subprocess.CalledProcessError, BrowserError) as error:
        print(f"measure_space: {error}", file=sys.stderr)
        return 1
    finally:
        builder.clean()
    measured = datetime.now(UTC).date().isoformat()
    space = {"measured": measured, "note": options.note, **figures}
    record({"space": space})
    print(json.dumps(space, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())

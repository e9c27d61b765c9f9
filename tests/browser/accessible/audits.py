"""What is wrong with a page for those who see little, listen, or have large fingers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPTIONS: dict[str, Any] = {
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},  # of WCAG 2.2, which axe leaves out by itself
}
# By rule: elements of Streamlit's that it leaves no way to mend, and how they are told.
NOT_OURS = {
    # The list of a select box (React Aria's) hangs below the body, outside the page's landmarks.
    "region": ('role="listbox"',),
}
TALLEST_PX = 12_000
FOLDER = Path(__file__).parent


def violations(page: Page) -> list[str]:
    """Return what axe-core finds on the whole page, one line for each element."""
    found = []
    for rule in Axe().run(page, options=OPTIONS).response["violations"]:
        for node in rule["nodes"]:
            if not any(words in node["html"] for words in NOT_OURS.get(rule["id"], ())):
                why = node["failureSummary"].splitlines()[-1].strip()
                found.append(f"{rule['id']}: {why}: {node['target']} {node['html'][:200]}")
    return found


def faint_texts(page: Page) -> list[str]:
    """Return every text with less than 4.5:1 to what is behind it, 3:1 where it is large.

    What axe-core leaves out, too: words in charts, and those that it calls too short to be text.
    """
    found: list[str] = page.evaluate(_code("faint_texts"))
    return found


def small_targets(page: Page, least_px: int) -> list[str]:
    """Return every control that is narrower or lower than that; links within text aside."""
    found: list[str] = page.evaluate(_code("small_targets"), least_px)
    return found


def stretch(page: Page) -> None:
    """Make the window as high as the page: what is scrolled out of sight is looked at by nobody."""
    size = page.viewport_size
    assert size is not None
    for _ in range(2):  # the page may be another one then
        height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight + 80")
        page.set_viewport_size({"width": size["width"], "height": min(height, TALLEST_PX)})
        page.wait_for_timeout(300)


def _code(name: str) -> str:
    return (FOLDER / f"{name}.js").read_text(encoding="utf-8")

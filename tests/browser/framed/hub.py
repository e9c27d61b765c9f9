"""The page of another site that shows the dashboard in a frame, as huggingface.co shows a Space."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Frame, Playwright, Request, Route

from tests.browser.conftest import ARGUMENTS, find_chromium
from tests.browser.strokes import DIGITS, scaled
from tests.browser.visitor import Visitor
from tests.streamlit.drawn import png_of

HUB = "https://huggingface.co"
PAGE = """<!doctype html><html lang="en"><title>Inkling - a Space</title>
<meta name="viewport" content="width=device-width">
<style>body { margin: 0; background: Canvas; color-scheme: light dark }
  header { height: 56px } iframe { width: 100%; height: calc(100vh - 60px); border: 0 }</style>
<header>somebody / inkling</header>
<iframe src="ADDRESS" sandbox="allow-downloads allow-forms allow-modals allow-pointer-lock
  allow-popups allow-popups-to-escape-sandbox allow-same-origin allow-scripts
  allow-storage-access-by-user-activation"></iframe>"""
# Chromium's own setting "Block third-party cookies", as its file of preferences has it.
BLOCKED = {"profile": {"cookie_controls_mode": 1, "block_third_party_cookies": True}}
ALLOWED = {"profile": {"cookie_controls_mode": 0, "block_third_party_cookies": False}}


@contextmanager
def browser_with(
    playwright: Playwright, folder: Path, preferences: dict[str, Any] = BLOCKED, **device: Any
) -> Iterator[BrowserContext]:
    """Run a Chromium whose user lets no site keep anything within another's page.

    folder: for its profile. preferences: what its user has set instead. device: what the context
    is like, a phone say.
    """
    profile = folder / "profile" / "Default"
    profile.mkdir(parents=True)
    (profile / "Preferences").write_text(json.dumps(preferences))
    context = playwright.chromium.launch_persistent_context(
        profile.parent, executable_path=find_chromium(playwright), args=ARGUMENTS, **device
    )
    # The hub is a public site and the frame this machine's: Chromium would ask whether it may.
    context.grant_permissions(["local-network-access"], origin=HUB)
    yield context
    context.close()


def show_in_hub(context: BrowserContext, address: str) -> None:
    """From now on, answer the hub's pages with one that shows an address in its frame."""

    def answer(route: Route) -> None:
        route.fulfill(content_type="text/html", body=PAGE.replace("ADDRESS", address))

    context.route(f"{HUB}/**", answer)


class HubVisitor(Visitor):
    """A person at the app within the hub's page; `view` is the frame, `page` the hub's.

    Give it the app's address at `localhost`.
    """

    def opened(self) -> Frame:
        """Go to the Space's page; return its frame."""
        show_in_hub(self.context, self.url)
        self.page.goto(f"{HUB}/spaces/somebody/inkling")
        handle = self.page.locator("iframe").element_handle()
        frame = handle.content_frame()
        assert frame is not None
        return frame

    def send_picture_of(self, value: int) -> None:
        """Choose a picture of a digit, as a file of this visitor's."""
        self.view.get_by_role("tab", name="Pictures").click()
        picture = png_of(scaled(DIGITS[value], 280))
        self.view.locator("input[type=file]").set_input_files(
            {"name": f"{value}.png", "mimeType": "image/png", "buffer": picture}
        )

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith(f"{HUB}/"):
            super()._note_request(request)

"""A person at the app: draws, reads, answers, walks from page to page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Literal

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Frame,
    Locator,
    Request,
    ViewportSize,
    expect,
)

from tests.browser.strokes import DIGITS, Point, Stroke, scaled

LONG_MS = 20_000
QUESTION = ".st-key-draw_section > * > * > *:has(> .stMarkdown)"
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}
expect.set_options(timeout=LONG_MS)


class Visitor:
    """One browser session with the app open on its Draw page."""

    def __init__(
        self,
        context: BrowserContext,
        url: str,
        viewport: ViewportSize = DESKTOP["viewport"],
        color_scheme: Literal["light", "dark"] = DESKTOP["color_scheme"],
    ) -> None:
        self.context = context
        self.url = url
        self.complaints: list[str] = []
        self.is_forgiven: str | None = None  # words of complaints that the test itself causes
        self.page = context.new_page()
        self.page.set_viewport_size(viewport)
        self.page.emulate_media(color_scheme=color_scheme)
        self.page.set_default_timeout(LONG_MS)
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._note_request)
        self.view = self.opened()
        expect(self.canvas).to_be_visible()
        # The library loads its empty drawing a moment after it is seen, and would drop a stroke.
        expect(self.canvas).to_have_attribute("role", "img")

    def opened(self) -> Frame:
        """Go to the app's address; return what it is shown in, the page itself."""
        self.page.goto(self.url)
        return self.page.main_frame

    @property
    def canvas(self) -> Locator:
        return self.view.locator(".upper-canvas")

    @property
    def label(self) -> Locator:
        return self.view.get_by_test_id("label")

    @property
    def question(self) -> Locator:
        """The line that asks whether it is right, and says how the answer went."""
        return self.view.locator(QUESTION)

    def button(self, name: str) -> Locator:
        return self.view.get_by_role("button", name=name)

    def draw_digit(self, value: int) -> None:
        self.draw(DIGITS[value])

    def draw(self, strokes: Sequence[Stroke]) -> None:
        """Draw with the mouse, in a unit square, and wait until all of it was read."""
        for stroke in scaled(strokes, self.side()):
            self.draw_stroke(stroke)
        self.wait_until_read(len(strokes))

    def side(self) -> float:
        box = self.canvas.bounding_box()
        assert box is not None
        return box["width"]

    def draw_stroke(self, stroke: Stroke) -> None:
        """Draw one stroke with the mouse, in pixels of the canvas; each move takes a frame."""
        self.canvas.scroll_into_view_if_needed()
        box = self.canvas.bounding_box()
        assert box is not None
        mouse = self.page.mouse
        mouse.move(box["x"] + stroke[0][0], box["y"] + stroke[0][1])
        mouse.down()
        for x, y in stroke[1:]:
            mouse.move(box["x"] + x, box["y"] + y)
        mouse.up()

    def touch_digit(self, value: int) -> None:
        """Draw with a finger, and wait until all of it was read."""
        for stroke in scaled(DIGITS[value], self.side()):
            with self.touching(stroke):
                pass
        self.wait_until_read(len(DIGITS[value]))

    def write_digit(self, value: int) -> None:
        """Draw as this device does, and wait until all of it was read."""
        if self.has_touch:
            self.touch_digit(value)
        else:
            self.draw_digit(value)

    @property
    def has_touch(self) -> bool:
        return bool(self.view.evaluate("navigator.maxTouchPoints > 0"))

    def in_mid_stroke(self, stroke: Stroke) -> AbstractContextManager[None]:
        """Draw one stroke as this device does; inside, half of it is drawn and the pen is down."""
        return self.touching(stroke) if self.has_touch else self.pressing(stroke)

    @contextmanager
    def touching(self, stroke: Stroke) -> Iterator[None]:
        """Draw one stroke with a finger, in pixels of the canvas; inside, it is half way."""
        box = self.canvas.bounding_box()
        assert box is not None
        devtools = self.context.new_cdp_session(self.page)

        def touch(kind: str, *points: Point) -> None:
            places = [{"x": box["x"] + x, "y": box["y"] + y} for x, y in points]
            devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

        half = len(stroke) // 2
        touch("touchStart", stroke[0])
        for point in stroke[1:half]:
            touch("touchMove", point)
        yield
        for point in stroke[max(half, 1) :]:
            touch("touchMove", point)
        touch("touchEnd")
        devtools.detach()

    @contextmanager
    def pressing(self, stroke: Stroke) -> Iterator[None]:
        """Draw one stroke with the mouse, in pixels of the canvas; inside, it is half way."""
        box = self.canvas.bounding_box()
        assert box is not None
        half = len(stroke) // 2
        places = [(box["x"] + x, box["y"] + y) for x, y in stroke]
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        for place in places[1:half]:
            self.page.mouse.move(*place)
        yield
        for place in places[max(half, 1) :]:
            self.page.mouse.move(*place)
        self.page.mouse.up()

    def stroke(self, stroke: Stroke) -> None:
        """Draw one stroke as this device does, in pixels of the canvas."""
        with self.in_mid_stroke(stroke):
            pass

    def wait_until_themed(self, scheme: Literal["light", "dark"]) -> None:
        """Wait until the page has the colours of a theme."""
        self.view.wait_for_function(
            """isDark => {
              const app = document.querySelector('[data-testid=stApp]');
              const [red] = getComputedStyle(app).backgroundColor.match(/[0-9]+/g).map(Number);
              return isDark === red < 128;
            }""",
            arg=scheme == "dark",
        )

    def resize(self, width: int, height: int) -> None:
        """Change the window's size, and wait until the page has come to rest in it."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.view.wait_for_function(
            """() => {
              const places = [...document.querySelectorAll('button, canvas, h1')].map((element) => {
                const box = element.getBoundingClientRect();
                return [box.x, box.y, box.width, box.height].join();
              }).join(';');
              window.sameFor = places === window.lastPlaces ? window.sameFor + 1 : 0;
              window.lastPlaces = places;
              return window.sameFor >= 4;
            }""",
            polling=100,
        )

    def wait_until_read(self, strokes: int) -> None:
        """Wait until the script has read that many strokes, and asks about them.

        In the page, frame by frame: `expect` looks up to a second apart.
        """
        self.view.wait_for_function(
            "strokes => document.querySelector('.inkling-card')?.dataset.settled === strokes",
            arg=str(strokes),
        )

    def clear(self) -> None:
        self.button("Clear").click()
        self.view.wait_for_function("document.querySelector('.inkling-empty') !== null")

    def say_yes(self) -> None:
        """Agree with what the page says of the canvas, a refusal included."""
        self.view.locator("[class*='st-key-draw_yes_canvas'] button").click()

    def say_digit(self, value: int) -> None:
        self.view.locator(f".st-key-draw_answer_canvas_{value} button").click()

    def say_no_digit(self) -> None:
        self.button("Not a digit").click()

    def open_seeing(self) -> None:
        """Ask for what the network saw and where it looked."""
        self.view.get_by_text("What the network saw, and where it looked").click()
        expect(self.view.locator(".inkling-looked")).to_be_visible()

    def go_to(self, page: str) -> None:
        self.view.get_by_role("link", name=page, exact=True).click()
        expect(self.view.get_by_role("heading", level=1)).to_contain_text(page)

    def _note_console(self, message: ConsoleMessage) -> None:
        # Opened at a page's own address, Streamlit first looks for its server beneath that page.
        is_probe = "/_stcore/" in message.location["url"]
        is_meant = self.is_forgiven is not None and self.is_forgiven in message.text
        if message.type == "error" and not is_probe and not is_meant:
            self.complaints.append(f"console: {message.text}")

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.complaints.append(f"a request to another machine: {request.url}")

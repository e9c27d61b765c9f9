"""A person who writes: on the pad of the Draw page, by mouse or by finger."""

from __future__ import annotations

from collections.abc import Sequence

from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor

Strokes = Sequence[Sequence[Sequence[float]]]  # Quick, Draw! form, any unit
PAPER_PX = 280  # high, in its own pixels
READ = """() => {
  const pad = document.querySelector('.inkling-pad');
  return pad && pad.dataset.drawn && pad.dataset.settled === pad.dataset.drawn;
}"""


class Penman:
    """Writes on the pad of a visitor's page; recorded strokes in, strokes of a pen out."""

    def __init__(self, visitor: Visitor, mode: str = "Writing") -> None:
        self.visitor, self.page, self.view = visitor, visitor.page, visitor.view
        self.choose(mode)

    def choose(self, mode: str) -> None:
        """Choose what is drawn."""
        self.view.locator(".st-key-draw_mode").get_by_text(mode, exact=True).click()
        kind = "character" if mode == "One character" else "writing"
        expect(self.view.locator(f".inkling-pad-{kind}")).to_be_visible()

    @property
    def canvas(self) -> Locator:
        return self.view.locator(".inkling-pad-canvas")

    @property
    def text(self) -> Locator:
        return self.view.locator(".inkling-written-text")

    @property
    def letters(self) -> Locator:
        return self.view.locator("button.inkling-letter")

    @property
    def field(self) -> Locator:
        field = self.view.locator("[class*='st-key-write_text'] input")
        expect(field).to_have_count(1)  # Streamlit leaves that of the reading before for a moment
        return field

    @property
    def answered(self) -> Locator:
        return self.view.locator("[class*='st-key-write_answered']")

    def buttons(self, key: str) -> Locator:
        """The buttons whose keys begin so; one with a tooltip stands twice, and is seen once."""
        return self.view.locator(f"[class*='st-key-{key}'] button:visible")

    def yes(self) -> None:
        self.buttons("write_yes").first.click()

    def save(self, text: str) -> None:
        """Type the right text, and press Enter."""
        self.field.fill(text)
        self.field.press("Enter")
        expect(self.answered).to_contain_text("Saved")

    def write(self, strokes: Strokes, height: float = 110, left: float = 30) -> None:
        """Write so high, in pixels of the paper, and wait until all of it was read."""
        ys = [y for _, stroke in strokes for y in stroke]
        xs = [x for stroke, _ in strokes for x in stroke]
        scale = height / max(max(ys) - min(ys), 1)
        for stroke_xs, stroke_ys in strokes:
            self._draw(
                [
                    (left + (x - min(xs)) * scale, 70 + (y - min(ys)) * scale)
                    for x, y in zip(stroke_xs, stroke_ys, strict=True)
                ]
            )
        self.view.wait_for_function(READ)

    def _draw(self, points: Sequence[tuple[float, float]]) -> None:
        self.canvas.scroll_into_view_if_needed()
        box = self.canvas.bounding_box()
        assert box is not None
        scale = box["height"] / PAPER_PX
        places = [(box["x"] + x * scale, box["y"] + y * scale) for x, y in points]
        if not self.visitor.has_touch:
            mouse = self.page.mouse
            mouse.move(*places[0])
            mouse.down()
            for place in places[1:]:
                mouse.move(*place)
            mouse.up()
            return
        devtools = self.visitor.context.new_cdp_session(self.page)
        for kind, place in [("touchStart", places[0]), *(("touchMove", p) for p in places[1:])]:
            touches = [{"x": place[0], "y": place[1]}]
            devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
        devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        devtools.detach()

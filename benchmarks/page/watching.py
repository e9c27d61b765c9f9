"""What the page is asked to note of itself, as JavaScript, and what came over the network."""

from __future__ import annotations

from collections import Counter

from playwright.async_api import Page, Response

# In each page before all else: its long tasks and its layout shifts, with their times.
NOTE_SELF = """
  window.inklingTasks = []; window.inklingShifts = [];
  const note = (kind, list, value) => new PerformanceObserver((entries) => {
    for (const one of entries.getEntries()) list.push([one.startTime, one[value]]);
  }).observe({ type: kind, buffered: true });
  note("longtask", window.inklingTasks, "duration");
  note("layout-shift", window.inklingShifts, "value");
"""
# Resolves with the milliseconds from the next pointerup to a label for that many strokes, and to
# the script's own reading with its question.
TIME_STROKE = """(strokes) => { window.inklingTimed = new Promise((resolve) => {
  let ended = null, label = null;
  window.addEventListener("pointerup", () => { ended = performance.now(); look(); },
                          { capture: true, once: true });
  const look = () => {
    const read = document.querySelector("[data-testid=read]");
    if (ended === null || !read || read.dataset.strokes !== String(strokes)) return;
    label ??= performance.now() - ended;
    const card = read.closest(".inkling-card");
    const yes = document.querySelector("[class*='st-key-draw_yes_canvas']");
    const isWhole = card ? card.dataset.settled === String(strokes) : true;
    if (!isWhole || !yes || yes.dataset.stale === "true") return;
    observer.disconnect();
    resolve({ label, whole: performance.now() - ended, ended });
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { subtree: true, childList: true, attributes: true });
}); }"""
# The longest task and the sum of layout shifts since that time.
SINCE = """(since) => {
  const after = (list) => list.filter(([at]) => at >= since).map(([, value]) => value);
  const tasks = after(window.inklingTasks), shifts = after(window.inklingShifts);
  return { task: Math.max(0, ...tasks), shift: shifts.reduce((sum, one) => sum + one, 0) };
}"""


class Traffic:
    """Counts what goes between a page and the app, from when it is made."""

    def __init__(self, page: Page) -> None:
        """Watch a page that is not open yet."""
        self.counts: Counter[str] = Counter()
        page.on("websocket", self._watch_socket)
        page.on("response", self._count_response)

    def take(self) -> Counter[str]:
        """Return what was counted since the last time: messages, readings."""
        counts, self.counts = self.counts, Counter()
        return counts

    def _watch_socket(self, socket: object) -> None:
        for event in ("framesent", "framereceived"):
            socket.on(event, lambda _: self.counts.update(["messages"]))  # type: ignore[attr-defined]

    def _count_response(self, response: Response) -> None:
        if response.url.endswith("/reading") and response.ok:
            self.counts.update(["readings"])


async def bytes_loaded(page: Page, url: str, ready: str) -> int:
    """Return how many bytes a first visit takes until nothing more is asked for.

    ready: what a page that is there has, as a CSS selector.
    """
    devtools = await page.context.new_cdp_session(page)
    total = 0

    def add(event: dict[str, float]) -> None:
        nonlocal total
        total += int(event["encodedDataLength"])

    devtools.on("Network.loadingFinished", add)
    await devtools.send("Network.enable")
    await page.goto(url)
    await page.locator(ready).first.wait_for()
    await page.wait_for_timeout(3000)
    return total

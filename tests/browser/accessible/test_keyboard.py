"""Everything but drawing with the keyboard alone, and where the focus is meanwhile."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.accessible.conftest import SIZES
from tests.browser.accessible.test_pages import a_seven

pytestmark = pytest.mark.browser
MOST_TABS = 120
BOTH = pytest.mark.parametrize("size", list(SIZES))
# That no script runs, nothing of the page before is left, and the focus stays where it is.
AT_REST = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  const isDone = app?.dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-stale=true]') && document.activeElement === window.lastFocus;
  window.lastFocus = document.activeElement;
  window.restFrames = isDone ? (window.restFrames ?? 0) + 1 : 0;
  return window.restFrames > 20;
}"""
FOCUSED = """() => {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  const style = getComputedStyle(one);
  const name = one.getAttribute('aria-label') || one.innerText || one.labels?.[0]?.innerText || '';
  return { name: name.replace(/\\s+/g, ' ').trim(), tag: one.tagName,
    isControl: one.matches('a, button, summary, input, [role=tab]'),
    ring: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth) };
}"""


def focused(visitor):
    return visitor.page.evaluate(FOCUSED)


def tab_to(visitor, words, *, is_link=False):
    """Press Tab until what has the focus is called so, and return it; a link by all of its name."""
    for _ in range(MOST_TABS):
        visitor.page.keyboard.press("Tab")
        now = focused(visitor)
        is_meant = now["name"] == words if is_link else words in now["name"]
        if is_meant and now["isControl"] and (now["tag"] == "A" or not is_link):
            return now
    raise AssertionError(f"Tab never comes to {words!r}")


def come_to_rest(visitor, heading):
    """Wait until a page is there, and whatever it does with the focus is done."""
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text(heading)
    visitor.page.evaluate("window.restFrames = 0")
    visitor.page.wait_for_function(AT_REST)


def press(visitor, words, key="Enter"):
    tab_to(visitor, words)
    visitor.page.keyboard.press(key)


@BOTH
def test_every_page_is_reached_by_its_link_which_shows_the_focus(visit, shown, size):
    visitor = visit(shown, **SIZES[size])
    come_to_rest(visitor, "Draw a digit")

    for name in ("Statistics", "History", "Model", "Draw"):
        assert tab_to(visitor, name, is_link=True)["ring"] >= 2
        visitor.page.keyboard.press("Enter")
        come_to_rest(visitor, name)
        assert visitor.page.url.endswith(f"/{'' if name == 'Draw' else name.lower()}")


@BOTH
def test_a_file_is_chosen_by_its_button(visit, shown, size):
    visitor = visit(shown, **SIZES[size])
    # From the beginning: the browser is told of it on the way, and a press that comes before would
    # open a dialog of the system's, which nobody sees.
    visitor.page.on("filechooser", lambda chooser: None)
    come_to_rest(visitor, "Draw a digit")
    tab_to(visitor, "Canvas")
    visitor.page.keyboard.press("ArrowRight")
    expect(visitor.page.get_by_test_id("stFileUploaderDropzone")).to_be_visible()
    # The script has heard of it: the canvas's tools have no key of their own any more.
    expect(visitor.page.locator(".st-key-draw_tools kbd")).to_have_count(0)
    come_to_rest(visitor, "Draw a digit")

    tab_to(visitor, "Upload")
    with visitor.page.expect_file_chooser() as chooser:
        visitor.page.keyboard.press("Enter")
    chooser.value.set_files([a_seven()])

    expect(visitor.label).to_have_text("7")
    come_to_rest(visitor, "Draw a digit")
    press(visitor, "Yes, it is a 7")
    expect(visitor.page.get_by_text("Saved: it is a 7").last).to_be_visible()


def test_a_drawing_is_answered_changed_taken_back_and_left_behind(visit, shown):
    visitor = visit(shown)
    visitor.draw_digit(4)

    press(visitor, "Yes, it is a 4")
    expect(visitor.question).to_contain_text("Saved: it is a 4")
    press(visitor, "Not a digit")
    expect(visitor.question).to_contain_text("Saved: it is not a digit")
    press(visitor, "Take back")
    expect(visitor.question).to_contain_text("Is that right?")
    press(visitor, "Yes, it is a 4")
    expect(visitor.question).to_contain_text("Saved: it is a 4")
    press(visitor, "Draw another")

    expect(visitor.page.locator(".inkling-empty")).to_be_visible()


@pytest.mark.parametrize("way", ["the key N", "the button"])
def test_the_focus_is_on_the_canvas_after_draw_another(visit, shown, way):
    visitor = visit(shown)
    visitor.draw_digit(4)
    visitor.say_digit(4)
    expect(visitor.question).to_contain_text("Saved")

    if way == "the button":
        press(visitor, "Draw another")
    else:
        visitor.page.keyboard.press("n")

    expect(visitor.page.locator(".inkling-empty")).to_be_visible()
    visitor.page.wait_for_function(f"({FOCUSED})().tag === 'CANVAS'")


def test_the_focus_is_on_yes_after_an_answer_is_taken_back(visit, shown):
    visitor = visit(shown)
    visitor.draw_digit(4)
    visitor.say_digit(8)
    expect(visitor.question).to_contain_text("Saved")

    press(visitor, "Take back")

    visitor.page.wait_for_function(f"({FOCUSED})().name.includes('Yes, it is a 4')")


def test_statistics_are_filtered(visit, shown):
    visitor = visit(shown)
    visitor.go_to("Statistics")
    drawings = visitor.page.get_by_test_id("stMetricValue").first
    before = drawings.inner_text()

    visitor.page.get_by_role("combobox", name="Source").press("ArrowDown")
    expect(visitor.page.get_by_role("listbox")).to_be_visible()
    visitor.page.keyboard.press("ArrowDown")
    visitor.page.keyboard.press("Enter")

    expect(drawings).not_to_have_text(before)


def test_a_drawing_is_deleted_on_history(visit, shown):
    visitor = visit(shown)
    visitor.draw_digit(4)
    visitor.go_to("History")
    expect(visitor.page.locator(".ink-card")).to_have_count(1)

    press(visitor, "Delete this drawing")
    expect(visitor.page.get_by_role("dialog")).to_be_visible()
    press(visitor, "Delete it")

    expect(visitor.page.locator(".ink-card")).to_have_count(0)
    expect(visitor.page.get_by_text("Deleted: the drawing")).to_be_visible()
    visitor.page.wait_for_function("document.activeElement !== document.body")


def test_the_answers_and_the_tools_are_groups_with_a_name(visit, shown):
    visitor = visit(shown)
    visitor.draw_digit(4)

    answers = visitor.page.get_by_role("group", name="What else it may be")
    expect(answers.get_by_role("button", name="Not a digit")).to_be_visible()
    tools = visitor.page.get_by_role("group", name="Tools for the drawing")
    expect(tools.get_by_role("button", name="Undo")).to_be_visible()


def test_what_was_saved_or_deleted_is_said_aloud_on_every_page(visit, shown):
    visitor = visit(shown)
    visitor.draw_digit(4)
    visitor.say_yes()
    expect(visitor.page.get_by_role("status").filter(has_text="Saved: it is a 4")).to_have_count(1)

    visitor.go_to("History")
    visitor.page.get_by_role("button", name="Change", exact=True).click()
    dialog = visitor.page.get_by_role("dialog")
    dialog.get_by_role("button", name="9", exact=True).click()

    said = visitor.page.locator("[role=status], [role=alert], [role=alertdialog], [aria-live]")
    expect(said.filter(has_text="Saved: it is a 9").first).to_be_visible()

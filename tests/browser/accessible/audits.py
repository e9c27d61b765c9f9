"""What is wrong with a page for those who see little, listen, or have large fingers."""

from __future__ import annotations

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

_TEXTS = r"""() => {
  const parse = (words) => {
    const parts = (words.match(/[\d.]+(?:e-?\d+)?/g) || []).map(Number);
    if (words.startsWith("color(srgb")) return [...parts.slice(0, 3).map((x) => 255 * x), parts[3] ?? 1];
    return [...parts.slice(0, 3), parts[3] ?? 1];
  };
  const over = (top, below) => below.map((x, n) => top[n] * top[3] + x * (1 - top[3])).slice(0, 3);
  const light = (rgb) => {
    const [r, g, b] = rgb.map((x) => x / 255)
      .map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const found = [];
  const walk = (root) => {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const elements = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT);
    while (elements.nextNode())
      if (elements.currentNode.shadowRoot) walk(elements.currentNode.shadowRoot);
    while (texts.nextNode()) look(texts.currentNode);
  };
  const look = (text) => {
    const element = text.parentElement;
    if (!text.data.trim() || !element || element.closest("style, script, noscript, title, desc")) return;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return;
    if (element.closest(":disabled, [aria-disabled=true], [data-disabled]")) return;
    const range = document.createRange();
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) return;
    const style = getComputedStyle(element);
    const isDrawn = element.closest("svg") !== null;
    const layers = [];
    let opacity = 1;
    for (let up = element; ; up = up.parentElement ?? up.getRootNode().host) {
      if (!up || up === document) break;
      const its = getComputedStyle(up);
      if (its.clipPath.startsWith("inset(50%")) return; // for those who listen
      if (its.backgroundImage !== "none" && its.backgroundImage.includes("url(")) return;
      opacity *= Number(its.opacity);
      const back = parse(its.backgroundColor);
      if (back[3] > 0) layers.unshift(back);
      if (back[3] >= 0.999) break;
    }
    const ground = layers.reduce((below, layer) => over(layer, below), [255, 255, 255]);
    const ink = parse(isDrawn ? style.fill : style.color);
    ink[3] *= opacity;
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const isIcon = /Material/.test(style.fontFamily);
    const needed = isLarge || isIcon ? 3 : 4.5;
    const has = ratio(over(ink, ground), ground);
    if (has < needed) found.push(`${has.toFixed(2)} ${text.data.trim().slice(0, 40)} <${element.tagName} ${element.className.baseVal ?? element.className}> in ${element.closest("[class*=st-key-], [data-testid]")?.dataset.testid}`);
  };
  walk(document.body);
  return [...new Set(found)];
}"""

_TARGETS = """(least) => {
  const kinds = 'button, a[href], summary, input:not([type=hidden]), select, textarea, '
    + '[role=tab], [role=button], [role=radio], [role=option], [role=combobox]';
  const found = [];
  for (const one of document.querySelectorAll(kinds)) {
    if (!one.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (one.disabled || one.closest('[aria-hidden=true], [inert]')) continue;
    // In a line of text a link is as high as the line; a field's frame is what takes the finger.
    if (one.matches('a') && one.closest('p, li, [data-testid=stHeadingWithActionElements]')) continue;
    const frame = one.matches('input, [role=combobox], [role=spinbutton]')
      ? one.closest('[data-baseweb=input], [data-rac], label, [data-testid=stTextInputRootElement]') ?? one : one;
    const box = frame.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    const clip = getComputedStyle(frame).clipPath + getComputedStyle(frame).clip;
    if (/inset\\(50%|rect\\(0px/.test(clip)) continue;
    if (box.height < least || box.width < least)
      found.push(`${box.width.toFixed(0)} x ${box.height.toFixed(0)} ${one.tagName} `
        + `${(one.getAttribute('aria-label') || one.innerText || '').trim().slice(0, 40)} `
        + `${one.dataset.testid || one.className}`);
  }
  return [...new Set(found)];
}"""


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
    found: list[str] = page.evaluate(_TEXTS)
    return found


def small_targets(page: Page, least_px: int) -> list[str]:
    """Return every control that is narrower or lower than that; links within text aside."""
    found: list[str] = page.evaluate(_TARGETS, least_px)
    return found


def stretch(page: Page) -> None:
    """Make the window as high as the page: what is scrolled out of sight is looked at by nobody."""
    size = page.viewport_size
    assert size is not None
    for _ in range(2):  # the page may be another one then
        height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight + 80")
        page.set_viewport_size({"width": size["width"], "height": min(height, TALLEST_PX)})
        page.wait_for_timeout(300)

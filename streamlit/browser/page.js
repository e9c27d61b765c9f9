// What Streamlit's elements lack for those who listen to the page, or walk it by the keyboard: names
// and roles of groups, which of our own links is the current page, and a focus that is not lost with
// the button that had it.
const NAMED = [
  [".st-key-draw_tools", "group", "Tools for the drawing"],
  ['[class*="st-key-draw_answers_"]', "group", "What else it may be"],
  ['[class*="st-key-history_digits_"]', "group", "What it is"],
  [".st-key-shell_pages", "navigation", "Pages"],
  // It says that it is for looks only, and has a name and a focus all the same.
  ['[data-testid="stFileUploaderDropzone"]', "group", null],
];
// By where the lost focus was: what has it next, the first of these that is there.
const NEXT = [
  [".st-key-draw_section", ['[class*="st-key-draw_yes_canvas"] button', "canvas"]],
  ['[class*="st-key-draw_answers_"], [class*="st-key-draw_take_back"]', ['[class*="st-key-draw_yes_"] button']],
  // The paper, not "Draw another": an Enter too many would wipe it.
  ['[class*="st-key-write_section_"]', [".inkling-pad-canvas"]],
  [".st-key-forget_choice", [".st-key-forget button"]],
  [".st-key-forget", [".st-key-forget_choice button"]],
  [".st-key-history_cards", [".st-key-history_cards button"]],
];
const TABLES_AFTER_MS = [500, 2500]; // a table is laid out some time after its script has run
const LOOK_EVERY_MS = 60;
const PATIENCE_MS = 5000; // for the page to have changed after what was pressed

const isSeen = (element) =>
  element.isConnected && !element.disabled && element.checkVisibility({ visibilityProperty: true });
const canvas = () =>
  document.querySelector('.st-key-draw_section [data-testid="stBidiComponentIsolated"]')?.shadowRoot
    ?.querySelector(".upper-canvas");
const find = (selector) =>
  selector === "canvas" ? canvas() : [...document.querySelectorAll(selector)].find(isSeen);

function name() {
  for (const [selector, role, words] of NAMED)
    for (const one of document.querySelectorAll(selector)) {
      // Only what differs: each attribute that is set costs the page its styles.
      if (one.getAttribute("role") !== role) one.setAttribute("role", role);
      if (words && one.getAttribute("aria-label") !== words) one.setAttribute("aria-label", words);
    }
  // Relative to the app's base, which its first page's link is: empty, and no other's end.
  const here = location.pathname.split("/").pop();
  const links = [...document.querySelectorAll(".st-key-shell_pages a")];
  const current =
    links.find((link) => link.getAttribute("href") === here) ??
    links.find((link) => !link.getAttribute("href"));
  for (const link of links) {
    const says = link === current ? "page" : null;
    if (link.getAttribute("aria-current") === says) continue;
    if (says) link.setAttribute("aria-current", says);
    else link.removeAttribute("aria-current");
  }
}

function reachTables() {
  // What scrolls sideways is to be reached by the keyboard; what fits is no stop on the way.
  for (const room of document.querySelectorAll(".stTable > div")) {
    const isWide = room.scrollWidth > room.clientWidth;
    if (isWide === room.hasAttribute("tabindex")) continue;
    const says = { tabindex: "0", role: "group", "aria-label": "A table that scrolls sideways" };
    for (const [key, value] of Object.entries(says))
      if (isWide) room.setAttribute(key, value);
      else room.removeAttribute(key);
  }
}

function catchFocus() {
  let last = null; // what had the focus, and where it stood
  let until = 0;
  let isLooking = false;
  const places = (element) => NEXT.filter(([place]) => element.closest(place)).map(([, next]) => next);
  const look = () => {
    isLooking = performance.now() < until;
    if (!isLooking) return;
    setTimeout(look, LOOK_EVERY_MS); // frame by frame, the page would be drawn for nothing
    const active = document.activeElement;
    if (!last || (active && active !== document.body)) return;
    // Of a component's own elements only the component is known here.
    if (isSeen(last.element) && !last.element.shadowRoot) return;
    const next = [...last.next.flat(), "h1"].map(find).find(Boolean);
    if (next && next.tabIndex < 0) next.setAttribute("tabindex", "-1");
    next?.focus({ preventScroll: true });
  };
  const begin = () => {
    until = performance.now() + PATIENCE_MS;
    if (!isLooking) setTimeout(look, LOOK_EVERY_MS);
    isLooking = true;
  };
  const stop = new AbortController();
  const on = (kind, hear) =>
    window.addEventListener(kind, hear, { capture: true, signal: stop.signal });
  on("focusin", ({ target }) => {
    last = target.closest ? { element: target, next: places(target) } : null;
  });
  on("click", begin);
  on("keydown", begin);
  return () => stop.abort();
}

export default function () {
  const app = document.querySelector('[data-testid="stApp"]');
  const all = () => (name(), reachTables());
  const later = () => {
    requestAnimationFrame(() => requestAnimationFrame(all));
    for (const ms of TABLES_AFTER_MS) setTimeout(reachTables, ms);
  };
  // Its attribute changes whenever a script has run, for the page or for a part of it.
  const watcher = new MutationObserver(later);
  if (app) watcher.observe(app, { attributes: true, attributeFilter: ["data-test-script-state"] });
  all();
  later();
  window.addEventListener("resize", later);
  const stop = catchFocus();
  return () => (watcher.disconnect(), window.removeEventListener("resize", later), stop());
}

// Keys that answer, undo and clear. They are heard before the page's own shortcuts, which know
// neither that the pen is down nor that a menu is open.
const FIELDS = "input, textarea, select, [contenteditable=true], [role=textbox], [role=combobox]";
const MENUS =
  "[data-testid=stPopoverBody], [role=dialog], [role=menu], [role=listbox], [data-testid=stMainMenuPopover]";
const TOGETHER_MS = 1000; // two digits within this are a number, and not an answer
const PATIENCE_MS = 3000; // for a button that an answer brings

const nameOf = (event) => {
  if (event.altKey || event.isComposing || !event.key) return null;
  const key = event.key.toLowerCase();
  if (!event.ctrlKey && !event.metaKey) return key;
  return `ctrl+${event.shiftKey ? "shift+" : ""}${key}`;
};
const buttonOf = (key) => {
  const buttons = document.querySelectorAll(`[class*="st-key-${key}"] button`);
  return [...buttons].find((one) => !one.disabled && one.checkVisibility({ visibilityProperty: true }));
};

// keys(): by the key's name, how its button's own begins; null while this part of the page is
// hidden. isDrawing(): whether the pen is down. say(words): shows why nothing was done, or nothing.
// Returns stop, and flush, which answers what has only been typed so far.
export function followKeys({ keys, words, isDrawing, say }) {
  const stop = new AbortController();
  let typed = null; // a digit, until it is clear that it is alone
  let silentUntil = 0;

  const press = (button, begun = performance.now()) => {
    const found = buttonOf(button);
    if (found) found.click();
    else if (performance.now() - begun < PATIENCE_MS)
      requestAnimationFrame(() => press(button, begun));
  };
  const drop = () => {
    clearTimeout(typed?.timer);
    typed = null;
  };
  const flush = () => {
    if (!typed) return;
    const { button } = typed;
    drop();
    say(null);
    buttonOf(button)?.click();
  };
  const answer = (name, button) => {
    if (!buttonOf(button)) return; // nothing to answer
    const now = performance.now();
    if (typed || now < silentUntil) {
      drop();
      silentUntil = now + TOGETHER_MS;
      say(words().several);
      return;
    }
    if (!/^\d$/.test(name)) return press(button);
    typed = { button, timer: setTimeout(flush, TOGETHER_MS) };
    say(words().typed.replace("{}", name));
  };
  const hear = (event) => {
    const name = nameOf(event);
    const button = keys()?.[name];
    if (!button || event.target.closest?.(FIELDS)) return;
    event.stopImmediatePropagation();
    if ([...document.querySelectorAll(MENUS)].some((one) => one.checkVisibility())) return;
    event.preventDefault();
    const isAnswer = /^[0-9xy]$/.test(name);
    if (event.repeat || (isDrawing() && (isAnswer || name === "n"))) return;
    if (isAnswer) return answer(name, button);
    if (name === "n" && typed) {
      flush();
      press(button);
    } else {
      if (typed) say(null);
      drop();
      buttonOf(button)?.click();
    }
  };
  const on = (kind, hear) =>
    window.addEventListener(kind, hear, { capture: true, signal: stop.signal });
  on("keydown", hear);
  on("pointerdown", flush);
  on("pagehide", flush);
  return { flush, stop: () => (drop(), stop.abort()) };
}

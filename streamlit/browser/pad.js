// The pad that writing is drawn on: a wide paper, its tools, and what was read from it. Strokes live
// here; the script is told of all of them whenever one ends, and says what it read.
import { makePaper } from "./pad_paper.js";
import { makeTools } from "./pad_tools.js";
import { makeWritten } from "./written.js";

const STORE = "inkling.writing"; // the tab's own: a reload finds the drawing there
const FIELDS = "input, textarea, select, [contenteditable=true], [role=textbox], [role=combobox]";
const PRESSED = "button, a, summary, [role=tab], [role=radio]";
const MENUS =
  "[data-testid=stPopoverBody], [role=dialog], [role=menu], [role=listbox], [data-testid=stMainMenuPopover]";
const WIDTHS = { Fine: 0.6, Medium: 1, Broad: 1.5 };

const recall = (kind) => {
  try {
    return JSON.parse(sessionStorage.getItem(`${STORE}.${kind}`));
  } catch {
    return null; // no storage, or not ours
  }
};
const remember = (kind, drawing) => {
  try {
    if (drawing.strokes.length) sessionStorage.setItem(`${STORE}.${kind}`, JSON.stringify(drawing));
    else sessionStorage.removeItem(`${STORE}.${kind}`);
  } catch {
    // Full, or forbidden: then a reload forgets the drawing.
  }
};
const seen = (selector) =>
  [...document.querySelectorAll(selector)].find(
    (one) => !one.disabled && one.checkVisibility({ visibilityProperty: true }),
  );

const isAhead = (own, laid) =>
  laid.length > 0 &&
  own.length > laid.length &&
  JSON.stringify(own.slice(0, laid.length)) === JSON.stringify(laid);

const states = new WeakMap(); // by element: the function below runs anew when its data change

function makeState(parent, first, { setStateValue, setTriggerValue }) {
  let data = first;
  let strokes = [];
  let undone = [];
  let sent = 0; // drawings that the script was told of
  let turn = null; // of the strokes that the script has laid
  const root = document.createElement("div");
  root.className = `inkling-pad inkling-pad-${first.kind}`;
  parent.append(root);

  const setTools = () =>
    tools.grey({
      undo: !strokes.length && !data.isAnswered,
      redo: !undone.length,
      clear: !strokes.length,
      boxes: !data.shown.rows.length || data.kind !== "writing",
    });
  const keep = () => {
    const { drawing } = data;
    const isNew = data.isAnswered;
    remember(data.kind, { strokes: isNew ? [] : strokes, ...drawing });
  };
  const tell = () => {
    sent += 1;
    paper.show(strokes);
    setTools();
    keep();
    root.dataset.drawn = strokes.length;
    setStateValue("drawing", { strokes, number: sent, turn });
  };
  const begin = () => {
    if (data.isAnswered) {
      strokes = []; // the next drawing begins on a clean sheet
      undone = [];
      data.isAnswered = false;
      paper.show(strokes);
    }
  };
  const acts = {
    undo() {
      if (data.isAnswered) setTriggerValue("back", sent);
      else if (strokes.length) {
        undone.push(strokes.at(-1));
        strokes = strokes.slice(0, -1);
        tell();
      }
    },
    redo() {
      if (!undone.length) return;
      strokes = [...strokes, undone.pop()];
      tell();
    },
    clear() {
      strokes = [];
      undone = [];
      data.isAnswered = false;
      paper.goTo(0);
      tell();
    },
    boxes: () => written.toggleBoxes(),
  };
  const tools = makeTools(acts, Object.keys(WIDTHS), data);
  const paper = makePaper({
    size: [data.width, data.height],
    label: data.label,
    pen: () => data.pen * WIDTHS[tools.width()],
    begin,
    end(stroke) {
      undone = [];
      strokes = [...strokes, stroke];
      tell();
    },
    pan: (isNeeded) => tools.showPan(isNeeded),
  });
  tools.onPan((by) => paper.pan(by));
  const written = makeWritten({
    paper,
    choose: (place) => setTriggerValue("chosen", { place, at: performance.now() }),
  });
  root.append(paper.element, tools.element, written.element);

  const typed = (event) => {
    if (!data.hasKeys || event.isComposing || event.altKey || !event.key) return;
    if (event.target.closest?.(FIELDS)) return;
    if ([...document.querySelectorAll(MENUS)].some((one) => one.checkVisibility())) return;
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      const name = { z: event.shiftKey ? "redo" : "undo", y: "redo" }[key];
      if (!name) return;
      event.preventDefault();
      acts[name]();
    } else if (key === "backspace") {
      event.preventDefault();
      acts.clear();
    } else if (key === "enter") {
      if (event.target.closest?.(PRESSED)) return;
      const yes = seen('[class*="st-key-write_yes"] button');
      if (yes) event.preventDefault();
      yes?.click();
    } else if (/^[0-9a-z]$/.test(key) && !event.repeat && !paper.isDrawing()) {
      if (data.isAnswered || !data.shown.rows.length) return;
      if (data.kind === "character") {
        event.preventDefault();
        setTriggerValue("typed", { key: event.key, at: performance.now() });
        return;
      }
      // The field takes the key itself, in place of what it holds.
      const field = seen('[class*="st-key-write_text"] input');
      field?.focus();
      field?.select();
    }
  };
  window.addEventListener("keydown", typed, { capture: true });

  const hear = (news) => {
    data = news;
    // An answer to a drawing that is gone from the paper since says nothing of the next one.
    if (news.number < sent) data.isAnswered = false;
    if (turn !== news.turn) {
      const isFirst = turn === null;
      turn = news.turn;
      // Laid while the next stroke was on its way: what was drawn since is told once more.
      if (isAhead(strokes, news.strokes)) return tell();
      strokes = news.strokes;
      undone = [];
      const held = isFirst && !strokes.length ? recall(news.kind) : null;
      if (held?.strokes?.length) setTriggerValue("held", held);
    }
    paper.show(strokes);
    written.show(news, strokes);
    root.dataset.settled = news.read;
    setTools();
    keep();
  };
  hear(first);
  return {
    hear,
    stop() {
      window.removeEventListener("keydown", typed, { capture: true });
      paper.stop();
    },
  };
}

export default function (component) {
  const { data, parentElement } = component;
  const known = states.get(parentElement);
  if (known) known.hear(data);
  else states.set(parentElement, makeState(parentElement, data, component));
  return () => {
    states.get(parentElement)?.stop();
    states.delete(parentElement);
    parentElement.replaceChildren();
  };
}

// Shows one reading: label, confidence and a bar for each class. It is told all words.
const make = (kind, className, words) => {
  const element = document.createElement(kind);
  element.className = className;
  if (words !== undefined) element.textContent = words;
  return element;
};

const label = (words, isFirst) => {
  const element = make("div", "inkling-label", words);
  if (isFirst) {
    element.dataset.testid = "label";
    element.setAttribute("role", "img");
    element.setAttribute("aria-label", words === "…" ? "No one digit" : `I read ${words}`);
  }
  return element;
};

const line = (className, words) => {
  const element = make("div", className, words);
  element.dataset.testid = "confidence";
  return element;
};

const choice = (shown) => {
  const parts = make("div", "inkling-choice");
  shown.candidates.forEach(([name, share], place) => {
    if (place) parts.append(make("div", "inkling-or", "or"));
    const one = make("div", "inkling-candidate");
    one.append(label(name, place === 0), make("div", "inkling-note", share));
    parts.append(one);
  });
  parts.append(make("div", "inkling-or", "?"));
  return parts;
};

const refusal = (shown) => {
  const words = make("div", "inkling-refusal", shown.line);
  words.dataset.testid = "confidence";
  const parts = make("div", "inkling-verdict inkling-doubt");
  if (shown.label) parts.append(label(shown.label, true));
  parts.append(words);
  return parts;
};

const verdict = (shown, isLive) => {
  const parts = make("div", isLive ? "inkling-verdict inkling-live" : "inkling-verdict");
  if (shown.kind === "refused" && !isLive) parts.append(refusal(shown));
  else if (shown.kind === "open" && !isLive) {
    const both = make("div", "");
    both.append(choice(shown), line("inkling-sure-line", shown.line));
    parts.append(both);
  } else {
    // While the pen moves the layout stays the same, whatever is read.
    const words = shown.kind === "sure" ? shown.line : "…";
    parts.append(label(shown.label || "…", true), line("inkling-sure-line", words));
  }
  return parts;
};

const makeBars = (count) => {
  const bars = make("div", "inkling-bars");
  bars.setAttribute("role", "img");
  for (let number = 0; number < count; number++) {
    const bar = make("div", "inkling-bar");
    const room = make("div", "inkling-bar-room");
    room.append(make("div", "inkling-bar-fill"));
    bar.append(make("div", "inkling-bar-share"), room, make("div", "inkling-bar-name"));
    bars.append(bar);
  }
  return bars;
};

const setBars = (bars, shown) => {
  bars.setAttribute("aria-label", shown.barsSpoken);
  shown.bars.forEach(([name, share, words], place) => {
    const [top, room, bottom] = bars.children[place].children;
    bars.children[place].classList.toggle("inkling-bar-read", name === shown.label);
    bars.children[place].style.setProperty("--share", share);
    top.textContent = words;
    room.firstChild.style.transform = `scaleY(${share})`;
    bottom.textContent = name;
  });
};

// isSmall: one of several on the page. Returns show(shown, {strokes, isLive, isTrue}), strokes: how
// many ended ones it was read from; and say(words), which stand beside what was read until others do.
export function makeCard(parent, isSmall) {
  const root = make("div", isSmall ? "inkling-card inkling-small" : "inkling-card");
  const spoken = make("div", "inkling-spoken");
  spoken.setAttribute("role", "status");
  const place = make("div", "inkling-place");
  const question = make("div", "inkling-question");
  const aside = make("div", "inkling-aside");
  aside.setAttribute("role", "status");
  let bars = null;
  root.append(place, question, spoken, aside);
  parent.append(root);
  const say = (words) => {
    aside.textContent = words ?? "";
  };
  const show = (shown, { strokes, isLive = false, isTrue = false }) => {
    const hasBars = shown.bars !== undefined;
    question.textContent = isTrue && shown.question ? shown.question : "";
    if (hasBars) {
      if (!bars) bars = makeBars(shown.bars.length);
      setBars(bars, shown);
      const read = make("div", "inkling-read");
      read.dataset.testid = "read";
      read.append(verdict(shown, isLive));
      if (bars.parentNode === place) place.firstChild.replaceWith(read);
      else place.replaceChildren(read, bars);
      read.dataset.strokes = strokes;
    } else {
      place.replaceChildren(make("div", `inkling-${shown.kind}`, shown.line));
    }
    if (!isTrue) return;
    root.dataset.settled = strokes;
    // Said once a stroke, and only what is new: a screen reader is not to follow the pen.
    if (spoken.textContent !== shown.spoken) spoken.textContent = shown.spoken;
  };
  return { show, say };
}

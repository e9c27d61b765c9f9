// What was read: each character in the colour of its certainty, and over the drawing its box and the
// heat of where the network looked. It is told all words.
const SVG = "http://www.w3.org/2000/svg";

const make = (kind, className, words) => {
  const element = document.createElement(kind);
  element.className = className;
  if (words !== undefined) element.textContent = words;
  return element;
};
const draw = (kind, attributes) => {
  const element = document.createElementNS(SVG, kind);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

export function makeWritten({ paper, choose }) {
  const element = make("div", "inkling-written");
  const text = make("div", "inkling-written-text");
  text.setAttribute("role", "group");
  text.setAttribute("aria-label", "What I read: choose a character to see more of it");
  const line = make("div", "inkling-written-line");
  line.dataset.testid = "confidence";
  const spoken = make("div", "inkling-spoken");
  spoken.setAttribute("role", "status");
  element.append(text, line, spoken);
  let hasBoxes = false;
  let data = null;

  const button = (character, chosen) => {
    const one = make("button", `inkling-letter inkling-${character.level}`, character.text);
    one.type = "button";
    one.dataset.place = character.place;
    one.setAttribute("aria-label", character.words);
    one.setAttribute("aria-pressed", character.place === chosen);
    one.title = character.words;
    one.addEventListener("click", () => choose(character.place === data.chosen ? null : character.place));
    return one;
  };
  const showText = () => {
    const had = element.contains(document.activeElement)
      ? document.activeElement.dataset.place
      : null;
    const rows = data.shown.rows.map((row) => {
      const shown = make("div", "inkling-written-row");
      let word = make("span", "inkling-word");
      for (const character of row) {
        if (character.place === null) {
          shown.append(word, make("span", "inkling-blank", " "));
          word = make("span", "inkling-word");
        } else word.append(button(character, data.chosen));
      }
      shown.append(word);
      return shown;
    });
    text.replaceChildren(...rows);
    text.hidden = !rows.length;
    if (had !== null) text.querySelector(`[data-place="${had}"]`)?.focus();
  };
  const showOver = () => {
    paper.over.replaceChildren();
    for (const { address, box } of data.heat ?? []) {
      const [left, top, right, bottom] = box;
      const size = { x: left, y: top, width: right - left, height: bottom - top };
      paper.over.append(
        draw("image", { ...size, href: address, preserveAspectRatio: "none", class: "inkling-heat" }),
      );
    }
    for (const { place, box, level, text: label } of data.shown.rows.flat()) {
      if (place === null || !(hasBoxes || place === data.chosen)) continue;
      const [left, top, right, bottom] = box;
      const size = { x: left - 5, y: top - 5, width: right - left + 10, height: bottom - top + 10 };
      paper.over.append(draw("rect", { ...size, rx: 5, class: `inkling-box inkling-box-${level}` }));
      if (!hasBoxes) continue;
      const name = draw("text", { x: left - 2, y: Math.max(top - 9, 12), class: "inkling-box-name" });
      name.textContent = label;
      paper.over.append(name);
    }
  };
  return {
    element,
    toggleBoxes() {
      hasBoxes = !hasBoxes;
      showOver();
      return hasBoxes;
    },
    show(news) {
      data = news;
      element.dataset.kind = news.shown.kind;
      line.textContent = news.shown.line;
      showText();
      if (!paper.isDrawing()) showOver();
      // Said once a stroke, and only what is new.
      if (spoken.textContent !== news.shown.spoken) spoken.textContent = news.shown.spoken;
    },
  };
}

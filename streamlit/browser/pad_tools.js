// The tools beside the pad: symbols to see, words for those who listen.
const SYMBOLS = {
  undo: ["undo", "Undo (Ctrl+Z)"],
  redo: ["redo", "Redo (Ctrl+Y)"],
  clear: ["delete", "Clear (Backspace)"],
  boxes: ["select_all", "Show the box of each character"],
  left: ["chevron_left", "Move the paper back"],
  right: ["chevron_right", "Move the paper on"],
};

const makeButton = (name, act) => {
  const [symbol, words] = SYMBOLS[name];
  const button = document.createElement("button");
  button.type = "button";
  button.className = `inkling-tool inkling-tool-${name}`;
  button.title = words;
  button.setAttribute("aria-label", words.replace(/ \(.*/, ""));
  const icon = document.createElement("span");
  icon.className = "inkling-symbol";
  icon.setAttribute("aria-hidden", "true");
  icon.textContent = symbol;
  button.append(icon);
  button.addEventListener("click", act);
  return button;
};

export function makeTools(acts, widths, { kind }) {
  const element = document.createElement("div");
  element.className = "inkling-tools";
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", "Tools for the drawing");
  let move = () => {};
  const buttons = {};
  for (const name of ["undo", "redo", "clear"]) buttons[name] = makeButton(name, acts[name]);
  const pen = document.createElement("select");
  pen.className = "inkling-tool inkling-tool-pen";
  pen.setAttribute("aria-label", "Width of the pen");
  const isNarrow = matchMedia("(max-width: 640px)").matches;
  for (const name of widths) pen.add(new Option(isNarrow ? name : `${name} pen`, name));
  pen.value = "Medium";
  buttons.boxes = makeButton("boxes", (event) => {
    const isOn = acts.boxes();
    event.currentTarget.setAttribute("aria-pressed", isOn);
  });
  buttons.boxes.setAttribute("aria-pressed", "false");
  buttons.left = makeButton("left", () => move(-0.6));
  buttons.right = makeButton("right", () => move(0.6));
  element.append(buttons.undo, buttons.redo, buttons.clear, pen);
  if (kind === "writing") element.append(buttons.boxes, buttons.left, buttons.right);
  const showPan = (isNeeded) => {
    buttons.left.hidden = buttons.right.hidden = !isNeeded;
  };
  showPan(false);
  return {
    element,
    width: () => pen.value,
    grey(isIdle) {
      for (const [name, is] of Object.entries(isIdle)) buttons[name].disabled = is;
    },
    onPan(moves) {
      move = moves;
    },
    showPan,
  };
}

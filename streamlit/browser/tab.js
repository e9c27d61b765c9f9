// The drawing in the tab's own storage: a reload, another page and a server that starts again find
// it there. No other tab and no later visit does.
const KEY = "inkling.drawing";

export const recall = () => {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null; // no storage, or not ours
  }
};
export const remember = (drawing) => {
  try {
    if (drawing.strokes.length) sessionStorage.setItem(KEY, JSON.stringify(drawing));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Full, or forbidden: then a reload forgets the drawing.
  }
};

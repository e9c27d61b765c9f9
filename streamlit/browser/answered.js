// An answered drawing, shown over the canvas, which is empty again below it: the next pen that comes
// down begins a clean sheet at once.
const SVG = "http://www.w3.org/2000/svg";

const pathOf = ({ x, y }) => {
  let path = `M${x[0]} ${y[0]}`;
  for (let n = 1; n < x.length - 1; n++)
    path += `Q${x[n]} ${y[n]} ${(x[n] + x[n + 1]) / 2} ${(y[n] + y[n + 1]) / 2}`;
  return `${path}L${x.at(-1)} ${y.at(-1)}`; // of one point: a dot
};

// section: the key of a container around the canvas. Returns show(strokes), in px of a canvas that
// is `side` px wide; none take the picture away.
export function makeAnswered(section, side) {
  let picture = null;
  return (strokes) => {
    picture?.remove();
    picture = null;
    const host = document.querySelector(
      `.st-key-${section} [data-testid="stBidiComponentIsolated"]`,
    );
    const paper = strokes.length && host?.shadowRoot?.querySelector(".dc-container");
    if (!paper) return;
    picture = document.createElementNS(SVG, "svg");
    picture.setAttribute("class", "inkling-answered");
    picture.setAttribute("viewBox", `0 0 ${side} ${side}`);
    picture.setAttribute("aria-hidden", "true");
    for (const stroke of strokes) {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("d", pathOf(stroke));
      path.setAttribute("stroke-width", stroke.pen);
      picture.append(path);
    }
    paper.append(picture);
  };
}

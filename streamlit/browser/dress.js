// Dresses the canvas of streamlit-drawable-canvas, which lives in a shadow root of its own: no second
// toolbar, rounded corners, a name for those who do not see it, as large as its place on the page,
// and the theme's colours. Those are a filter: told of other colours, the library would load anew
// what it was given last, and lose what was drawn since.
const CSS = `
  .dc-toolbar { display: none !important; }
  .dc-canvas { outline: none !important; }
  .dc-root { width: 100% !important; }
  .dc-scroll { overflow: hidden !important; border-radius: 12px; }
  .dc-container, .canvas-container, canvas {
    width: 100% !important; height: auto !important; aspect-ratio: 1; }
  canvas, .inkling-answered { filter: var(--inkling-canvas, none); }
  .upper-canvas { cursor: crosshair; touch-action: none; }
  .upper-canvas:focus-visible { outline: 2px solid var(--inkling-accent); outline-offset: -5px; }
  .inkling-answered { position: absolute; inset: 0; z-index: 30; width: 100%; height: 100%;
    pointer-events: none; fill: none; stroke: #1f2340; stroke-linecap: round;
    stroke-linejoin: round; }
`;

function findRoot(section) {
  const host = document.querySelector(`.st-key-${section} [data-testid="stBidiComponentIsolated"]`);
  return host && host.shadowRoot && host.shadowRoot.querySelector(".dc-root") && host.shadowRoot;
}

function dress(root) {
  if (root.querySelector("style.inkling")) return;
  const style = document.createElement("style");
  style.className = "inkling";
  style.textContent = CSS;
  root.appendChild(style);
  const paper = root.querySelector(".upper-canvas");
  paper.setAttribute("role", "img");
  paper.tabIndex = -1; // for the focus that a button had which is gone
  paper.setAttribute("aria-label", "Canvas: draw one digit here, with mouse, finger or pen");
}

export default function (component) {
  let tries = 0;
  const attempt = () => {
    const root = findRoot(component.data.section);
    if (root) dress(root);
    else if (tries++ < 600) requestAnimationFrame(attempt);
  };
  attempt();
}

// Dresses the canvas of streamlit-drawable-canvas, which lives in a shadow root of its own:
// no second toolbar, rounded corners, and a name for those who do not see it.
const CSS = `
  .dc-toolbar { display: none !important; }
  .dc-canvas { outline: none !important; border-radius: 12px; }
  .dc-scroll { overflow: hidden !important; border-radius: 12px; }
  .upper-canvas { cursor: crosshair; }
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

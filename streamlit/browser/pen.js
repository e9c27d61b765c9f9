// Follows the pen on the canvas of streamlit-drawable-canvas, in that canvas's own pixels. It only
// listens: what the library hears, it hears as before.
const AFTER_TOUCH_MS = 700; // a browser may report a touch once more, as a mouse's

// section: the key of a container around the canvas. heard: begin(point), move(point, isStraight),
// end(root), cancel(root); root: what the library's own buttons are in. Returns what ends it.
export function followPen(section, heard) {
  const stop = new AbortController();
  let canvas = null; // while a stroke is being drawn
  let rect = null;
  let finger = null; // identifier of the touch that draws; null for a mouse or a pen
  let touchedAt = -AFTER_TOUCH_MS;

  const on = (kind, hear) =>
    document.addEventListener(kind, hear, { capture: true, passive: true, signal: stop.signal });
  const pointOf = (at) => [
    ((at.clientX - rect.left) * canvas.width) / rect.width,
    ((at.clientY - rect.top) * canvas.height) / rect.height,
  ];
  const touchOf = (event) => [...event.changedTouches].find((one) => one.identifier === finger);
  const hit = (event) => {
    const target = event.composedPath()[0];
    const isPaper = target instanceof HTMLCanvasElement && target.matches(".upper-canvas");
    const isOurs = event.composedPath().some((one) => one.classList?.contains(`st-key-${section}`));
    return isPaper && isOurs ? target : null;
  };
  const begin = (target, at) => {
    canvas = target;
    rect = canvas.getBoundingClientRect(); // once: asked for at each move it would cost a layout
    heard.begin(pointOf(at));
  };
  const leave = (how) => {
    const root = canvas.getRootNode();
    canvas = null;
    finger = null;
    how(root);
  };

  on("mousedown", (event) => {
    const isEcho = performance.now() - touchedAt < AFTER_TOUCH_MS;
    const target = !canvas && !isEcho && event.button === 0 && hit(event);
    if (target) begin(target, event);
  });
  on("mousemove", (event) => {
    if (canvas && finger === null) heard.move(pointOf(event), event.shiftKey);
  });
  on("mouseup", (event) => {
    if (canvas && finger === null && event.button === 0) leave(heard.end);
  });
  on("touchstart", (event) => {
    const target = !canvas && hit(event);
    if (!target) return;
    finger = event.changedTouches[0].identifier;
    begin(target, event.changedTouches[0]);
  });
  on("touchmove", (event) => {
    const touch = canvas && touchOf(event);
    if (touch) heard.move(pointOf(touch), event.shiftKey);
  });
  on("touchend", (event) => {
    if (!canvas || !touchOf(event)) return;
    touchedAt = performance.now();
    leave(heard.end);
  });
  on("touchcancel", (event) => {
    if (canvas && touchOf(event)) leave(heard.cancel);
  });
  return () => stop.abort();
}

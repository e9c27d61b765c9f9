// A paper that a mouse, a finger or a pen draws on, in pixels of its own whatever its size on the
// page. Wider than its place on a phone, it moves on by itself when a line reaches the edge.
const SVG = "http://www.w3.org/2000/svg";
const INK = "#1f2340"; // dark themes turn it by a filter
const NARROW_PX = 600; // of the place; a wide paper is shown at a hand's size there, and moved
const NARROW_HEIGHT_PX = 220;
const MOVE_AFTER_MS = 900; // without a pen
const EDGE = 0.72; // of what is in sight: a stroke that ends beyond moves the paper on

const CLOSEST = 1.2; // px of the paper: a pen that reports more points says nothing more

const midway = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];

export function makePaper({ size, label, pen, begin, end, pan }) {
  const [width, height] = size;
  const element = document.createElement("div");
  element.className = "inkling-pad-view";
  const sheet = document.createElement("div");
  sheet.className = "inkling-pad-sheet";
  const canvas = document.createElement("canvas");
  canvas.className = "inkling-pad-canvas";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  canvas.tabIndex = -1;
  const over = document.createElementNS(SVG, "svg");
  over.setAttribute("class", "inkling-pad-over");
  over.setAttribute("viewBox", `0 0 ${width} ${height}`);
  over.setAttribute("aria-hidden", "true");
  sheet.append(canvas, over);
  element.append(sheet);
  const sharpness = Math.min(Math.max(window.devicePixelRatio || 1, 1), 2);
  canvas.width = width * sharpness;
  canvas.height = height * sharpness;
  const context = canvas.getContext("2d");
  context.scale(sharpness, sharpness);
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = context.fillStyle = INK;

  const stop = new AbortController();
  let current = null; // the stroke that is being drawn
  let rect = null;
  let pointer = null;
  let moving = null;
  let laid = [];

  const line = ({ x, y, pen: wide }, from = 0) => {
    context.lineWidth = wide;
    if (x.length === 1) {
      context.beginPath();
      context.arc(x[0], y[0], wide / 2, 0, 7);
      context.fill();
      return;
    }
    const points = x.map((one, n) => [one, y[n]]);
    const first = Math.max(from - 2, 0);
    context.beginPath();
    context.moveTo(...(first ? midway(points[first], points[first + 1]) : points[0]));
    for (let n = first + 1; n < points.length - 1; n++)
      context.quadraticCurveTo(...points[n], ...midway(points[n], points[n + 1]));
    context.lineTo(...points.at(-1));
    context.stroke();
  };
  const show = (strokes) => {
    laid = strokes;
    context.clearRect(0, 0, width, height);
    strokes.forEach((stroke) => line(stroke));
    if (current) line(current);
  };
  const place = (event) => [
    Math.round(((event.clientX - rect.left) * width * 10) / rect.width) / 10,
    Math.round(((event.clientY - rect.top) * height * 10) / rect.height) / 10,
  ];
  const add = (event) => {
    const [x, y] = place(event);
    if (Math.hypot(x - current.x.at(-1), y - current.y.at(-1)) < CLOSEST) return;
    current.x.push(x);
    current.y.push(y);
  };
  const finish = (isKept) => {
    const stroke = current;
    current = pointer = null;
    if (!isKept) return show(laid);
    end(stroke);
    const shownRight = element.scrollLeft + element.clientWidth;
    const right = (Math.max(...stroke.x) / width) * sheet.clientWidth;
    clearTimeout(moving);
    if (right > element.scrollLeft + EDGE * element.clientWidth && shownRight < sheet.clientWidth - 1)
      moving = setTimeout(() => !current && move(0.45), MOVE_AFTER_MS);
  };
  const on = (kind, hear) => canvas.addEventListener(kind, hear, { signal: stop.signal });
  on("pointerdown", (event) => {
    if (current || (event.pointerType === "mouse" && event.button !== 0)) return;
    clearTimeout(moving);
    begin();
    pointer = event.pointerId;
    try {
      canvas.setPointerCapture(pointer);
    } catch {
      // It is gone already: its end comes all the same.
    }
    rect = canvas.getBoundingClientRect();
    current = { x: [], y: [], pen: pen() };
    add(event);
    over.replaceChildren();
    line(current);
  });
  on("pointermove", (event) => {
    if (event.pointerId !== pointer || !current) return;
    const from = current.x.length;
    const steps = event.getCoalescedEvents?.() ?? [];
    for (const one of steps.length ? steps : [event]) add(one);
    line(current, from);
  });
  on("pointerup", (event) => {
    if (event.pointerId === pointer && current) finish(true);
  });
  on("pointercancel", (event) => {
    if (event.pointerId === pointer && current) finish(false);
  });
  on("touchmove", (event) => event.preventDefault());

  const move = (by) => goTo(element.scrollLeft + by * element.clientWidth);
  const goTo = (left) => {
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    element.scrollTo({ left, behavior: isCalm ? "auto" : "smooth" });
  };
  const fit = () => {
    const room = element.clientWidth;
    if (!room) return;
    const isNarrow = width > height && room < NARROW_PX;
    // A square fills its place, as wide as a phone: what looks like paper is to take ink.
    const widest = width > height ? Math.min(room, width) : room;
    const wide = isNarrow ? (NARROW_HEIGHT_PX * width) / height : widest;
    sheet.style.width = `${wide}px`;
    sheet.style.height = `${(wide * height) / width}px`;
    pan(wide > room + 1);
  };
  const watcher = new ResizeObserver(fit);
  watcher.observe(element);
  return {
    element,
    over,
    show,
    fit,
    goTo,
    pan: move,
    isDrawing: () => current !== null,
    stop: () => (watcher.disconnect(), stop.abort(), clearTimeout(moving)),
  };
}

// Every text with less contrast to what is behind it than can be read.
() => {
  const parse = (words) => {
    const parts = (words.match(/[\d.]+(?:e-?\d+)?/g) || []).map(Number);
    if (words.startsWith("color(srgb"))
      return [...parts.slice(0, 3).map((x) => 255 * x), parts[3] ?? 1];
    return [...parts.slice(0, 3), parts[3] ?? 1];
  };
  const over = (top, below) => below.map((x, n) => top[n] * top[3] + x * (1 - top[3])).slice(0, 3);
  const light = (rgb) => {
    const [r, g, b] = rgb.map((x) => x / 255)
      .map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const found = [];
  const UNSEEN = "style, script, noscript, title, desc";
  const walk = (root) => {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const elements = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT);
    while (elements.nextNode())
      if (elements.currentNode.shadowRoot) walk(elements.currentNode.shadowRoot);
    while (texts.nextNode()) look(texts.currentNode);
  };
  const look = (text) => {
    const element = text.parentElement;
    if (!text.data.trim() || !element || element.closest(UNSEEN)) return;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return;
    if (element.closest(":disabled, [aria-disabled=true], [data-disabled]")) return;
    const range = document.createRange();
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) return;
    const style = getComputedStyle(element);
    const isDrawn = element.closest("svg") !== null;
    const layers = [];
    let opacity = 1;
    for (let up = element; ; up = up.parentElement ?? up.getRootNode().host) {
      if (!up || up === document) break;
      const its = getComputedStyle(up);
      if (its.clipPath.startsWith("inset(50%")) return; // for those who listen
      if (its.backgroundImage !== "none" && its.backgroundImage.includes("url(")) return;
      opacity *= Number(its.opacity);
      const back = parse(its.backgroundColor);
      if (back[3] > 0) layers.unshift(back);
      if (back[3] >= 0.999) break;
    }
    const ground = layers.reduce((below, layer) => over(layer, below), [255, 255, 255]);
    const ink = parse(isDrawn ? style.fill : style.color);
    ink[3] *= opacity;
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const isIcon = /Material/.test(style.fontFamily);
    const needed = isLarge || isIcon ? 3 : 4.5;
    const has = ratio(over(ink, ground), ground);
    if (has < needed) {
      const name = element.className.baseVal ?? element.className;
      found.push(`${has.toFixed(2)} ${text.data.trim().slice(0, 40)} <${element.tagName} ${name}>`);
    }
  };
  walk(document.body);
  return [...new Set(found)];
}

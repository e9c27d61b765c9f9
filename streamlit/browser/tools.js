// Greys out the tools that would do nothing. The page's script need not say so after each stroke.
const MOST_FRAMES = 120; // the tools may be on the page a moment later than the reading

// isIdle: by the key of each button, whether it would do nothing.
export function greyOut(isIdle, frames = 0) {
  const missing = {};
  for (const [key, is] of Object.entries(isIdle)) {
    const buttons = document.querySelectorAll(`.st-key-${key} button`); // one with a tooltip, too
    for (const button of buttons) button.disabled = is;
    if (!buttons.length) missing[key] = is;
  }
  if (Object.keys(missing).length && frames < MOST_FRAMES)
    requestAnimationFrame(() => greyOut(missing, frames + 1));
}

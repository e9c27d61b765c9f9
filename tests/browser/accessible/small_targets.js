// Every control that is narrower or lower than a finger or a pointer needs.
(least) => {
  const isClipped = (one) => {
    for (let up = one; up; up = up.parentElement) {
      const { clip, clipPath } = getComputedStyle(up);
      if (/inset\(50%|rect\(0px/.test(clip + clipPath)) return true;
    }
    return false;
  };
  const kinds = 'button, a[href], summary, input:not([type=hidden]), select, textarea, '
    + '[role=tab], [role=button], [role=radio], [role=option], [role=combobox]';
  const INLINE = 'p, li, [data-testid=stHeadingWithActionElements]';
  const FRAME = '[data-rac], label, [data-testid=stTextInputRootElement]';
  const found = [];
  for (const one of document.querySelectorAll(kinds)) {
    if (!one.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (one.disabled || one.closest('[aria-hidden=true], [inert]')) continue;
    // In a line of text a link is as high as the line; a field's frame is what takes the finger.
    if (one.matches('a') && one.closest(INLINE)) continue;
    const frame = (one.matches('input, [role=combobox]') && one.closest(FRAME)) || one;
    const box = frame.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    if (isClipped(frame)) continue;
    if (box.height < least || box.width < least)
      found.push(`${box.width.toFixed(0)} x ${box.height.toFixed(0)} ${one.tagName} `
        + `${(one.getAttribute('aria-label') || one.innerText || '').trim().slice(0, 40)} `
        + `${one.dataset.testid || one.className}`);
  }
  return [...new Set(found)];
}

// What does not fit on the page: see fitting.py.
() => {
  const wide = document.documentElement.clientWidth;
  const found = [];
  if (document.documentElement.scrollWidth > wide)
    found.push(`scrolls sideways, ${document.documentElement.scrollWidth} in ${wide}`);
  const lines = [];
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const shown = new Map();
  const isShown = (one) => {
    if (!shown.has(one)) shown.set(one, !one.closest(".vh, .skip, svg, option, template, script, [data-lets-go]")
      && one.checkVisibility({opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true}));
    return shown.get(one);
  };
  const boxes = new Map();  // of what has a box that words may run out of: {rect, cuts}
  const around = (one) => {
    if (boxes.has(one)) return boxes.get(one);
    const style = getComputedStyle(one);
    const told = {
      cuts: [style.overflowX, style.overflowY].map((way) => way === "hidden" || way === "clip"),
      scrolls: /auto|scroll/.test(style.overflowX + style.overflowY), rect: one.getBoundingClientRect(), isLayer: /fixed|sticky/.test(style.position), isHidden: style.clipPath === "inset(50%)",
    };
    boxes.set(one, told);
    return told;
  };
  while (words.nextNode()) {
    const node = words.currentNode;
    const owner = node.parentElement;
    if (!node.data.trim() || !isShown(owner)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    // What stays while the rest slides below it lies over it, and shows all of it in turn.
    let inScroller = false, layer = null, isHidden = false;
    const rects = [...range.getClientRects()].filter((rect) => rect.width > 1 && rect.height > 1);
    const said = `“${node.data.trim().replace(/\s+/g, " ").slice(0, 40)}”`;
    const cut = [];
    for (let one = owner; one && one !== document.body; one = one.parentElement) {
      const box = around(one);
      if (box.isHidden) { isHidden = true; break; }
      if (box.isLayer) layer ??= one;
      if (box.scrolls) { inScroller = true; break; }
      for (const rect of rects) {
        if (box.cuts[0] && (rect.left < box.rect.left - 1.5 || rect.right > box.rect.right + 1.5)) { cut.push(`cut off at the side: ${said}`); break; }
        if (box.cuts[1] && (rect.top < box.rect.top - 4 || rect.bottom > box.rect.bottom + 4)) { cut.push(`cut off above or below: ${said}`); break; }
      }
    }
    if (!isHidden) found.push(...cut);
    if (!inScroller && !isHidden) for (const rect of rects) {
      if (rect.left < -1.5 || rect.right > wide + 1.5) { found.push(`beyond the edge: ${said}`); break; }
    }
    if (!inScroller && !isHidden) for (const rect of rects) lines.push({ rect, owner, said, layer });
  }
  lines.sort((one, other) => one.rect.top - other.rect.top);
  for (let first = 0; first < lines.length; first++) {
    const { rect: a, owner, said, layer } = lines[first];
    for (let next = first + 1; next < lines.length && lines[next].rect.top < a.bottom; next++) {
      const { rect: b, owner: another, said: over, layer: its } = lines[next];
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (owner !== another && layer === its && across > 3 && down > .45 * Math.min(a.height, b.height)) found.push(`${said} and ${over} lie over each other`);
    }
  }
  return [...new Set(found)];
}

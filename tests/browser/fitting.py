"""What does not fit on a page as it is now: wider than its screen, cut off, or one over another. And what moves on it.

Words are measured line by line, as they are drawn. A box that scrolls by itself (a wide table, a list of filters) may hold
more than it shows; everything else must show all that it holds (WCAG 1.4.4, 1.4.10, 1.4.12).
"""

_MISFITS = """() => {
  const wide = document.documentElement.clientWidth;
  const found = [];
  if (document.documentElement.scrollWidth > wide) found.push(`scrolls sideways, ${document.documentElement.scrollWidth} in ${wide}`);
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
      scrolls: /auto|scroll/.test(style.overflowX + style.overflowY), rect: one.getBoundingClientRect(), isFixed: style.position === "fixed",
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
    let inScroller = false, isFixed = false;
    const rects = [...range.getClientRects()].filter((rect) => rect.width > 1 && rect.height > 1);
    const said = `“${node.data.trim().replace(/\\s+/g, " ").slice(0, 40)}”`;
    for (let one = owner; one && one !== document.body; one = one.parentElement) {
      const box = around(one);
      if (box.isFixed) isFixed = true;
      if (box.scrolls) { inScroller = true; break; }
      for (const rect of rects) {
        if (box.cuts[0] && (rect.left < box.rect.left - 1.5 || rect.right > box.rect.right + 1.5)) { found.push(`cut off at the side: ${said}`); break; }
        if (box.cuts[1] && (rect.top < box.rect.top - 4 || rect.bottom > box.rect.bottom + 4)) { found.push(`cut off above or below: ${said}`); break; }
      }
    }
    if (!inScroller) for (const rect of rects) {
      if (rect.left < -1.5 || rect.right > wide + 1.5) { found.push(`beyond the edge: ${said}`); break; }
    }
    if (!isFixed && !inScroller) for (const rect of rects) lines.push({ rect, owner, said });
  }
  lines.sort((one, other) => one.rect.top - other.rect.top);
  for (let first = 0; first < lines.length; first++) {
    const { rect: a, owner, said } = lines[first];
    for (let next = first + 1; next < lines.length && lines[next].rect.top < a.bottom; next++) {
      const { rect: b, owner: another, said: over } = lines[next];
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (owner !== another && across > 3 && down > .45 * Math.min(a.height, b.height)) found.push(`${said} and ${over} lie over each other`);
    }
  }
  return [...new Set(found)];
}"""

#: WCAG 1.4.12: what a reader may set, and nothing may be lost by it. Constructed: the policy lets no style element in.
_SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""

_MOVES = """(longest) => {
  const seconds = (text) => Math.max(...text.split(",").map((one) => parseFloat(one) * (one.includes("ms") ? .001 : 1)));
  const found = new Set();
  for (const one of document.querySelectorAll("*")) for (const part of [null, "::before", "::after"]) {
    const style = getComputedStyle(one, part);
    const name = `${one.localName}.${String(one.getAttribute("class") ?? "").slice(0, 40)}${part ?? ""}`;
    if (style.transitionProperty !== "none" && seconds(style.transitionDuration) > longest) found.add(`${name} changes for ${style.transitionDuration}`);
    if (style.animationName !== "none" && seconds(style.animationDuration) > longest) found.add(`${name} moves for ${style.animationDuration}`);
  }
  for (const each of document.getAnimations()) {
    if (each.playState === "running" && each.effect.getComputedTiming().activeDuration > longest * 1000) found.add(`${each.effect.target.localName} is moving`);
  }
  if (getComputedStyle(document.documentElement).scrollBehavior !== "auto") found.add("scrolling glides");
  return [...found];
}"""

A_BLINK = 0.05


def misfits(page):
    """One line for each thing that does not fit."""
    return page.evaluate(_MISFITS)


def misfits_at(page, *sizes):
    """The same at other sizes of the window, which is left as it was."""
    was = page.viewport_size
    found = []
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        found += [f"at {width} x {height}: {one}" for one in misfits(page)]
    page.set_viewport_size(was)
    return found


def space_out(page):
    """Sets the page's words as far apart as any reader may want them, for as long as it is open."""
    page.evaluate(_SPACED)


def moves(page):
    """What moves, or would, for longer than a blink, though none was asked for."""
    return page.evaluate(_MOVES, A_BLINK)

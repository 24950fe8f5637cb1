// Where the focus is, and whether one sees it. What is drawn around it: on itself, or on the tile or line that stands for
// a hidden radio button.
(wanted) => {
  const at = document.activeElement;
  const says = (at.getAttribute("aria-label") || at.labels?.[0]?.textContent || at.textContent || at.name || "")
    .trim().replace(/\s+/g, " ").slice(0, 60);
  const drawn = [at, at.closest("label, summary")].filter(Boolean).some((one) => {
    const style = getComputedStyle(one);
    const clear = /rgba\(.*, 0\)|transparent/;
    const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && !clear.test(style.outlineColor);
    return one.checkVisibility({opacityProperty: true, visibilityProperty: true}) && outline;
  });
  // Whatever lies at the edges of the screen must not lie over all of it (WCAG 2.4.11).
  const box = (at.closest("label") && at.matches("input[type=radio], input[type=checkbox]") ? at.closest("label") : at)
    .getBoundingClientRect();
  const points = [[.5, .5], [.05, .1], [.95, .9], [.05, .9], [.95, .1]].map(([x, y]) => [box.x + box.width * x, box.y + box.height * y]);
  const seen = points.some(([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return top && (at.contains(top) || top.contains(at) || at.labels?.[0]?.contains(top) || top.closest("label")?.contains(at));
  });
  return {
    says: `${at.localName} “${says}”`, drawn, seen, nowhere: at === document.body || at === document.documentElement,
    there: Boolean(wanted) && (at === wanted || wanted.contains(at)), group: at.type === "radio" ? at.name : null,
  };
}

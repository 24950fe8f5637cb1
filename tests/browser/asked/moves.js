// What moves, or would, for longer than so many seconds.
(longest) => {
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
}

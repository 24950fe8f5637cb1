// Of all that has words and is drawn alike (its own colours and letters, and whatever lies behind it), the first: see axe.py.
(within) => {
  const first = new Map();
  const drawn = (one) => {
    const said = [];
    for (let box = one; box; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (box === one) said.push(box.tagName, box.className, style.color, style.fontSize, style.fontWeight, style.position);
      said.push(style.backgroundColor, style.backgroundImage, style.opacity, style.filter);
    }
    return said.join();
  };
  const meet = (one) => {
    const key = drawn(one);
    if (!first.has(key) && one.checkVisibility()) first.set(key, one);
  };
  const words = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  while (words.nextNode())
    if (words.currentNode.data.trim()) meet(words.currentNode.parentElement);
  within.querySelectorAll("input, select, textarea").forEach(meet);
  return [...first.values()].filter((one) => !one.closest("script, template, svg"));
}

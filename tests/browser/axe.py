"""What axe has to object to on a page as it stands, asked at a fifth of the usual price: axe is loaded once a page, and a
colour on its ground is measured once for all words that are drawn alike. In `make test-long` for each of them.
"""

import os
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = "color-contrast"

# Of what passed nobody reads more than that it did; what is inside files was not asked for.
_ASK = """async ([within, asked, each]) => {
  const oneOfEach = ONE_OF_EACH;
  const seen = within ? document.querySelector(within) : document.documentElement;
  const found = [];
  for (const one of asked) {
    const words = one.isOfColours && !each ? oneOfEach(seen) : [seen];
    const include = seen === document.documentElement && words[0] === seen ? document : {include: words};
    if (words.length) found.push(await axe.run(include, {resultTypes: ["violations"], preload: false, ...one.options}));
  }
  return found.flatMap((one) => one.violations).flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.target} ${node.html.slice(0, 120)} ${node.failureSummary}`));
}""".replace("ONE_OF_EACH", (Path(__file__).parent / "asked" / "one_of_each.js").read_text())


def faults(page, *, rules=None, tags=(*WCAG, "best-practice"), within=None):
    """One line for each: the rule, where, and what to do; of the rules with these tags, or of these alone.

    ``within`` is a CSS selector. Colours are measured as they are: without motion, or after it.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    others = {"runOnly": {"type": "tag", "values": list(tags)}, "rules": {COLOURS: {"enabled": False}}}
    if rules:
        others = {"runOnly": {"type": "rule", "values": [rule for rule in rules if rule != COLOURS]}}
    asked = [{"options": others}] if not rules or others["runOnly"]["values"] else []
    if not rules or COLOURS in rules:
        asked.append({"isOfColours": True, "options": {"runOnly": {"type": "rule", "values": [COLOURS]}}})
    return page.evaluate(_ASK, [within, asked, bool(os.environ.get("TEST_LONG"))])

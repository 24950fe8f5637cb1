"""What axe has to object to on a page as it stands, asked at a third of the usual price: axe is loaded once a page."""

from axe_playwright_python.base import AXE_SCRIPT

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# Of what passed nobody reads more than that it did; what is inside files was not asked for.
_ASK = """async ([within, asked]) => {
  const found = await axe.run(within || document, {resultTypes: ["violations"], preload: false, ...asked});
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.target} ${node.html.slice(0, 120)} ${node.failureSummary}`));
}"""


def faults(page, *, rules=None, tags=(*WCAG, "best-practice"), within=None):
    """One line for each: the rule, where, and what to do; of the rules with these tags, or of these alone.

    ``within`` is a CSS selector. Colours are measured as they are: without motion, or after it.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    asked = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": tags}
    return page.evaluate(_ASK, [within, {"runOnly": asked}])

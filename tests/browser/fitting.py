"""What does not fit on a page as it is now: wider than its screen, cut off, or one over another. And what moves on it.

Words are measured line by line, as they are drawn. A box that scrolls by itself (a wide table, a list of filters) may hold
more than it shows; everything else must show all that it holds (WCAG 1.4.4, 1.4.10, 1.4.12).
"""

from pathlib import Path

_ASKED = Path(__file__).parent / "asked"
_MISFITS, _MOVES = ((_ASKED / f"{name}.js").read_text() for name in ("misfits", "moves"))

#: WCAG 1.4.12: what a reader may set, and nothing may be lost by it. Constructed: the policy lets no style element in.
_SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
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

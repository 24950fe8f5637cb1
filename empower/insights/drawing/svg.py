"""What the library wrote, made fit for the page: no more than shapes, words, links of ours and what is said of each.

The tree is built anew from a list of what may be in it, so that a style, a script or a foreign address can't be.
"""

import re
from xml.etree import ElementTree

#: Vega knows whole addresses only. None in the world is of this host: a link that is not ours has no way out of here.
ORIGIN = "https://page.invalid"

_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"

#: What stands on a shape or a word.
_AT = {"d", "transform", "x1", "x2", "y1", "y2", "x", "y", "text-anchor"}

#: What is said once for a group where all of it agree.
_INK = (
    "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin",
    "font-family", "font-size", "font-weight", "text-anchor",
)  # fmt: skip

_SHAPES = {"path", "line", "rect", "text"}

#: A group of marks is named by its layer, one of an axis by its part.
_MARKS = re.compile(r"\b([a-z0-9_]+)_marks\b")
_AXIS = {
    "role-axis-grid": "c-grid",
    "role-axis-label": "c-label",
    "role-axis-tick": "c-axis",
    "role-axis-domain": "c-axis",
}

_LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}(?:e-?\d+)?")


def leading(href):
    """An address of ours, as a spec has it; None for none and for any other: Vega would refuse all of the drawing."""
    return f"{ORIGIN}{href}" if _is_ours(href) else None


def _is_ours(href):
    return bool(href) and href.startswith("/") and not href.startswith("//")


def fit_for_the_page(text):
    """The SVG of vl-convert as an inline element of HTML: `aria-hidden`, ours alone, a third of its size.

    ParseError where it is none.
    """
    # It comes from our own process, with every text in it escaped, and no document type can be before its root.
    root = ElementTree.fromstring(text)  # noqa: S314
    made = ElementTree.Element("svg", {"viewBox": root.get("viewBox"), "aria-hidden": "true", "focusable": "false"})
    made.extend(_kept_of(root))
    return ElementTree.tostring(made, encoding="unicode")


def _kept_of(element):
    return [one for child in element for one in _kept(child)]


def _kept(element):
    """What becomes of an element: itself, what is in it, or nothing."""
    tag = element.tag.removeprefix(_SVG)
    if tag in _SHAPES:
        return [] if element.get("class") in ("background", "foreground") else [_shape(tag, element)]
    inside = _kept_of(element)
    if tag == "a":
        return _linked(element.get(_LINK), inside)
    if tag != "g" or not inside:
        return []
    at = _group(element)
    if not at:
        return inside
    made = ElementTree.Element("g", at)
    made.extend(inside)
    if "class" in at:
        _said_once(made)
    return [made]


def _shape(tag, element):
    at = {name: _short(value) for name, value in element.items() if name in _AT or name in _INK}
    if element.get("opacity", "1") != "1":
        at["opacity"] = element.get("opacity")
    made = ElementTree.Element(tag, at)
    made.text = element.text
    if element.get("aria-label"):
        ElementTree.SubElement(made, "title").text = element.get("aria-label")
    return made


def _linked(address, inside):
    """Links that begin at our own root; the keyboard finds them in the table."""
    href = (address or "").removeprefix(ORIGIN)
    if not _is_ours(href) or not inside:
        return inside
    made = ElementTree.Element("a", {"href": href, "tabindex": "-1"})
    made.extend(inside)
    return [made]


def _group(element):
    at = {}
    if element.get("transform", "translate(0,0)") != "translate(0,0)":
        at["transform"] = _short(element.get("transform"))
    if element.get("fill"):
        at["fill"] = element.get("fill")
    words = element.get("class", "")
    marks = _MARKS.search(words)
    parts = [_AXIS[word] for word in words.split() if word in _AXIS]
    if marks or parts:
        at["class"] = f"c-{marks[1].replace('_', '-')}" if marks else parts[0]
    return at


def _said_once(group):
    shapes = [one for one in group.iter() if one.tag in _SHAPES]
    for name in _INK:
        values = {one.get(name) for one in shapes}
        if len(values) == 1 and None not in values:
            group.set(name, values.pop())
            for one in shapes:
                del one.attrib[name]


def _short(value):
    """Its numbers to a tenth of a unit, which is less than a pixel."""
    return _LONG_NUMBER.sub(lambda found: f"{round(float(found[0]), 1):g}", value)

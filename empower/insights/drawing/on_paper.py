"""Drawings for WeasyPrint, which sets the words of an SVG letter by letter: Arabic would fall apart and run backwards.

So each word is taken out of its drawing and laid over it as one of the page's own.
"""

import re
from xml.etree import ElementTree

from django.utils.safestring import mark_safe

from .theme import WIDTH

_DRAWING = re.compile(rf'<svg viewBox="0 0 {WIDTH} .*?</svg>', re.DOTALL)
_MOVED = re.compile(r"translate\(([^,)]+),([^,)]+)\)")

#: Millimetres of a unit: a drawing is 76 mm wide.
_UNIT = 76 / WIDTH

#: Of the height of a letter, what lies above its foot in a line as high as the letter.
_ABOVE = 0.89

#: Where a word is anchored, and how it stands in a room of 30 mm about that place.
_ROOM = 30
_ANCHORED = {"start": (0, "left"), "middle": (_ROOM / 2, "center"), "end": (_ROOM, "right")}


def on_paper(html):
    """The ``html`` of a page with each drawing's words laid over it."""
    return mark_safe(_DRAWING.sub(lambda found: _laid_over(found[0]), html))  # noqa: S308


def _laid_over(svg):
    # Our own, as `svg` wrote it.
    root = ElementTree.fromstring(svg)  # noqa: S314
    height = float(root.get("viewBox").split()[3])
    size = f"width:{WIDTH * _UNIT:.2f}mm;height:{height * _UNIT:.2f}mm"
    made = ElementTree.Element("div", {"class": "drawn", "style": f"position:relative;{size}"})
    root.set("style", size)
    words = list(_words(root, 0, 0, {}))
    made.append(root)
    made.extend(words)
    return ElementTree.tostring(made, encoding="unicode", method="html")


def _words(group, x, y, said):
    """The words in a group, which are taken out of it; ``said``: what was said of them further up."""
    for one in list(group):
        moved = _MOVED.search(one.get("transform", "translate(0,0)"))
        here = x + float(moved[1]), y + float(moved[2])
        if one.tag == "text":
            group.remove(one)
            yield _word(one.text or "", *here, said | one.attrib)
        else:
            yield from _words(one, *here, said | one.attrib)


def _word(text, x, y, said):
    letter = float(said["font-size"].removesuffix("px"))
    before, side = _ANCHORED[said.get("text-anchor", "start")]
    style = (
        f"position:absolute;white-space:nowrap;left:{x * _UNIT - before:.2f}mm;top:{(y - _ABOVE * letter) * _UNIT:.2f}mm;"
        f"width:{_ROOM}mm;text-align:{side};font-size:{letter * _UNIT:.2f}mm;line-height:1;"
        f"color:{said['fill']};font-weight:{said.get('font-weight', 'normal')}"
    )
    word = ElementTree.Element("span", {"style": style})
    ElementTree.SubElement(word, "bdi").text = text
    return word

"""How every drawing looks: its size, its ink, its axes. A kind of mark is named once here and once in look.css."""

import json
from itertools import pairwise

#: Units of a drawing; the page gives it the width that is there.
WIDTH, HEIGHT = 264, 134

#: The light house of look.css, by the names of its tokens. The page's own style puts the reader's theme in their place; the
#: PDF has these.
INK = {
    "sheet": "#fcfdfa",
    "well": "#e5ebe3",
    "ink": "#17211c",
    "ink-2": "#49574f",
    "rule": "#d0d9d0",
    "edge": "#75837b",
    "margin": "#d9888a",
    "green": "#12543d",
    "green-mid": "#4f8b71",
    "green-tint": "#dbeae0",
    "brass": "#734d00",
    "brass-mid": "#b98a32",
}

_DOT = {"shape": "circle", "filled": True, "opacity": 1, "size": 50}

#: Each kind of mark with its ink. In the SVG its marks lie in a group of the class ``c-`` and this name.
KINDS = {
    "bar": {"fill": INK["green-mid"]},
    "bar-hi": {"fill": INK["green"]},
    "bar-wait": {"fill": INK["brass-mid"]},
    "line": {"stroke": INK["green"], "strokeWidth": 2.25, "strokeJoin": "round"},
    "line-2": {"stroke": INK["brass-mid"], "strokeWidth": 2.25, "strokeDash": [5, 3]},
    "line-3": {"stroke": INK["ink-2"], "strokeWidth": 1.5, "strokeDash": [2, 4], "strokeCap": "round"},
    "halo": {"stroke": INK["sheet"], "strokeWidth": 4, "strokeCap": "round"},
    "band": {"fill": INK["green-tint"], "fillOpacity": 0.8},
    "band-2": {"fill": INK["well"], "fillOpacity": 0.8},
    "lim": {"stroke": INK["edge"]},
    "now": {"stroke": INK["margin"], "strokeWidth": 2},
    "dot": _DOT | {"fill": INK["green"], "stroke": INK["sheet"], "strokeWidth": 1.5},
    "dot-out": _DOT | {"fill": INK["sheet"], "stroke": INK["brass"], "strokeWidth": 2.5},
    "dot-3": _DOT | {"fill": INK["ink-2"], "stroke": INK["sheet"], "strokeWidth": 1, "size": 22},
    "day-0": {"fill": INK["well"]},
    "day-1": {"fill": "#c2d6cb"},
    "day-2": {"fill": "#94b9a7"},
    "day-3": {"fill": INK["green-mid"]},
    "day-4": {"fill": INK["green"]},
    "day-few": {"fill": "transparent", "stroke": INK["edge"], "strokeWidth": 0.75},
    # Of a bar of a pixel its whole row is clicked.
    "hit": {"fill": "transparent"},
    "name": {"fill": INK["ink-2"]},
    "text": {"fill": INK["ink-2"]},
    "text-mid": {"fill": INK["ink-2"]},
    "text-end": {"fill": INK["ink-2"]},
    "text-ink": {"fill": INK["ink"], "fontWeight": 600},
}

#: The families that bare Linux systems have, for paper; on the page its own type stands in their place.
_FONT = "Noto Sans, DejaVu Sans, Noto Sans Arabic, sans-serif"

CONFIG = {
    "background": None,
    "font": _FONT,
    "view": {"stroke": None},
    "axis": {
        "domain": False,
        "ticks": False,
        "title": None,
        "grid": False,
        "translate": 0,
        "gridColor": INK["rule"],
        "gridWidth": 1,
        "domainColor": INK["edge"],
        "domainWidth": 1,
        "tickColor": INK["edge"],
        "tickWidth": 1,
        "tickSize": 3,
        "labelColor": INK["ink-2"],
        "labelFontSize": 11.5,
        "labelFont": _FONT,
        "labelFontWeight": "normal",
        "labelOverlap": False,
        "labelLimit": 0,
    },
    "axisX": {"labelAngle": 0, "labelPadding": 5, "labelFlush": 1},
    "axisY": {"labelPadding": 5},
    "text": {"font": _FONT, "fontSize": 11.5},
}


#: How wide a letter of a drawing is, about, and what is free between two words.
_A_LETTER, _BETWEEN = 5.6, 6

#: Letters of a name that stand before its bar; the table has it whole. Vega would measure and cut it itself, but in the middle
#: of a letter that is two of JavaScript's.
_LETTERS = 18

#: No XML may hold them, and a name can: Vega's measuring of text ends its process there.
_NOT_IN_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


def short(name):
    """A name that fits before its bar."""
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1].rstrip()}…"


def fit_for_xml(value):
    """A text without what no XML may hold; anything else as it is."""
    return value.translate(_NOT_IN_XML) if isinstance(value, str) else value


def drawing(what, layers, *, x, y, left=34, right=6, top=10, bottom=22, size=(WIDTH, HEIGHT)):
    """The spec of a drawing called ``what``: layers with the shared channels ``x`` and ``y``, inside margins of so much."""
    width, height = size
    return {
        "usermeta": {"drawing": what},
        "width": width - left - right,
        "height": height - top - bottom,
        "padding": {"left": left, "right": right, "top": top, "bottom": bottom},
        "autosize": "none",
        "encoding": {"x": {"field": "x", **x}, "y": {"field": "y", **y}},
        "layer": layers,
        "config": CONFIG,
    }


def layer(kind, mark, rows, **more):
    """Marks of one `KINDS`, one for each of ``rows``: what a row has of ``x2 y2 href says text`` is its mark's channel.

    ``href`` (by `leading`) is where a click leads, ``says`` what is shown where the mouse rests. ``more`` are properties
    of the mark.
    """
    has = {name for row in rows for name in row}
    encoding = {name: {"field": name} for name in ("x2", "y2", "href") if name in has}
    if "says" in has:
        encoding["description"] = {"field": "says"}
    if "text" in has:
        encoding["text"] = {"field": "text"}
    return {
        "name": kind,
        "data": {"values": [{name: fit_for_xml(value) for name, value in row.items()} for row in rows]},
        "mark": {"type": mark, **KINDS[kind], "aria": "says" in has, **more},
        "encoding": encoding,
    }


def lengths(lowest, highest, axis=None, *, log=False):
    """A channel on which numbers have lengths, from the lowest to the highest; ``log``: by the logarithm of 1 + x."""
    scale = {"type": "symlog", "constant": 1} if log else {}
    return {
        "type": "quantitative",
        "scale": {**scale, "domain": [lowest, highest], "nice": False, "zero": False},
        "axis": axis,
        "stack": None,
    }


def places(count, *, gap):
    """A channel of so many places beside each other, the first is 0; ``gap`` is the part of each that is left free."""
    return {
        "type": "ordinal",
        "scale": {"type": "band", "domain": list(range(count)), "paddingInner": gap, "paddingOuter": 0},
        "axis": None,
    }


def axis(marks, **more):
    """An axis with our own words at these places, of [(value, text)]; ``more`` as Vega-Lite names it.

    The words are ours: numbers and days. What people wrote is put in a layer, as data.
    """
    values, texts = [value for value, _text in marks], [fit_for_xml(str(text)) for _value, text in marks]
    # JSON is a literal of Vega's expressions too, whatever the texts hold.
    return {"values": values, "labelExpr": f"({json.dumps(texts)})[indexof({json.dumps(values)}, datum.value)]", **more}


def shares(percent):
    """The axis of shares: lines at nothing, a half and all of it, with their words."""
    return axis([(part, percent(part)) for part in (0, 0.5, 1)], grid=True)


def spread(labels, step):
    """(place, word) of those that have a word below them, of ``labels`` in a row, each ``step`` units from the next.

    The first, the last, and two between where there is room for them.
    """
    last = len(labels) - 1
    told = sorted({0, last // 3, 2 * last // 3, last} if last >= 6 else {0, last})
    widest = max(len(labels[place]) for place in told) * _A_LETTER + _BETWEEN
    for fewer in ([0, last // 2, last], [0, last], [0]):
        # The outer ones stand inside, so they reach a whole width towards those between.
        if all(step * (after - before) >= widest * (1.5 if len(told) > 2 else 2) for before, after in pairwise(told)):
            break
        told = sorted(set(fewer))
    return [(place, labels[place]) for place in told]

"""Shares beside what chance alone would make of them: funnels of groups, control charts of weeks.

The limits are `empower.statistics`'; here they are only drawn.
"""

from empower.statistics import ALARM, WARNING, Funnel

from .rendering import drawn
from .svg import leading
from .theme import axis, drawing, layer, lengths, shares, spread

#: The lines of a funnel bend: they are followed in so many steps.
_STEPS = 48

#: Units from the first week to the last.
_ROOM = 224


def funnel(chart, dots, *, number, percent):
    """``chart``: a `queries.signals.Chart`; ``dots``: [(point, says, href)] of its points, each at its size."""
    most = max(point.n for point in chart.points)
    line = Funnel(chart.target, chart.widening, len(chart.points))
    sizes = [max(1, most * step / _STEPS) for step in range(1, _STEPS + 1)]
    bands = [
        layer(kind, "area", [_band(size, line.limits(size, z)) for size in sorted(set(sizes))])
        for kind, z in (("band-2", ALARM), ("band", WARNING))
    ]
    sizes_said = sorted({0, most // 2, most})
    return drawn(
        drawing(
            "funnel",
            [*bands, _target(chart, 0, most), *_dots((point.n, point, says, href) for point, says, href in dots)],
            x=lengths(0, most, axis([(size, number(size)) for size in sizes_said], domain=True)),
            y=lengths(0, 1, shares(percent)),
        )
    )


def control(chart, dots, labels, *, percent):
    """``dots``: [(point, says, href)] in the order of time, ``labels`` their words; each between the limits of its own size."""
    number = len(dots)
    band = [_band(place, point.outer) for place, (point, _says, _href) in enumerate(dots)]
    band.append(band[-1] | {"x": number})
    words = [(place + 0.5, word) for place, word in spread(labels, _ROOM / number)]
    places = [(place + 0.5, *dot) for place, dot in enumerate(dots)]
    return drawn(
        drawing(
            "control chart",
            [
                layer("band", "area", band, interpolate="step-after"),
                _target(chart, 0, number),
                layer(
                    "line", "line", [{"x": x, "y": point.share} for x, point, _says, _href in places], strokeWidth=1.5
                ),
                *_dots(places),
            ],
            x=lengths(0, number, axis(words, domain=True, labelFlush=12)),
            y=lengths(0, 1, shares(percent)),
        )
    )


def _band(x, limits):
    low, high = limits
    return {"x": x, "y": low, "y2": high}


def _target(chart, begins, ends):
    return layer("line-3", "rule", [{"x": begins, "x2": ends, "y": chart.target}])


def _dots(places):
    """Full dots, and open ones for what stands out, in front of them."""
    told = {"dot": [], "dot-out": []}
    for x, point, says, href in places:
        kind = "dot-out" if point.stands_out else "dot"
        told[kind].append({"x": x, "y": point.share, "says": says, "href": leading(href)})
    return [layer(kind, "point", rows) for kind, rows in told.items() if rows]

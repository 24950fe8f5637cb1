"""The drawings that come after the first paint: where each line and dot of them lies, 264 × 134 units. No words here.

A drawing is a list of `Shape`. It is made for the eye and the mouse alone: its words, and its links for the keyboard, are
in the table behind it.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from empower.statistics import ALARM, WARNING, Funnel

LEFT, RIGHT, TOP, FLOOR = 34, 262, 10, 112


@dataclass(frozen=True)
class Shape:
    """An element of SVG. ``says`` is shown where the mouse rests; ``href`` is where a click leads."""

    tag: str
    at: dict = field(default_factory=dict)
    kind: str = ""
    text: str = ""
    says: str = ""
    href: str = ""


def shares(percent):
    """The lines at nothing, a half and all of it, with their words."""
    for part in (0, 0.5, 1):
        y = _n(_up(part))
        yield Shape("line", {"x1": LEFT, "x2": RIGHT, "y1": y, "y2": y}, "c-grid")
        yield Shape("text", {"x": LEFT - 5, "y": y, "dy": 4}, "end", percent(part))


def funnel(chart, dots):
    """``dots``: [(point, says, href)]. The bands within which a share of that size lies by chance, and each group."""
    most = max(point.n for point in chart.points)
    line = Funnel(chart.target, chart.widening, len(chart.points))
    sizes = [max(1, most * step / 48) for step in range(1, 49)]
    for z, kind in ((ALARM, "c-band-2"), (WARNING, "c-band")):
        limits = [(_across(size, most), line.limits(size, z)) for size in sizes]
        upper = [(x, _up(high)) for x, (_low, high) in limits]
        lower = [(x, _up(low)) for x, (low, _high) in reversed(limits)]
        yield Shape("path", {"d": _path(upper + lower) + "Z"}, kind)
    yield from _target(chart.target)
    for point, says, href in dots:
        kind = "c-dot-out" if point.stands_out else "c-dot"
        yield _dot(_across(point.n, most), _up(point.share), kind, says, href)


def control(chart, dots):
    """``dots``: [(point, says, href)] in the order of time. Each stands between the limits of its own size."""
    places = [_across(place + 0.5, len(dots)) for place in range(len(dots))]
    half = (RIGHT - LEFT) / len(dots) / 2
    upper, lower = [], []
    for x, (point, _says, _href) in zip(places, dots, strict=True):
        low, high = point.outer
        upper += [(x - half, _up(high)), (x + half, _up(high))]
        lower += [(x - half, _up(low)), (x + half, _up(low))]
    yield Shape("path", {"d": _path(upper + lower[::-1]) + "Z"}, "c-band")
    yield from _target(chart.target)
    line = [(x, _up(point.share)) for x, (point, _says, _href) in zip(places, dots, strict=True)]
    yield Shape("path", {"d": _path(line)}, "c-line")
    for (x, y), (point, says, href) in zip(line, dots, strict=True):
        yield _dot(x, y, "c-dot-out" if point.stands_out else "c-dot", says, href)


def calendar(begins, ends, cells):
    """``cells``: {day: (how full, 0 to 4, or None where it is hidden, says, href)}. A week is a column, Monday on top."""
    first = begins - timedelta(days=begins.weekday())
    weeks = (ends - first).days // 7 + 1
    side = min(16.0, (RIGHT - 4) / weeks)
    day = begins
    while day <= ends:
        column, row = divmod((day - first).days, 7)
        full, says, href = cells.get(day, (0, "", ""))
        at = {"x": _n(4 + column * side), "y": _n(8 + row * side), "width": _n(side - 1.2), "height": _n(side - 1.2)}
        yield Shape("rect", at, "c-day-few" if full is None else f"c-day-{full}", says=says, href=href)
        day += timedelta(days=1)


def burn(told, top):
    """The money spent so far as steps, the way to the allotment, and the band of what is foretold; ``top`` is the scale's."""
    days = (told.ends_on - told.begins_on).days + 1

    def up(minor):
        return FLOOR - (FLOOR - TOP) * minor / top

    spent, path = 0, [(LEFT, FLOOR)]
    for number, one in enumerate(told.spent, 1):
        spent += one
        path.append((_across(number, days), up(spent)))
    now = path[-1]
    if told.forecast:
        value, low, high = told.forecast
        yield Shape("path", {"d": _path([now, (RIGHT, up(high)), (RIGHT, up(low))]) + "Z"}, "c-band")
        yield Shape("path", {"d": _path([now, (RIGHT, up(value))])}, "c-line-2")
    yield Shape("line", {"x1": LEFT, "y1": FLOOR, "x2": RIGHT, "y2": _n(up(told.allotted))}, "c-line-3")
    yield Shape("line", {"x1": LEFT, "y1": _n(up(told.allotted)), "x2": RIGHT, "y2": _n(up(told.allotted))}, "c-lim")
    yield Shape("path", {"d": _path(path)}, "c-line")
    yield Shape("line", {"x1": LEFT, "x2": RIGHT, "y1": FLOOR, "y2": FLOOR}, "c-axis")


def _target(share):
    yield Shape("line", {"x1": LEFT, "x2": RIGHT, "y1": _n(_up(share)), "y2": _n(_up(share))}, "c-line-3")


def _dot(x, y, kind, says, href):
    return Shape("circle", {"cx": _n(x), "cy": _n(y), "r": 4}, kind, says=says, href=href)


def _up(share):
    return FLOOR - (FLOOR - TOP) * share


def _across(part, of):
    return LEFT + (RIGHT - LEFT) * part / of


def _path(points):
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _n(number):
    return f"{number:.1f}"

"""The geometry of the drawings: numbers for SVG attributes, and the rows of the table behind. No words, no colours.

Each drawing is 264 × 134 units. Numbers are text with a point, whatever the language.
"""

from dataclasses import dataclass
from math import log

WIDTH, HEIGHT = 264, 134


@dataclass(frozen=True)
class Bar:
    """One bar lying or standing; ``part`` of it is drawn stronger. ``value`` None is hidden; ``href`` asks about it."""

    label: str
    value: object
    part: int | None = None
    x: str = ""
    y: str = ""
    width: str = ""
    height: str = ""
    part_width: str = ""
    text_x: str = ""
    text_y: str = ""
    href: str = ""


def lying(rows, *, left=104, room=112, hrefs=()):
    """Bars from ``left`` on, one below the other, of [(label, value, part or None)]; the longest is ``room`` wide.

    ``hrefs``: where each of them leads. Six fit. A value of None or below zero has no length.
    """
    longest = max((value or 0 for _label, value, _part in rows), default=0) or 1
    step = 21 if len(rows) <= 6 else 126 / len(rows)
    thick = step * 15 / 21
    bars = []
    for place, (label, value, part) in enumerate(rows):
        width = room * max(0, value or 0) / longest
        bars.append(
            Bar(
                label,
                value,
                part,
                x=_n(left + 6),
                y=_n(4 + place * step),
                width=_n(width),
                height=_n(thick),
                part_width=_n(room * max(0, part or 0) / longest),
                text_x=_n(left + 11 + width),
                text_y=_n(4 + place * step + thick / 2 + 4),
                href=hrefs[place] if hrefs else "",
            )
        )
    return bars


def cumulative(shares, *, left=110, room=112):
    """A path down the bars of `lying`: at each the share of all so far, which is 1 at the last."""
    step = 21 if len(shares) <= 6 else 126 / len(shares)
    points = [(left + room * share, 4 + place * step + step * 7.5 / 21) for place, share in enumerate(shares)]
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points) if points else ""


def standing(rows, *, left=28, right=262, top=12, floor=112, hrefs=()):
    """(bars, gridlines) standing on ``floor`` side by side, of [(label, value)]; gridlines are (y, value) from 0 up.

    ``hrefs``: where each bar leads.
    """
    highest = nice(max((value for _label, value in rows), default=0))
    step = (right - left) / max(1, len(rows))
    bars = []
    for place, (label, value) in enumerate(rows):
        tall = (floor - top) * value / highest if value else 0
        bars.append(
            Bar(
                label,
                value,
                x=_n(left + place * step + 1),
                y=_n(floor - tall),
                width=_n(max(1, step - 2)),
                height=_n(tall),
                href=hrefs[place] if hrefs and value else "",
            )
        )
    lines = [(_n(floor - (floor - top) * part), round(highest * part)) for part in (0, 0.5, 1)]
    return bars, lines


def steps(points, *, left=34, right=262, top=10, floor=112, last=60):
    """A path that rises in steps: [(minutes, share)], the minutes on a logarithmic scale up to ``last``."""
    path = f"M{_n(left)} {_n(floor)}"
    for minutes, share in points:
        path += f"H{_n(on_scale(minutes, left=left, right=right, last=last))}V{_n(floor - (floor - top) * share)}"
    return path + f"H{_n(right)}"


def dot(minutes, share, *, left=34, right=262, top=10, floor=112, last=60):
    """(x, y) of a point on the path of `steps`."""
    return _n(on_scale(minutes, left=left, right=right, last=last)), _n(floor - (floor - top) * share)


def on_scale(minutes, *, left=34, right=262, last=60):
    """Where so many minutes lie on the scale, which begins at 0 and ends at ``last``."""
    return left + (right - left) * log(1 + minutes) / log(1 + last)


def nice(number):
    """The next 2, 4, 10, 20, 40 ... at or above ``number``: half of it is whole as well."""
    size = 1
    while True:
        for step in (2, 4, 10):
            if step * size >= number:
                return step * size
        size *= 10


def _n(number):
    return f"{number:.1f}"

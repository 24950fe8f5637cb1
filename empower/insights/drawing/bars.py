"""Bars: standing side by side, and lying one below the other with their names before them."""

from dataclasses import dataclass

from .rendering import drawn
from .svg import leading
from .theme import HEIGHT, axis, drawing, layer, lengths, places, short

#: So many lying bars fit, and so many above the scale of a Pareto chart.
ROWS, CAUSES = 6, 5

_STEP, _THICK = 21, 15


@dataclass(frozen=True)
class Bar:
    """One bar: ``part`` of its ``value`` is drawn stronger, ``share`` is what it and those above are of all.

    ``said`` is its number in words, ``href`` is where a click leads, ``says`` what is shown where the mouse rests.
    """

    label: str
    value: float
    said: str = ""
    says: str = ""
    href: str = ""
    part: float = 0
    share: float | None = None


def standing(bars, *, number, shares):
    """Bars of equal parts of a scale from nothing to all, the last one apart: what reached it.

    ``number`` and ``shares`` say a number and a share of the scale in words.
    """
    highest = nice(max((bar.value for bar in bars), default=0))
    width = 100 / len(bars)
    rows = [{"x": place * width, "x2": (place + 1) * width, "y": bar.value, "y2": 0} for place, bar in enumerate(bars)]
    hits = [
        row | {"y": highest, "href": leading(bar.href), "says": bar.says}
        for row, bar in zip(rows, bars, strict=True)
        if bar.value
    ]
    spec = drawing(
        "limit use",
        [
            layer("bar", "bar", rows[:-1], binSpacing=2),
            layer("bar-wait", "bar", rows[-1:], binSpacing=2),
            *([layer("hit", "bar", hits, binSpacing=0)] if hits else []),
        ],
        left=28,
        top=12,
        x=lengths(0, 100, axis([(part, shares(part / 100)) for part in (0, 25, 50, 75, 100)], domain=True))
        | {"bin": "binned"},
        y=lengths(0, highest, axis([(part, number(part)) for part in (0, highest // 2, highest)], grid=True)),
    )
    return drawn(spec)


def lying(what, bars, *, left=110, right=42):
    """Bars one below the other, the longest as long as the room between the names and the numbers. Six fit.

    A value below nothing has no length.
    """
    return drawn(_lying(what, bars, left=left, right=right))


def pareto(what, bars, *, shares):
    """Lying bars in the order of their size, and down them the share of all that is reached with each; five fit."""
    spec = _lying(what, bars, rows=CAUSES, left=110, right=28, numbers_at_end=True)
    line = [{"x": bar.share, "y": place} for place, bar in enumerate(bars)]
    scale = axis([(part, shares(part)) for part in (0, 0.5, 1)], grid=True, orient="bottom")
    # Its own scale for the line: the same room is all there is, whatever the longest bar is.
    for kind, mark, words in (("halo", "line", scale), ("line-3", "line", None), ("dot-3", "point", None)):
        one = layer(kind, mark, line)
        one["encoding"]["x"] = {"field": "x", **lengths(0, 1, words)}
        spec["layer"].insert(-1, one)
    spec["resolve"] = {"scale": {"x": "independent"}}
    return drawn(spec)


def nice(number):
    """The next 2, 4, 10, 20, 40 ... at or above ``number``: half of it is whole as well."""
    size = 1
    while True:
        for step in (2, 4, 10):
            if step * size >= number:
                return step * size
        size *= 10


def _lying(what, bars, *, left, right, rows=ROWS, numbers_at_end=False):
    told = [
        {
            "y": place,
            "x": max(0, bar.value),
            "x2": 0,
            "part": max(0, bar.part),
            "says": bar.says,
            "href": leading(bar.href),
        }
        for place, bar in enumerate(bars)
    ]
    longest = max((row["x"] for row in told), default=0) or 1
    names = [{"x": 0, "y": place, "text": short(bar.label)} for place, bar in enumerate(bars)]
    numbers = [
        {"x": longest if numbers_at_end else row["x"], "y": row["y"], "text": bar.said}
        for row, bar in zip(told, bars, strict=True)
    ]
    plain = [{name: row[name] for name in ("x", "x2", "y")} for row in told]
    again = [{"x": row["part"], "x2": 0, "y": row["y"]} for row in told if row["part"]]
    # The whole row is clicked: its name, its bar and its number.
    hits = [{"x": 0, "x2": longest, **{name: row[name] for name in ("y", "says", "href")}} for row in told]
    return drawing(
        what,
        [
            layer("name", "text", names, align="right", dx=-6),
            layer("bar", "bar", plain),
            *([layer("bar-hi", "bar", again)] if again else []),
            layer(
                "text",
                "text",
                numbers,
                align="right" if numbers_at_end else "left",
                dx=right - 2 if numbers_at_end else 5,
            ),
            layer("hit", "bar", hits),
        ],
        left=left,
        right=right,
        top=4,
        bottom=HEIGHT - 4 - rows * _STEP,
        x=lengths(0, longest),
        y=places(rows, gap=(_STEP - _THICK) / _STEP),
    )

"""What goes on: how soon a yes comes, and how a budget burns."""

from .rendering import drawn
from .svg import leading
from .theme import axis, drawing, layer, lengths, shares

#: Minutes with a word below the curves; the scale gives the first ones the room they need.
_MINUTES = (1, 2, 5, 10, 20, 60)


def waits(curves, dots, *, number, percent, last, promise=5):
    """How many had their yes by when: ``curves`` and ``dots`` are {kind of mark: ...} of steps [(minutes, share)], and of
    points (minutes, share, says, href).

    ``last`` is what the last word of the scale of 60 minutes says; ``promise``: the minutes at which a line stands.
    """
    steps = [
        layer(kind, "line", [{"x": minutes, "y": share} for minutes, share in points], interpolate="step-after")
        for kind, points in curves.items()
    ]
    words = [(minutes, number(minutes)) for minutes in _MINUTES[:-1]]
    return drawn(
        drawing(
            "waits",
            [
                layer("now", "rule", [{"x": promise, "y": 0, "y2": 1.06}]),
                *steps,
                *(layer(kind, "point", [_dot(*one) for one in points]) for kind, points in dots.items() if points),
            ],
            x=lengths(
                0, _MINUTES[-1], axis([*words, (_MINUTES[-1], last)], domain=True, ticks=True, labelPadding=2), log=True
            ),
            y=lengths(0, 1, shares(percent)),
        )
    )


def burn(told, top, *, days, allotted, now):
    """The money spent since the beginning, the way to the allotment, and the band of what is foretold; ``top`` is the scale's.

    ``told``: a `queries.budgets.Burn`. ``days``: the words for the first and the last day; ``allotted`` and ``now``: for the
    allotment, and for the day up to which it is counted.
    """
    length = (told.ends_on - told.begins_on).days + 1
    spent, path = 0, [{"x": 0, "y": 0}]
    for number, one in enumerate(told.spent, 1):
        spent += one
        path.append({"x": number, "y": spent})
    passed = path[-1]["x"]
    foretold = []
    if told.forecast:
        value, low, high = told.forecast
        foretold = [
            layer("band", "area", [{"x": passed, "y": spent, "y2": spent}, {"x": length, "y": low, "y2": high}]),
            layer("line-2", "line", [{"x": passed, "y": spent}, {"x": length, "y": value}]),
        ]
    words = [(0, days[0]), (length, days[1])]
    if 0.2 <= passed / length <= 0.8:
        words.insert(1, (passed, now))
    return drawn(
        drawing(
            "budget burn",
            [
                *foretold[:1],
                layer("lim", "rule", [{"x": 0, "x2": length, "y": told.allotted}]),
                layer(
                    "text-ink",
                    "text",
                    [{"x": 0, "y": told.allotted, "text": allotted}],
                    align="left",
                    baseline="bottom",
                    dx=2,
                    dy=-4,
                ),
                layer("line-3", "rule", [{"x": 0, "y": 0, "x2": length, "y2": told.allotted}]),
                *foretold[1:],
                layer("line", "line", path),
                layer("now", "rule", [{"x": passed, "y": 0, "y2": top}]),
            ],
            left=4,
            top=20,
            x=lengths(0, length, axis(words, domain=True)),
            y=lengths(0, top),
        )
    )


def _dot(x, y, says, href):
    return {"x": x, "y": y, "says": says, "href": leading(href)}

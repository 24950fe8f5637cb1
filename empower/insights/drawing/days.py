"""A calendar: a week is a column, Monday on top."""

from datetime import timedelta

from .rendering import drawn
from .svg import leading
from .theme import WIDTH, drawing, layer, places, spread

#: A day is no larger, however few weeks there are; a smaller one than that has no word beside it.
_SIDE, _WORD = 16.0, 11.0
_GAP = 1.2

#: The days of a week that are named, from Monday on.
_NAMED = (0, 2, 4, 6)


def calendar(begins, ends, cells, *, date, weekday):
    """``cells``: {day: (how full, 0 to 4, or None where it is hidden, says, href)}.

    ``date`` and ``weekday`` say a day in words.
    """
    first = begins - timedelta(days=begins.weekday())
    weeks = (ends - first).days // 7 + 1
    rows, day = {}, begins
    while day <= ends:
        column, row = divmod((day - first).days, 7)
        full, says, href = cells.get(day, (0, "", ""))
        kind = "day-few" if full is None else f"day-{full}"
        rows.setdefault(kind, []).append({"x": column, "y": row, "says": says, "href": leading(href)})
        day += timedelta(days=1)
    # The first and the last word are of the very days, those between of the Monday of their week.
    labels = [date(first + timedelta(weeks=column)) for column in range(weeks)]
    labels[-1], labels[0] = date(ends), date(begins)
    named = [(row, weekday(first + timedelta(days=row))) for row in _NAMED]
    return drawn(_spec([layer(kind, "rect", days) for kind, days in sorted(rows.items())], labels, named))


def _spec(days, labels, named):
    weeks, left = len(labels), 34
    side = min(_SIDE, (WIDTH - left - 2) / weeks)
    if side < _WORD:
        left, named = 2, []
        side = (WIDTH - left - 2) / weeks
    gap = min(_GAP / side, 0.15)
    # The words below hang from the last row of days: Vega gives a band one word in its middle, and no more room.
    below = {"baseline": "top", "dy": side / 2 + 5}
    begin, *rest = [{"x": column, "y": 6, "text": text} for column, text in spread(labels, side)]
    words = [
        layer("text", "text", [begin], align="left", dx=-side / 2, **below),
        layer("text-end", "text", rest[-1:], align="right", dx=side / 2, **below),
        layer("text-mid", "text", rest[:-1], align="center", **below),
    ]
    if named:
        beside = [{"x": 0, "y": row, "text": text} for row, text in named]
        words.append(layer("name", "text", beside, align="right", dx=-side / 2 - 5))
    return drawing(
        "calendar",
        [*days, *(one for one in words if one["data"]["values"])],
        left=left,
        right=WIDTH - left - weeks * side,
        top=4,
        bottom=22,
        size=(WIDTH, 4 + 7 * side + 22),
        x=places(weeks, gap=gap),
        y=places(7, gap=gap),
    )

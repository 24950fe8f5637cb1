"""The drawings of a panel that come after the first paint, each with its title, its words and the table behind it.

``asked`` answers the address of the same question, narrowed: a click on a part of a drawing asks about that part.
"""

from datetime import date, timedelta
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from empower.dates import written
from empower.spending.models import Gesture

from ..drawing import curves, days, limits
from ..queries import pictures
from ..queries.budgets import burns
from ..queries.dashboard import category_names
from ..queries.families import effects
from ..queries.hiding import is_hidden
from .figures import between, number, said, share_said, sum_said
from .looks import names_of_groups

#: A calendar of more weeks than a year has is too fine to read: the table has them all.
_WEEKS_DRAWN = 53


def pictures_of(name, selection, asked):
    """[what `_chart.html` shows] of the panel of this ``name``. Queries: a report for each, or a few for each budget."""
    draw = _DRAWN.get(name)
    return [one for one in draw(selection, asked, is_hidden(selection)) if one] if draw else []


def _used(selection, asked, hidden):
    yield _weeks(selection, asked, hidden)
    yield _calendar(selection, asked, hidden)


def _weeks(selection, asked, hidden):
    chart = pictures.weeks(selection, hidden=hidden)
    if chart is None:
        return None
    dots, rows = [], []
    for point in chart.points:
        monday = date.fromisoformat(point.key[0])
        href = asked(**selection.period.part(monday, monday + timedelta(days=6)))
        label = written(monday, "18 Nov")
        says = _("Week from %(day)s: %(share)s") % {"day": label, "share": share_said(point.share)}
        dots.append((point, says, href))
        rows.append(_row(href, label, share_said(point.share), number(point.successes), number(point.n), _place(point)))
    dots = dots[-_WEEKS_DRAWN:]
    labels = [row[0][1] for row in rows][-len(dots) :]
    return {
        "title": _("Use by week"),
        "beside": _("with the limits within which chance alone keeps it"),
        "says": _("%(outside)s of %(weeks)s weeks lie outside what chance explains.")
        % {"outside": number(sum(bool(point.stands_out) for point in chart.points)), "weeks": number(len(rows))},
        "drawing": limits.control(chart, dots, labels, percent=share_said),
        "key": _(
            "Dotted: all weeks together. An open dot lies outside the band, which chance does in 27 of 10,000 weeks."
        ),
        "heads": (_("Week from"), _("Use"), _("Used in"), _("Of incidents"), _("Outside chance")),
        "rows": rows,
    }


def _calendar(selection, asked, hidden):
    told = pictures.days(selection, hidden=hidden)
    if not told:
        return None
    ends = min(selection.period.ends or max(told), max(max(told), selection.now.date()))
    begins = max(selection.period.begins or min(told), ends - timedelta(days=7 * _WEEKS_DRAWN - 1))
    most = max((acts for acts in told.values() if acts), default=0) or 1
    cells, rows = {}, []
    for day, acts in told.items():
        href, label = asked(begins=day, ends=day), written(day, "18 Nov 2026")
        words = _("hidden") if acts is None else ngettext("%(n)s act", "%(n)s acts", acts) % {"n": number(acts)}
        cells[day] = None if acts is None else -(-4 * acts // most), f"{label}: {words}", href
        rows.append(_row(href, label, words))
    return {
        "title": _("Calendar of use"),
        "beside": _("acts of each day; a column is a week, from Monday"),
        "says": ngettext("%(n)s day with acts.", "%(n)s days with acts.", len(rows)) % {"n": number(len(rows))},
        "drawing": days.calendar(
            begins, ends, cells, date=lambda day: written(day, "18 Nov"), weekday=lambda day: written(day, "Sat")
        ),
        "key": _("Open: fewer than five people acted on that day, so its number is not told."),
        "heads": (_("Day"), _("Acts")),
        "rows": rows,
    }


def _resolved(selection, asked, hidden):
    rows = [] if hidden else effects.table(selection)
    if not rows:
        return
    causes = category_names()
    gestures = {one.code: str(one) for one in Gesture.objects.order_by()}
    columns = sorted({row.gesture for row in rows}, key=lambda code: gestures.get(code, code))
    cells = []
    for category, of in groupby(rows, key=lambda row: row.category):
        by_gesture = {row.gesture: row for row in of}
        told = [
            one and _cell(one, asked(category=category, gesture=one.gesture)) for one in map(by_gesture.get, columns)
        ]
        cells.append((causes.get(category) or _("no cause written"), told))
    yield {
        "is_wide": True,
        "title": _("What each gesture achieved for each cause"),
        "beside": _("share recovered; cells of fewer than eight incidents are hidden"),
        "says": _("%(n)s cells of a cause and a gesture.") % {"n": number(len(rows))},
        "corner": _("Cause"),
        "columns": [gestures.get(code, code) for code in columns],
        "cells": cells,
        "key": _("Who got what was nobody's experiment: it says what went together, not what works."),
        "heads": (
            _("Cause and gesture"), _("Incidents"), _("Recovered"),
            # xgettext:no-python-format
            _("95 % interval"),
            _("Median cost"), _("Feeling"),
            _("Not shown to do less"),
        ),
        "rows": [
            _row(
                asked(category=row.category, gesture=row.gesture),
                f"{causes.get(row.category) or _('no cause written')}, {gestures.get(row.gesture, row.gesture)}",
                said(row.incidents), said(row.recovered), between(row.recovered), said(row.cost), said(row.feeling),
                _("yes") if row.works else _("no"),
            )
            for row in rows
        ],
    }  # fmt: skip


def _cell(row, href):
    share = row.recovered.value
    return {
        "full": "none" if share is None else min(4, int(5 * share)),
        "words": said(row.recovered),
        "of": f"n {number(row.incidents.value)}",
        "href": href,
    }


def _cost(selection, asked, hidden):
    for told in burns(selection):
        spent, rows = 0, []
        for place, one in enumerate(told.spent):
            spent += one
            day = told.begins_on + timedelta(days=place)
            if one:
                label = written(day, "18 Nov 2026")
                sums = sum_said(one, told.currency), sum_said(spent, told.currency)
                rows.append(_row(asked(begins=day, ends=day), label, *sums))
        foretold = ""
        if told.forecast:
            value, low, high = (sum_said(round(one), told.currency) for one in told.forecast)
            foretold = _("By the end %(value)s, if it goes on like this; 95 %% interval %(low)s to %(high)s.") % {
                "value": value, "low": low, "high": high,
            }  # fmt: skip
        top = max(told.allotted, spent, *(told.forecast or ()), 1)
        last = told.begins_on + timedelta(days=len(told.spent) - 1)
        drawing = curves.burn(
            told, top,
            days=[written(day, "18 Nov") for day in (told.begins_on, told.ends_on)],
            allotted=sum_said(told.allotted, told.currency), now=written(last, "18 Nov"),
        )  # fmt: skip
        yield {
            "title": _("Budget burn, %(currency)s") % {"currency": told.currency},
            "beside": _("%(spent)s of %(allotted)s spent")
            % {"spent": sum_said(spent, told.currency), "allotted": sum_said(told.allotted, told.currency)},
            "says": foretold or _("Nothing is foretold before seven days are over."),
            "drawing": drawing,
            "key": _("Line: spent. Dotted: the budget, day by day. Broken, with its band: what is to be expected."),
            "heads": (_("Day"), _("Spent"), _("Since the beginning")),
            "rows": rows,
        }


def _look(selection, asked, hidden):
    if hidden:
        return
    found = pictures.funnels(selection, hidden=hidden)
    named = names_of_groups(selection)
    for by, chart in found:
        is_of_houses = by == ("property",)
        names = {point.key: named.get((*by, *point.key), "/".join(point.key)) for point in chart.points}
        points = sorted(chart.points, key=lambda point: names[point.key])
        dots, rows = [], []
        for point in points:
            href = asked(**dict(zip(by, point.key, strict=True)))
            says = _("%(name)s: %(share)s of %(n)s") % {
                "name": names[point.key], "share": share_said(point.share), "n": number(point.n),
            }  # fmt: skip
            dots.append((point, says, href))
            told = share_said(point.share), number(point.successes), number(point.n), _place(point)
            rows.append(_row(href, names[point.key], *told))
        yield {
            "title": _("Use by property") if is_of_houses else _("Use by department"),
            "beside": _("beside how many incidents it had; inside the bands it is chance"),
            "says": "; ".join(says for _point, says, _href in dots),
            "drawing": limits.funnel(chart, dots, number=number, percent=share_said) if points else "",
            "key": _("Dotted: all together. Inside the inner band lie 95 of 100 by chance, inside the outer 999 of 1,000."),
            "heads": (
                _("Property") if is_of_houses else _("Department"), _("Use"), _("Used in"), _("Of incidents"),
                _("Outside chance"),
            ),
            "rows": rows,
        }  # fmt: skip


def _place(point):
    return {"": _("no"), "warning": _("outside the inner band"), "alarm": _("outside")}[point.stands_out]


def _row(href, first, *others):
    """A row of the table behind: its first cell leads where its mark does."""
    return [(href, first), *(("", words) for words in others)]


_DRAWN = {"used": _used, "resolved": _resolved, "cost": _cost, "look": _look}

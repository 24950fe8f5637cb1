"""What is drawn after the first paint: rates in time, groups beside each other, days of a calendar. Counted, not drawn.

Groups of fewer than five people are left out, of every drawing, and nobody is put in an order.
"""

from datetime import date

from . import signals
from .reports import report


def weeks(selection, *, hidden):
    """The control `Chart` of use by week, or None."""
    return signals.control_chart(_use_by(selection, ("week",), hidden), "use")


def days(selection, *, hidden):
    """{day: acts of that day, None where they are hidden}, of the days with any, in their order."""
    found = {}
    for group in _use_by(selection, ("day",), hidden).groups:
        acts = next(one for one in group.figures if one.name == "acts")
        if acts.hidden or acts.value:
            found[date.fromisoformat(group.key[0])] = acts.value
    return dict(sorted(found.items()))


def funnels(selection, *, hidden):
    """[(by, `Chart`)] of use: of the properties where several are asked about, and of the departments."""
    several = selection.user.sees_every_property and not selection.property
    asked = []
    if several:
        asked.append(("property",))
    if not selection.department:
        asked.append(("property", "department") if several else ("department",))
    told = [(by, signals.funnel_chart(_use_by(selection, by, hidden), "use")) for by in asked]
    return [(by, _of_named_groups(chart)) for by, chart in told if chart is not None]


def _of_named_groups(chart):
    """Without what belongs to no department: it is nobody's to look into."""
    return signals.Chart(chart.target, chart.widening, tuple(point for point in chart.points if all(point.key)))


def _use_by(selection, by, hidden):
    return report("usage", selection, by, hidden=hidden, with_families=False)

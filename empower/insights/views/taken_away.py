"""What is taken away from the dashboard: all of it on one page, for paper; and its figures as a table."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from empower import exporting
from empower.spending.services import escalate_overdue_approvals

from ..queries.dashboard import dashboard as dashboard_of
from ..queries.moment import one_moment
from ..queries.panels import PANELS, filled
from ..queries.selection import FILTERS
from ..serializers import TABLE_COLUMNS, figure_as_line
from ..services import keep_roll_ups
from .asking import question_of
from .dashboard import told_of
from .panel import panel_told

#: A line of the table: the panel and the question, the figure, and beside it what it was in the period before.
_COLUMNS = ("panel", "from", "to", *FILTERS, *TABLE_COLUMNS[4:], "before", "before_from", "before_to")


@login_required
@require_safe
def whole(request):
    """The dashboard with every panel whole, for paper and for who has no script. Slower than the page: it counts it all."""
    question = question_of(request)
    escalate_overdue_approvals()
    keep_roll_ups()
    with one_moment():
        found = dashboard_of(question.selection)
        panels = {name: panel_told(question.selection, name) for name in PANELS}
    before = {at: one for panel in panels.values() for at, one in panel["before"].items()}
    told = told_of(request, question, found) | {"panels": panels, "before": before, "is_whole": True}
    told |= {"asked": question.narrowed, "dashboard_url": question.address("insights:dashboard")}
    return render(request, "insights/whole.html", told, status=200 if question.fits else 400)


@login_required
@require_safe
def figures(request, form):
    """The figures of the page as CSV or XLSX, each as its panel has it, with the same question. 404 for another form."""
    if form not in ("csv", "xlsx"):
        raise Http404
    question = question_of(request)
    if not question.fits:
        raise Http404
    keep_roll_ups()
    with one_moment():
        told = list(_lines(question.selection))
    columns = [((name,), None) for name in _COLUMNS]
    return exporting.answer(request, form, told, columns, address="/api/v1/dashboard/")


def _lines(selection):
    asked = {name: getattr(selection, name) for name in FILTERS}
    days = selection.period.begins, selection.period.ends
    asked |= {name: day and day.isoformat() for name, day in zip(("from", "to"), days, strict=True)}
    for name in PANELS:
        found = filled(selection, name)
        for one in (*found.main, *found.more):
            was = found.before.get((one.name, one.currency))
            then = figure_as_line(was) if was else {}
            yield {
                "panel": name,
                **asked,
                **figure_as_line(one),
                "before": then.get("value"),
                "before_from": then.get("interval_from"),
                "before_to": then.get("interval_to"),
            }

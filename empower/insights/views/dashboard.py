"""The dashboard: six questions, the figures that answer them, and the rows behind each.

The first answer is counted from the roll-ups. Each panel then fetches what is counted from the facts, and what it was in
the period before; without script a link leads to all of it on one page.
"""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from empower.spending.services import escalate_overdue_approvals

from ..queries.dashboard import dashboard as dashboard_of
from ..queries.moment import one_moment
from ..queries.panels import PANELS, period_before
from ..services import keep_roll_ups
from .asking import question_of, rows_behind, rows_of_teams
from .panel import panel_told


@login_required
@require_safe
def dashboard(request):
    """What was asked is in the address; a wrong question is shown with its faults, and the usual one answered."""
    question = question_of(request)
    escalate_overdue_approvals()
    keep_roll_ups()
    with one_moment():
        found = dashboard_of(question.selection)
    told = told_of(request, question, found) | {
        "compares": period_before(question.selection.period) is not None,
        "later": {name: question.address("insights:panel", name) for name in PANELS},
    }
    return render(request, "insights/dashboard.html", told, status=200 if question.fits else 400)


@login_required
@require_safe
def panel(request, name):
    """What comes to a panel after the first paint; a page of its own is all of them together."""
    if name not in PANELS:
        raise Http404
    question = question_of(request)
    if not request.htmx:
        return redirect(f"{question.address('insights:whole')}#{name}")
    keep_roll_ups()
    with one_moment():
        told = panel_told(question.selection, name)
    return render(request, "insights/_later.html", told | {"user": request.user})


def told_of(request, question, found):
    """What the page and the paper are made of."""
    user, selection = request.user, question.selection
    return {
        "form": question.form,
        "fits": question.fits,
        "selection": selection,
        "found": found,
        "rows": rows_behind(selection) | {"teams": rows_of_teams(selection, found.quiet_teams)},
        "chosen": question.chosen,
        "may_see_queue": user.rank > 0 or user.sees_every_property,
        "whole_url": question.address("insights:whole"),
        "csv_url": question.address("insights:figures", "csv"),
        "xlsx_url": question.address("insights:figures", "xlsx"),
    }

"""The dashboard: six questions, the figures that answer them, and the rows behind each."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from empower.incidents.forms import KNOWN, STANDING
from empower.spending.services import escalate_overdue_approvals

from ..forms import BETWEEN, QuestionForm
from ..permissions import can_read_figures
from ..queries.dashboard import dashboard as dashboard_of
from ..queries.moment import one_moment
from ..queries.period import DEFAULT_DAYS
from ..services import keep_roll_ups


@login_required
def dashboard(request):
    """What was asked is in the address; a wrong question is shown with its faults, and the usual one answered."""
    user = request.user
    if not can_read_figures(user):
        raise PermissionDenied
    escalate_overdue_approvals()
    form = QuestionForm(request.GET, user=user)
    fits = form.is_valid()
    asked = form if fits else QuestionForm({}, user=user)
    asked.is_valid()
    selection = asked.selection
    keep_roll_ups()
    with one_moment():
        found = dashboard_of(selection)
    return render(
        request,
        "insights/dashboard.html",
        {
            "form": form,
            "fits": fits,
            "selection": selection,
            "found": found,
            "rows": _rows(selection, found.quiet_teams),
            "chosen": BETWEEN if form.asks_for_days else request.GET.get("period") or str(DEFAULT_DAYS),
            "may_see_queue": user.rank > 0 or user.sees_every_property,
        },
        status=200 if fits else 400,
    )


def _rows(selection, teams):
    """Where the incidents behind a figure are listed, by what they are called in the template.

    "" where the list can't ask the same: by the gesture. Behind acts, requests and sums stand spends, which no list has;
    those figures have no link at all.
    """
    listed = reverse("incidents:incident_list")
    always = {
        "property": selection.property,
        "department": selection.department,
        "category": selection.category,
        "occurred_on_from": selection.period.begins,
        "occurred_on_to": selection.period.ends,
        "status": STANDING,
    }

    def where(kind, **more):
        asked = always | {"kind": kind} | more
        return f"{listed}?{urlencode({name: value for name, value in asked.items() if value})}"

    def behind(kind, **more):
        if selection.gesture or selection.kind not in (None, kind):
            return ""
        return where(kind, **more)

    return {
        "recoveries": behind("recovery"),
        "delights": behind("delight"),
        "resolved": behind("recovery", status="resolved"),
        "known": behind("recovery", status="resolved", outcome=KNOWN),
        "unknown": behind("recovery", status="resolved", outcome="unknown"),
        # A team is asked about whatever the kind and the gesture.
        "teams": [(team, where("recovery", property=team.property, department=team.department)) for team in teams],
    }

"""The dashboard: six questions, the figures that answer them, and the rows behind each."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from empower.spending.services import escalate_overdue_approvals
from empower.staff.models import Department

from .forms import BETWEEN, QuestionForm
from .permissions import can_read_figures
from .queries.dashboard import dashboard as dashboard_of
from .queries.period import DEFAULT_DAYS


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
    return render(
        request,
        "insights/dashboard.html",
        {
            "form": form,
            "fits": fits,
            "selection": selection,
            "found": dashboard_of(selection),
            "rows": _rows(selection),
            "chosen": BETWEEN if form.asks_for_days else request.GET.get("period") or str(DEFAULT_DAYS),
            "may_see_queue": user.rank > 0 or user.sees_every_property,
        },
        status=200 if fits else 400,
    )


def _rows(selection):
    """Where the rows behind the figures are: lists of incidents, by what they are called in the template. One query."""
    asked = {
        "property": selection.property if selection.user.sees_every_property else None,
        "category": selection.category,
        "since": selection.period.begins,
        "until": selection.period.ends,
    }
    if selection.department:
        # The list knows departments one by one; a code that several properties share is none of them.
        known = Department.objects.visible_to(selection.user).filter(code=selection.department)
        if selection.property:
            known = known.filter(property__code=selection.property)
        ids = list(known.values_list("pk", flat=True)[:2])
        asked["department"] = ids[0] if len(ids) == 1 else None
    listed = reverse("incidents:incident_list")

    def where(**more):
        chosen = {name: value for name, value in (asked | more).items() if value}
        return f"{listed}?{urlencode(chosen)}" if chosen else listed

    return {
        "all": where(kind=selection.kind),
        "recoveries": where(kind="recovery"),
        "delights": where(kind="delight"),
        "resolved": where(kind="recovery", status="resolved"),
    }

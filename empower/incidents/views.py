"""The list of incidents. An incident's own page stands above, in `spending`: it tells what was given."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import render

from empower.staff.permissions import acts_at, sees_guests

from .forms import FilterForm
from .models import Incident

A_PAGE = 25


@login_required
def incident_list(request):
    """The latest first, narrowed by what the address says. A filter that is wrong is shown, and narrows nothing."""
    user = request.user
    if not sees_guests(user):
        raise PermissionDenied
    incidents = Incident.objects.visible_to(user)
    form = FilterForm(request.GET, user=user)
    fits = form.is_valid()
    narrowed = form.narrow(incidents) if fits else incidents.none()
    page = Paginator(narrowed.with_details().order_by("-occurred_at", "-pk"), A_PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    return render(
        request,
        "incidents/incident_list.html",
        {
            "form": form,
            "page": page,
            "kept": kept.urlencode(),
            "is_narrowed": not fits or form.is_narrowed,
            "may_log": user.property_id is not None and acts_at(user, user.property_id),
        },
        status=200 if fits else 400,
    )

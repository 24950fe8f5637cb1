"""A person's own pages: today, and the record of what they gave."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.shortcuts import render

from empower import clock
from empower.audit.models import AuditEvent
from empower.incidents.models import IncidentGuest, Outcome
from empower.staff.models import Employee
from empower.staff.permissions import acts_at, sees_guests

from ..models import Approval, Spend
from ..queries.before import standing_before
from ..queries.looks import how_it_was
from ..queries.news import marker_of
from ..queries.own_figures import DAYS, own_figures
from ..queries.unfinished import unfinished, unfinished_ids, unfinished_named
from ..services import escalate_overdue_approvals

#: The latest are on the own page, all of them on a page of their own.
LOOKED_AT_SHOWN = 5
A_PAGE = 20


@login_required
def today(request):
    """What one may give, what waits, what to finish, and one's open incidents."""
    user = _somebody_who_sees_guests(request)
    escalate_overdue_approvals()
    requests = Approval.objects.visible_to(user).filter(employee=user, status__in=["open", "to_confirm"])
    requests = list(requests.with_details().select_related("question_by", "spend__incident__property").oldest_first())
    return render(
        request,
        "spending/today.html",
        {
            "plate": _plate(user),
            "requests": requests,
            "marker": marker_of(requests),
            "answered": _answered_lately(user),
            "unfinished": unfinished(user),
        },
    )


@login_required
def own_page(request):
    """What to finish and may still be given there, what one gave and how it ended, one's own figures, thanks, who looked
    at one's record; the choices of this device.
    """
    user = request.user
    # How it ended for that guest: an incident of forty shows the worst of them.
    ends = IncidentGuest.objects.filter(incident=OuterRef("incident"), guest=OuterRef("guest")).values("outcome")
    acts = Spend.objects.visible_to(user).filter(employee=user).with_details().annotate(ended=Subquery(ends[:1]))
    acts = acts.select_related(
        "incident__category", "incident__property", "guest", "gesture", "property", "approval__decided_by"
    )
    page = Paginator(acts.order_by("-recorded_at", "-pk"), A_PAGE).get_page(request.GET.get("page"))
    for spend in page:
        spend.ended_said = Outcome(spend.ended).label if spend.ended else ""
    return render(
        request,
        "spending/own_page.html",
        {
            "plate": _plate(user),
            "page": page,
            "marker": marker_of(getattr(spend, "approval", None) for spend in page),
            "unfinished": unfinished(user),
            "figures": own_figures(user),
            "days": DAYS,
            "lookers": _told(_looks(user)[:LOOKED_AT_SHOWN]),
            "more_looked": _looks(user)[LOOKED_AT_SHOWN : LOOKED_AT_SHOWN + 1].exists(),
        },
    )


@login_required
def to_finish(request):
    """All that one has left to finish, the latest first."""
    user = _somebody_who_sees_guests(request)
    page = Paginator(unfinished_ids(user), A_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "spending/to_finish.html", {"page": page, "unfinished": unfinished_named(user, page.object_list)}
    )


def _somebody_who_sees_guests(request):
    if not sees_guests(request.user):
        raise PermissionDenied
    return request.user


def _plate(user):
    """What one may give to a guest whom nothing was given yet; None where one gives nothing, or in no single place."""
    if user.property_id is None or not acts_at(user, user.property_id):
        return None
    return standing_before(employee=user, property=user.property)[None]


def _answered_lately(user):
    since = clock.now() - timedelta(hours=24)
    answered = Approval.objects.visible_to(user).filter(employee=user, decided_at__gte=since).with_details()
    return answered.select_related("spend__incident__property").order_by("-decided_at")[:5]


@login_required
def own_record(request):
    """All who opened one's record or filtered a list by it, the latest first."""
    page = Paginator(_looks(request.user), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "spending/own_record.html", {"page": page, "lookers": _told(page)})


def _looks(user):
    return (
        AuditEvent.objects.visible_to(user)
        .filter(about_id=user.pk, verb="employee.viewed", outcome="accepted")
        .order_by("-pk")
    )


def _told(events):
    """Each look as {at, person, says}: a person who is not there any more is nobody. One query for all the people."""
    events = list(events)
    people = Employee.objects.in_bulk({event.actor_id for event in events})
    return [{"at": event.at, "person": people.get(event.actor_id), "says": how_it_was(event.body)} for event in events]

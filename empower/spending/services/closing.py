"""Resolving, voiding and changing an incident: asked of what was given on it, since it does not know its spends."""

from django.utils.translation import gettext as _

from empower.audit.services import command
from empower.incidents.services import annul_incident, close_incident
from empower.refusals import NotPossible
from empower.texts import malformed

from ..models import Spend, SpendStatus
from .escalating import escalate_overdue_approvals
from .locking import lock_incident


@command("incident.resolved", subject="incident")
def resolve_incident(*, actor, incident, outcome=None, feeling_after=None, guests=None):
    """Resolve it, unless a spend on it still waits (NotPossible ``spend_waiting``). Else as `close_incident`."""
    escalate_overdue_approvals(incident=incident)  # what has run out by its clock waits no longer
    incident = lock_incident(incident)
    waiting = Spend.objects.waiting().filter(incident=incident).count()
    if waiting:
        raise NotPossible(
            "spend_waiting",
            _("Something is still waiting for a yes here: have it decided or take it back first."),
            state={"incident": incident.pk, "waiting": waiting},
        )
    return close_incident(actor=actor, incident=incident, outcome=outcome, feeling_after=feeling_after, guests=guests)


@command("incident.voided", subject="incident")
def void_incident(*, actor, incident, reason):
    """Void it, with a reason, unless something posted or pending stands on it (NotPossible ``spend_stands``)."""
    escalate_overdue_approvals(incident=incident)
    incident = lock_incident(incident)
    standing = Spend.objects.filter(incident=incident, status__in=[SpendStatus.POSTED, SpendStatus.PENDING]).count()
    if standing:
        raise NotPossible(
            "spend_stands",
            _("Something was given or waits here: reverse it or take it back before you void the incident."),
            state={"incident": incident.pk, "standing": standing},
        )
    return annul_incident(actor=actor, incident=incident, reason=reason)


def keep_with_its_spends(incident, fields):
    """What `change_incident` asks first: the kind stays with what was booked by it, and nothing is given before it occurs.

    NotPossible ``spend_stands``; ValidationError ``occurred_at``. One query, and none for other fields.
    """
    if not fields & {"kind", "occurred_at"}:
        return
    given = Spend.objects.filter(incident=incident, status__in=[SpendStatus.POSTED, SpendStatus.PENDING])
    first = given.order_by("occurred_at").select_related("incident").first()
    if first is None:
        return
    if incident.kind != first.incident.kind:
        raise NotPossible(
            "spend_stands",
            _("Something was given or waits here, and is booked by the kind: the kind stays."),
            field="kind",
            state={"incident": incident.pk},
        )
    if incident.occurred_at > first.occurred_at:
        raise malformed("occurred_at", _("Not later than what was first given for it."), code="after_a_spend")

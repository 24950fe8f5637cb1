"""One order of locks, so that no two commands wait for each other: incident, counters, spend, request.

Always: take them by these functions before changing any of the four. No need: in a command that only gives, which locks
the incident and then raises the counters by one statement. SQLite has one writer at a time and needs none of it.
"""

from empower.incidents.models import Incident

from ..models import Approval, Authority, Spend


def lock_incident(incident):
    """The incident as it is now, held until the transaction ends: nothing is given on it or closed meanwhile."""
    held = Incident.objects.select_for_update(no_key=True, of=("self",)).select_related("property")
    return held.get(pk=incident.pk)


def lock_spend(spend):
    """(spend, approval or None) as they are now, held. Four queries."""
    lock_incident(spend.incident)
    held = [pk for pk in (spend.authority_id, spend.cap_id) if pk]
    list(Authority.objects.select_for_update().filter(pk__in=held).order_by("pk"))
    details = ("incident", "guest", "employee", "property", "department", "gesture", "policy", "authority", "cap")
    fresh = Spend.objects.select_for_update(of=("self",)).select_related(*details).get(pk=spend.pk)
    asked = Approval.objects.select_for_update(of=("self",)).filter(spend=fresh).first()
    if asked is not None:
        asked.spend = fresh
    return fresh, asked

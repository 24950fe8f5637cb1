"""One order of locks, so that no two commands wait for each other: incident, guest, counters, spend, request.

Always: take them by these functions before changing any of these. The guest is held because an act counts for every
record merged into one: nobody gives to the guest, and nobody merges them, meanwhile. No need to hold them twice: a
command that holds the spend holds all of it. SQLite has one writer at a time and needs none of it.
"""

from empower.incidents.models import Guest, Incident

from ..models import Approval, Authority, Spend


def lock_incident(incident):
    """The incident as it is now, held until the transaction ends: nothing is given on it or closed meanwhile."""
    held = Incident.objects.select_for_update(no_key=True, of=("self",)).select_related("property")
    return held.get(pk=incident.pk)


def lock_guest(guest):
    """The record that stands for this guest, held until the transaction ends. One query; two for a merged record."""
    held = Guest.objects.select_for_update(no_key=True).get(pk=guest.standing_id)
    while held.merged_into_id is not None:  # merged since it was read: the one it went into was merged into none
        held = Guest.objects.select_for_update(no_key=True).get(pk=held.merged_into_id)
    return held


def lock_several(*, incidents, guests):
    """For several acts in one transaction, before the first of them: their incidents in the order of ids, then the guests.

    Else two who do the same acts in another order would each wait for the other. Two queries.
    """
    for model, ids in (
        (Incident, {incident.pk for incident in incidents}),
        (Guest, {guest.standing_id for guest in guests}),
    ):
        held = model.objects.select_for_update(no_key=True).filter(pk__in=ids)
        list(held.order_by("pk").values_list("pk"))


def lock_spend(spend):
    """(spend, approval or None) as they are now, held. Five queries."""
    lock_incident(spend.incident)
    lock_guest(spend.guest)
    held = [pk for pk in (spend.authority_id, spend.cap_id) if pk]
    list(Authority.objects.select_for_update().filter(pk__in=held).order_by("pk"))
    details = ("incident", "guest", "employee", "property", "department", "gesture", "policy", "authority", "cap")
    fresh = Spend.objects.select_for_update(of=("self",)).select_related(*details).get(pk=spend.pk)
    asked = Approval.objects.select_for_update(of=("self",)).filter(spend=fresh).first()
    if asked is not None:
        asked.spend = fresh
    return fresh, asked

"""An incident as the log keeps it (ids, codes and moments: no word that a person wrote), and its next version."""

from empower.audit.services import record_event
from empower.canonical import moment

from ..models import Incident, IncidentGuest

_IDS = ("property_id", "department_id", "touchpoint_id", "category_id", "owner_id", "recorded_by_id")
_MOMENTS = ("occurred_at", "reported_at", "resolved_at")


def lock(incident):
    """Reads the incident anew, and keeps others from changing it until the transaction ends. One query.

    NO KEY: a spend that is being written refers to the incident, and need not wait for a change of its category.
    """
    incident.refresh_from_db(from_queryset=Incident.objects.select_for_update(no_key=True))
    return incident


def guest_rows(incident):
    """The incident's guests, in order, with their records. One query."""
    return list(IncidentGuest.objects.filter(incident=incident).select_related("guest").order_by("pk"))


def state_of(incident, rows):
    state = {name: getattr(incident, name) for name in _IDS}
    state |= {name: getattr(incident, name) and moment(getattr(incident, name)) for name in _MOMENTS}
    return state | {
        "kind": str(incident.kind),
        "status": str(incident.status),
        "severity": incident.severity,
        "outcome": str(incident.outcome),
        "version": incident.version,
        "guests": [
            {
                "guest_id": row.guest_id,
                "feeling_before": row.feeling_before,
                "feeling_after": row.feeling_after,
                "outcome": str(row.outcome),
            }
            for row in rows
        ],
    }


def save_next(incident, rows, *, actor, verb, before, facts=None):
    """Saves the incident as its next version, and records it."""
    incident.version += 1
    incident.save()
    record_event(
        actor=actor,
        verb=verb,
        subject=incident,
        property_id=incident.property_id,
        before=before,
        after=state_of(incident, rows),
        facts=facts,
    )
    return incident

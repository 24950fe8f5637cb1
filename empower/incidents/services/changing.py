"""An incident is told better: facts changed, another guest added."""

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.audit.services import command
from empower.refusals import NotPossible
from empower.texts import malformed

from ..models import IncidentGuest, IncidentKind, IncidentStatus, Outcome
from ..permissions import can_change
from . import checking
from .endings import GUEST_FACTS, each_guest
from .people import gather, store, told_of
from .recording import guest_rows, lock, save_next, state_of

_FIELDS = {
    "department", "touchpoint", "category", "severity", "narrative", "owner", "kind", "occurred_at", "reported_at",
}  # fmt: skip
_FOR_ITS_GUESTS = {*GUEST_FACTS, "guests"}

#: What apps above ask of a change before it is kept: functions of the changed incident (unsaved) and the field names.
ASKED_FIRST = []


@command("incident.changed", subject="incident")
def change_incident(*, actor, incident, version=None, **changes):
    """Change department, touchpoint, category, severity, narrative, owner, kind, occurred_at, reported_at, feelings.

    ``version`` (the one that was read): NotPossible ``stale`` when it has moved on. Event ``incident.changed``.

    ``feeling_before``, ``feeling_after`` and, once it is resolved, ``outcome``: for all its guests, or each its own in
    ``guests`` ([{"id": ..., "feeling_after": 9}]). By who works there, leaders and the system. NotPossible ``void``,
    ``not_resolved``. ValidationError names the field. ``incident`` is read anew, and is what is returned.
    """
    checking.require(can_change, actor, incident, "elsewhere", _("You change what happened at your own property."))
    if unknown := sorted(set(changes) - _FIELDS - _FOR_ITS_GUESTS):
        raise ValidationError({field: _("This can't be changed.") for field in unknown})
    lock(incident)
    checking.require_version(incident, version)
    _require_not_void(incident)
    if not changes:
        return incident
    rows = guest_rows(incident)
    before = state_of(incident, rows)
    for field in _FIELDS & set(changes):
        setattr(incident, field, _checked(incident, field, changes[field]))
    if {"occurred_at", "reported_at"} & set(changes):
        _check_moments(incident)
    for ask in ASKED_FIRST:
        ask(incident, set(changes))
    if _FOR_ITS_GUESTS & set(changes):
        _change_guests(incident, rows, {name: changes[name] for name in _FOR_ITS_GUESTS & set(changes)})
    return save_next(
        incident, rows, actor=actor, verb="incident.changed", before=before, facts={"fields": sorted(changes)}
    )


@command("incident.guest_added", subject="incident")
def add_guest(*, actor, incident, guest, version=None, feeling_before=None):
    """Another guest on the incident (a Guest, or a dict to create). Event ``incident.guest_added``.

    By who works there, leaders and the system. While it is open: NotPossible ``not_open``. ValidationError ``guests``
    when they are on it already. Returns the IncidentGuest.
    """
    checking.require(can_change, actor, incident, "elsewhere", _("You change what happened at your own property."))
    lock(incident)
    checking.require_version(incident, version)
    if incident.status != IncidentStatus.OPEN:
        raise NotPossible("not_open", _("Guests are added while the incident is open; reopen it first."))
    rows = guest_rows(incident)
    before = state_of(incident, rows)
    [(guest, feeling)], made = store(gather(incident.property, [guest], feeling_before))
    if any(guest.pk in (row.guest_id, row.guest.standing_id) for row in rows):
        raise malformed("guests", _("This guest is on the incident already."), code="duplicate")
    row = IncidentGuest(incident=incident, guest=guest, feeling_before=feeling)
    row.save(force_insert=True)
    save_next(
        incident,
        [*rows, row],
        actor=actor,
        verb="incident.guest_added",
        before=before,
        facts=told_of(made),
    )
    return row


def _require_not_void(incident):
    if incident.status == IncidentStatus.VOID:
        raise NotPossible("void", _("This incident is void: nothing about it changes any more."))


def _checked(incident, field, value):
    if field == "department":
        return checking.department(value, incident.property_id)
    if field in ("touchpoint", "category"):
        # One that has since gone out of use may stay where it is.
        stays = isinstance(value, Model) and value.pk == getattr(incident, f"{field}_id")
        return value if stays else checking.active(value, field)
    if field == "severity":
        return checking.severity(value)
    if field == "narrative":
        return checking.narrative(value)
    if field == "owner":
        return checking.owner(value, incident.property_id)
    if field == "kind":
        return checking.one_of(value, "kind", IncidentKind)
    return clock.as_utc(value, field)


def _check_moments(incident):
    checking.moments(incident.occurred_at, incident.reported_at, clock.now())
    first = incident.resolutions.order_by("resolved_at").first()
    if first is not None and incident.reported_at > first.resolved_at:
        raise malformed(
            "reported_at", _("Not later than it was resolved, %(at)s."), at=first.resolved_at.isoformat("T", "seconds")
        )


def _change_guests(incident, rows, changes):
    told = each_guest(rows, **changes)
    if incident.status != IncidentStatus.RESOLVED and any("outcome" in facts for _row, facts in told):
        raise NotPossible("not_resolved", _("The outcome is told when the incident is resolved."))
    for row, facts in told:
        for name, value in facts.items():
            setattr(row, name, value)
    IncidentGuest.objects.bulk_update(rows, GUEST_FACTS)
    if incident.status == IncidentStatus.RESOLVED:
        incident.outcome = Outcome.worst(row.outcome for row in rows)

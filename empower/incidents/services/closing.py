"""How an incident ends: resolved, opened again, void; and the contact afterwards."""

from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.audit.services import command, record_event
from empower.canonical import moment
from empower.refusals import NotPossible
from empower.staff.services import system_employee
from empower.texts import malformed

from ..models import FollowUp, Guest, IncidentGuest, IncidentStatus, Outcome, Resolution
from ..permissions import can_annul, can_close, can_follow_up, can_reopen
from . import checking
from .endings import GUEST_FACTS, each_guest
from .recording import guest_rows, lock, save_next, state_of


@command("incident.resolved", subject="incident")
def close_incident(
    *, actor, incident, outcome=None, feeling_after=None, guests=None, version=None, resolved_at=None
):  # fmt: skip
    """Resolve, without asking whether a spend waits: doors call `spending.services.resolve_incident`, which asks first.

    ``outcome``/``feeling_after`` for all, or ``guests``: [{"id": int, "outcome": str, "feeling_after": int|None}].
    Event ``incident.resolved``.

    A guest of whom nothing is told ends ``unknown``. By who works there, leaders and the system. ``resolved_at``, not
    before it was reported nor later than now, is for the import. NotPossible ``not_open``, ``stale``. ValidationError
    names ``outcome``, ``feeling_after``, ``guests`` or ``resolved_at``. Returns ``incident``, read anew.
    """
    checking.require(can_close, actor, incident, "elsewhere", _("You resolve what happened at your own property."))
    lock(incident)
    checking.require_version(incident, version)
    if incident.status != IncidentStatus.OPEN:
        raise NotPossible(
            "not_open",
            _("This incident is not open: it is %(status)s.") % {"status": incident.get_status_display()},
            state={"version": incident.version},
        )
    now = clock.now()
    resolved_at = now if resolved_at is None else clock.as_utc(resolved_at, "resolved_at")
    if not incident.reported_at <= resolved_at <= now:
        raise malformed("resolved_at", _("Not before it was reported, and not later than now."))
    rows = guest_rows(incident)
    before = state_of(incident, rows)
    for_all = {"outcome": Outcome.UNKNOWN if outcome is None else outcome}
    if feeling_after is not None:
        for_all["feeling_after"] = feeling_after
    for row, facts in each_guest(rows, guests=guests, **for_all):
        for name, value in facts.items():
            setattr(row, name, value)
    IncidentGuest.objects.bulk_update(rows, GUEST_FACTS)
    incident.status, incident.resolved_at = IncidentStatus.RESOLVED, resolved_at
    incident.outcome = Outcome.worst(row.outcome for row in rows)
    resolution = Resolution(
        incident=incident, resolved_at=resolved_at, resolved_by=actor, outcome=incident.outcome
    )  # fmt: skip
    resolution.save(force_insert=True)
    return save_next(
        incident,
        rows,
        actor=actor,
        verb="incident.resolved",
        before=before,
        facts={"resolution_id": resolution.pk},
    )


@command("incident.reopened", subject="incident")
def reopen_incident(*, actor, incident, reason="", version=None):
    """Open again; the resolution is kept. Event ``incident.reopened``.

    What its guests felt stays, how it ended for them is open again. By who works there, leaders and the system.
    NotPossible ``not_resolved``, ``stale``. Returns ``incident``, read anew.
    """
    checking.require(can_reopen, actor, incident, "elsewhere", _("You reopen what happened at your own property."))
    checking.reason(reason, required=False)
    lock(incident)
    checking.require_version(incident, version)
    _require_resolved(incident)
    rows = guest_rows(incident)
    before = state_of(incident, rows)
    for row in rows:
        row.outcome = ""
    IncidentGuest.objects.bulk_update(rows, ["outcome"])
    resolution = incident.resolutions.filter(reopened_at=None).last()
    if resolution is not None:
        resolution.reopened_at, resolution.reopened_by = clock.now(), actor
        resolution.reopen_reason = reason
        resolution.save(update_fields=["reopened_at", "reopened_by", "reopen_reason"])
    incident.status, incident.resolved_at, incident.outcome = IncidentStatus.OPEN, None, ""
    return save_next(
        incident,
        rows,
        actor=actor,
        verb="incident.reopened",
        before=before,
        facts={"resolution_id": resolution and resolution.pk},
    )


@command("incident.voided", subject="incident")
def annul_incident(*, actor, incident, reason, version=None):
    """Void, without asking what stands on it: doors call `spending.services.void_incident`. Event ``incident.voided``.

    By a manager of the property, who recorded or owns it, leaders and the system. For good. NotPossible
    ``already_void``, ``stale``. ValidationError ``reason`` when there is none. Returns ``incident``, read anew.
    """
    checking.require(
        can_annul, actor, incident, "void", _("A manager, or who recorded the incident, can make it void.")
    )
    checking.reason(reason)
    lock(incident)
    checking.require_version(incident, version)
    if incident.status == IncidentStatus.VOID:
        raise NotPossible("already_void", _("This incident is void already."), state={"version": incident.version})
    rows = guest_rows(incident)
    before = state_of(incident, rows)
    incident.status, incident.void_reason = IncidentStatus.VOID, reason
    return save_next(incident, rows, actor=actor, verb="incident.voided", before=before)


@command("incident.followed_up", subject="incident")
def record_follow_up(*, actor, incident, guest, channel="in_person", contacted_at=None, note=""):
    """A contact with the guest after the resolution. Event ``incident.followed_up``.

    By who works there, leaders and the system. NotPossible ``not_resolved``. ValidationError names ``guest`` (not on
    the incident), ``channel``, ``contacted_at`` (before the resolution, or to come) or ``note``. Returns the FollowUp.
    """
    checking.require(
        can_follow_up, actor, incident, "elsewhere", _("You follow up what happened at your own property.")
    )
    checking.one_of(channel, "channel", FollowUp.Channel)
    checking.reason(note, "note", required=False)
    checking.row(guest, Guest, "guest")
    lock(incident)
    _require_resolved(incident)
    if not any(guest.pk in (row.guest_id, row.guest.standing_id) for row in guest_rows(incident)):
        raise malformed("guest", _("This guest is not on the incident."))
    now = clock.now()
    contacted_at = now if contacted_at is None else clock.as_utc(contacted_at, "contacted_at")
    if not incident.resolved_at <= contacted_at <= now:
        raise malformed("contacted_at", _("After the resolution, and not later than now."))
    follow_up = FollowUp(
        incident=incident,
        guest=guest,
        employee=actor or system_employee(),
        channel=channel,
        contacted_at=contacted_at,
        recorded_at=now,
        note=note,
    )
    follow_up.save(force_insert=True)
    record_event(
        actor=actor,
        verb="incident.followed_up",
        subject=incident,
        property_id=incident.property_id,
        after={
            "follow_up_id": follow_up.pk,
            "guest_id": guest.pk,
            "channel": str(channel),
            "contacted_at": moment(contacted_at),
        },
    )
    return follow_up


def _require_resolved(incident):
    if incident.status != IncidentStatus.RESOLVED:
        raise NotPossible(
            "not_resolved",
            _("This incident is not resolved: it is %(status)s.") % {"status": incident.get_status_display()},
            state={"version": incident.version},
        )

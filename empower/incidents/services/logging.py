"""Something happened: it is written down."""

from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.audit.services import command, record_event
from empower.texts import as_sent

from ..models import Incident, IncidentGuest, IncidentKind
from ..permissions import can_log
from . import checking
from .people import gather, store, told_of
from .recording import state_of


@command("incident.logged", subject="property")
def log_incident(
    *, actor, property, guests, kind="recovery", department=None, category=None, touchpoint=None, severity=2,
    narrative="", occurred_at=None, reported_at=None, feeling_before=None, owner=None, external_id="",
):  # fmt: skip
    """Record what happened. ``guests``: Guest rows, or dicts {name, room, arrival, departure, feeling_before} to create.

    ``occurred_at`` and ``reported_at`` default to now (reported defaults to now, occurred to reported). Narrative is
    kept as sent. ValidationError names the field. Event ``incident.logged``.

    By who works at the property, leaders and the system. A dict may also have ``kind`` "colleague" and ``colleague``,
    an Employee, whose record is taken where there is one. A merged guest stands for the one it was merged into. The
    owner is the actor, if not told. Four queries, one more when guests are created, up to four for each colleague.
    """
    property_id = property.pk
    checking.require(
        can_log, actor, property_id, "elsewhere", _("You log what happens at your own property.")
    )  # fmt: skip
    now = clock.now()
    reported_at = now if reported_at is None else reported_at
    occurred_at = reported_at if occurred_at is None else occurred_at
    occurred_at, reported_at = checking.moments(occurred_at, reported_at, now)
    incident = Incident(
        kind=checking.one_of(kind, "kind", IncidentKind),
        property=property,
        department=checking.department(department, property_id),
        touchpoint=checking.active(touchpoint, "touchpoint"),
        category=checking.active(category, "category"),
        severity=checking.severity(severity),
        owner=checking.owner(owner, property_id) or actor,
        narrative=checking.narrative(narrative),
        occurred_at=occurred_at,
        reported_at=reported_at,
        recorded_at=now,
        recorded_by=actor,
        external_id=as_sent(external_id, "external_id", longest=200),
    )
    people, made = store(gather(property, guests, feeling_before))
    incident.save(force_insert=True)
    rows = IncidentGuest.objects.bulk_create(
        IncidentGuest(incident=incident, guest=guest, feeling_before=feeling) for guest, feeling in people
    )
    record_event(
        actor=actor,
        verb="incident.logged",
        subject=incident,
        property_id=property_id,
        after=state_of(incident, rows),
        facts=told_of(made),
    )
    return incident

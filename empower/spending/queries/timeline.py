"""What happened on an incident, and what we did, in order of time."""

import json
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from empower.audit.models import AuditEvent
from empower.incidents.models import Category, IncidentKind, Touchpoint
from empower.staff.models import Department, Employee

from ..models import Reversal, Spend

#: What an event adds to the story that no row keeps: when a request ended, and by whom.
_TOLD_BY_EVENTS = {"spend.withdrawn": "withdrawn", "approval.expired": "expired"}
_CHANGES = {"incident.changed": "changed", "incident.guest_added": "guest_added"}

#: What of an incident changes: how it is called, and where its id is read from and looked up.
_FIELDS = {
    "kind": _("Kind"), "severity": _("Severity"), "category": _("Category"), "department": _("Department"),
    "touchpoint": _("Touchpoint"), "owner": _("Looked after by"), "narrative": _("Narrative"),
    "occurred_at": _("When it happened"), "reported_at": _("When we were told"), "feeling_before": _("Feeling before"),
    "feeling_after": _("Feeling after"), "outcome": _("Outcome"), "guests": _("Guests' feelings"),
}  # fmt: skip
_LOOKED_UP = {"category": Category, "department": Department, "touchpoint": Touchpoint, "owner": Employee}


@dataclass(frozen=True)
class Line:
    """One line: ``what`` it is chooses its words; the rest is there where it applies."""

    at: object
    what: str
    person: object = None
    spend: object = None
    approval: object = None
    note: object = None


@dataclass(frozen=True)
class Story:
    """The lines, and what stands in the end: what the guests saw and what it cost, minor units of one currency."""

    lines: list
    spends: list
    currency: str

    @property
    def seen(self):
        return sum(spend.standing_amount for spend in self.spends if spend.status == "posted")

    @property
    def cost(self):
        return sum(spend.standing_cost for spend in self.spends if spend.status == "posted")

    @property
    def anything_posted(self):
        return any(spend.status in ("posted", "reversed") for spend in self.spends)

    @property
    def waiting(self):
        return [spend for spend in self.spends if spend.status == "pending"]


def story_of(incident, *, user, with_changes=False):
    """The `Story` of an incident that ``user`` may see. Eight queries, however long it is; up to six more
    ``with_changes`` of what was written down of it.
    """
    spends = list(
        Spend.objects.told_on(incident, user)
        .select_related(
            "guest", "employee", "gesture", "policy", "given_by", "property",
            "approval__decided_by", "approval__question_by", "approval__named", "approval__employee",
        )
        .order_by("occurred_at", "pk")
    )  # fmt: skip
    lines = [
        Line(incident.occurred_at, "occurred"),
        Line(incident.reported_at, "reported"),
        Line(incident.recorded_at, "recorded", person=incident.recorded_by),
    ]
    for spend in spends:
        lines += _of_spend(spend)
    lines += _of_reversals(spends)
    lines += _of_events(spends)
    lines += _of_the_end(incident)
    if with_changes:
        lines += _of_changes(incident)
    # Python's sort is stable: what happened in the same instant stays in the order of cause.
    lines.sort(key=lambda line: line.at)
    return Story(lines=lines, spends=spends, currency=incident.property.currency)


def _of_spend(spend):
    approval = getattr(spend, "approval", None)
    if approval is None or approval.status in ("answered", "to_confirm", "confirmed", "denied"):
        yield Line(spend.posted_at or spend.occurred_at, "gave", person=spend.employee, spend=spend, approval=approval)
        if approval is not None and approval.decided_at:
            yield Line(approval.decided_at, approval.status, person=approval.decided_by, spend=spend, approval=approval)
        return
    yield Line(approval.requested_at, "asked", person=spend.employee, spend=spend, approval=approval)
    if approval.question:
        asked_at = approval.question_asked_at or approval.replied_at or approval.decided_at or approval.requested_at
        yield Line(asked_at, "question", person=approval.question_by, spend=spend, approval=approval)
    if approval.reply:
        yield Line(approval.replied_at, "reply", person=spend.employee, spend=spend, approval=approval)
    if approval.decided_at:
        yield Line(approval.decided_at, approval.status, person=approval.decided_by, spend=spend, approval=approval)


def _of_reversals(spends):
    """Each time something was taken back, whole or in part. One query."""
    by_id = {spend.pk: spend for spend in spends}
    for reversal in Reversal.objects.filter(spend__in=by_id).select_related("reversed_by"):
        yield Line(
            reversal.reversed_at,
            "reversed",
            person=reversal.reversed_by,
            spend=by_id[reversal.spend_id],
            note=reversal,
        )


def _of_events(spends):
    """Withdrawals and expiries. The spends were visible, so their story is. Two queries."""
    by_id = {spend.pk: spend for spend in spends}
    events = list(
        AuditEvent.objects.filter(
            subject_type="spend", subject_id__in=by_id, verb__in=_TOLD_BY_EVENTS, outcome="accepted"
        ).order_by("pk")
    )
    people = Employee.objects.in_bulk({event.actor_id for event in events if event.actor_id})
    for event in events:
        yield Line(
            event.at, _TOLD_BY_EVENTS[event.verb], person=people.get(event.actor_id), spend=by_id[event.subject_id]
        )


def _of_the_end(incident):
    for resolution in incident.resolutions.select_related("resolved_by", "reopened_by"):
        yield Line(resolution.resolved_at, "resolved", person=resolution.resolved_by, note=resolution)
        if resolution.reopened_at:
            yield Line(resolution.reopened_at, "reopened", person=resolution.reopened_by, note=resolution)
    photos = incident.photos.standing().without_pictures().select_related("taken_by", "incident__property")
    for photo in photos:
        yield Line(photo.recorded_at, "photo", person=photo.taken_by, note=photo)
    for follow_up in incident.follow_ups.select_related("employee", "guest"):
        yield Line(follow_up.contacted_at, "followed_up", person=follow_up.employee, note=follow_up)
    if incident.status == "void":
        yield Line(incident.updated_at, "void")


def _of_changes(incident):
    """Who changed what of the incident: codes and names from before to after; of words only that they were changed."""
    events = AuditEvent.objects.filter(
        subject_type="incident", subject_id=incident.pk, verb__in=_CHANGES, outcome="accepted"
    ).order_by("pk")
    told = [(event, json.loads(event.body)) for event in events]
    people = Employee.objects.in_bulk({event.actor_id for event, _body in told if event.actor_id})
    names = {
        field: model.objects.in_bulk(_ids(told, field)) for field, model in _LOOKED_UP.items() if _ids(told, field)
    }
    for event, body in told:
        changes = []
        for field in (body["facts"] or {}).get("fields", []):
            before, after = (_said(state or {}, field, names) for state in (body["before"], body["after"]))
            changes.append((_FIELDS.get(field, field), before, after))
        yield Line(event.at, _CHANGES[event.verb], person=people.get(event.actor_id), note=changes)


def _ids(told, field):
    states = [state or {} for _event, body in told for state in (body["before"], body["after"])]
    return {state[f"{field}_id"] for state in states if state.get(f"{field}_id")}


def _said(state, field, names):
    """How a state says a field; None where it holds no word of it."""
    if field in names:
        return str(names[field].get(state.get(f"{field}_id"), "")) or _("none")
    if field == "kind":
        return IncidentKind(state["kind"]).label if state.get("kind") else None
    return state.get("severity") if field == "severity" else None

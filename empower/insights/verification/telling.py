"""What the audit log tells of spends, as streams in the order of the spends."""

import json

from django.db.models import Max

from empower.audit.models import AuditEvent
from empower.spending.models import Spend

from .faults import CHUNK, Fault, side_by_side

#: The columns of a spend that no command changes without saying so in its event.
COMPARED = (
    "status", "amount", "cost", "currency", "reversed_amount", "reversed_cost", "judged_as", "limit_in_force", "version",
)  # fmt: skip
_IDS = ("incident", "guest", "employee", "property", "gesture", "policy")
_CREDIT = "credit.imported"


def decisions():
    """(spend, (actor, role)) of each accepted approval, in the order of the spends. One query, streamed."""
    events = (
        AuditEvent.objects.filter(verb="spend.approved", subject_type="spend", outcome=AuditEvent.Outcome.ACCEPTED)
        .order_by("subject_id", "pk")
        .values_list("subject_id", "actor_id", "body")
        .iterator(chunk_size=CHUNK)
    )
    last = None
    for spend, actor, body in events:
        if spend != last:
            yield spend, (actor, json.loads(body)["role"] or "")
        last = spend


def spends_are_as_the_log_tells():
    """Each spend is as the last event about it left it; one that no service made or changed is found here.

    Two queries: the log's credits, which each tell of the spends they took from, are kept in memory, the rest streamed.
    """
    credited = _after_credits()
    columns = (*COMPARED, *(f"{name}_id" for name in _IDS))
    spends = (
        (row[0], row[1:]) for row in Spend.objects.order_by("pk").values_list("pk", *columns).iterator(chunk_size=CHUNK)
    )
    for pk, mine, told in side_by_side(spends, _last_told()):
        if mine is None:
            return Fault("spend_missing", f"The audit log tells of a spend {pk}, which there is not.")
        event, state = max(filter(None, [told, credited.get(pk)]), key=lambda one: one[0], default=(None, None))
        if state is None:
            return Fault("spend_without_event", f"The audit log has no accepted event of spend {pk}.")
        for name, value in zip((*COMPARED, *_IDS), mine, strict=True):
            if state.get(name) != value:
                return Fault(
                    "out_of_band_write",
                    f"Spend {pk} has {name} {value!r}; the last event about it, {event}, left it at {state.get(name)!r}.",
                )
    return None


def _last_told():
    """(spend, (event, state)) of the last accepted event about each spend."""
    last = (
        AuditEvent.objects.filter(subject_type="spend", outcome=AuditEvent.Outcome.ACCEPTED, subject_id__isnull=False)
        .order_by()
        .values("subject_id")
        .annotate(last=Max("pk"))
        .values("last")
    )
    events = (
        AuditEvent.objects.filter(pk__in=last)
        .order_by("subject_id")
        .values_list("subject_id", "pk", "body")
        .iterator(chunk_size=CHUNK)
    )
    for spend, pk, body in events:
        yield spend, (pk, ((json.loads(body).get("after") or {}).get("spend")) or {})


def _after_credits():
    found = {}
    events = AuditEvent.objects.filter(verb=_CREDIT, outcome=AuditEvent.Outcome.ACCEPTED).order_by("pk")
    for pk, body in events.values_list("pk", "body").iterator(chunk_size=CHUNK):
        for one in json.loads(body)["after"].get("reversed") or ():
            found[one["spend"]["id"]] = pk, one["spend"]
    return found

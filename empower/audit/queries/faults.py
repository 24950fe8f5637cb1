"""What is wrong with the events and their positions, by themselves: no tree and no signature is asked."""

from json import JSONDecodeError, loads

from empower.canonical import moment

from ..models import AuditEvent, Position, Unsealed
from ..proof.merkle import leaf_hash


def first_fault(*, since=0):
    """The first thing found wrong in the log, as (name, sentence), or None. Reads only, in constant memory.

    Names: ``position_gap``, ``event_altered``, ``event_unplaced``, ``event_placed_and_queued``. ``since`` starts the
    re-hashing at that position; the queue, and that no event is without a place, are looked at whole.
    """
    return describe_gaps(since=since) or _altered(since) or _misplaced()


def describe_gaps(*, since=0):
    """The first position that is missing from ``since`` on, as (name, sentence), or None."""
    expected = since
    positions = Position.objects.filter(position__gte=since).order_by("position").values_list("position", flat=True)
    for position in positions.iterator(chunk_size=5000):
        if position != expected:
            return "position_gap", f"Position {expected} of the audit log is missing: the next one is {position}."
        expected = position + 1
    if since and expected == since and not Position.objects.filter(position=since - 1).exists():
        return "position_gap", f"The audit log ends before position {since - 1}."
    return None


def _altered(since):
    for events, place in (
        (AuditEvent.objects.since(since), lambda event: f"position {event.position.position}"),
        (AuditEvent.objects.unsealed(), lambda event: "the queue"),
    ):
        for event in events.iterator(chunk_size=500):
            difference = _difference(event)
            if difference:
                return ("event_altered", f"Event {event.pk}, at {place(event)} of the audit log: {difference}.")
    return None


def _difference(event):
    """What in this row does not agree with its digest or its body; None when all does."""
    if leaf_hash(event.body.encode()).hex() != event.digest:
        return "its body does not hash to its digest"
    try:
        body = loads(event.body)
        told = {
            "at": body["at"],
            "actor_id": body["actor"],
            "verb": body["verb"],
            "outcome": body["outcome"],
            "subject_type": body["subject"]["type"],
            "subject_id": body["subject"]["id"],
            "property_id": body["property"],
            "about_id": body["about"],
        }
    except (JSONDecodeError, KeyError, TypeError):
        return "its body is not that of an event"
    for column, value in told.items():
        stored = moment(event.at) if column == "at" else getattr(event, column)
        if stored != value:
            return f"its {column} is not what its body says"
    return None


def _misplaced():
    unplaced, unqueued = {"position__isnull": True}, {"unsealed__isnull": True}
    lost = AuditEvent.objects.filter(**unplaced, **unqueued).order_by("pk").first()
    if lost is not None:
        return "event_unplaced", f"Event {lost.pk} has no position and is not in the queue."
    twice = Unsealed.objects.filter(event__position__isnull=False).order_by("event_id").first()
    if twice is not None:
        return "event_placed_and_queued", f"Event {twice.event_id} has a position and is in the queue as well."
    return None
